import AdaptiveCore
import Delegation
import Evaluators
import MPI
import NodeRuntime

/// What one rank has to do with the teams of its world.
struct TeamRole {
  let teams: Teams

  /// The rank's own team, or the one whose leader looks after it; nil for a root or sub-master.
  private let team: Teams.Team?
  private let rank: Rank

  /// Where the rank stands in its team, as the function is told it.
  let place: TeamPlace?

  /// Makes the communicators of all teams, one each; nil where there are no teams. *Collective*,
  /// over the world.
  ///
  /// They are the functions' own: nothing of ours passes over them, and errors on them end the
  /// world as they do for a program that asks for nothing else.
  init?(
    _ teams: Teams?, in topology: Topology, on world: borrowing Communicator
  ) throws(MPIError) {
    guard let teams else { return nil }
    let rank = Rank(world.rank)
    self.teams = teams
    self.rank = rank
    let isLeaf = topology.isSingle || topology.role(of: rank) == .leaf
    let team = isLeaf ? teams.team(of: rank) : nil
    self.team = team
    let isMember = team?.members.contains(rank) == true
    let communicator = try world.split(
      color: isMember ? team?.leader.number : nil, key: world.rank)
    guard let communicator else {
      place = nil
      return
    }
    try communicator.endWorldOnErrors()
    // Kept until MPI ends: freeing it would be one more call that all members must make together.
    place = TeamPlace(
      rank: communicator.rank, size: communicator.size,
      communicator: communicator.fortranHandle)
  }

  var isLeader: Bool { team?.leader == rank }

  /// A leaf rank that is in no team.
  var isIdle: Bool { team != nil && place == nil }

  var leader: Rank { team!.leader }

  /// What a leader needs to lead.
  var lead: TeamLead? {
    guard let team, isLeader else { return nil }
    return TeamLead(members: Array(team.members.dropFirst()), idle: team.idle)
  }

  /// Ranks outside the tree that this one hears from.
  var peers: [Rank] {
    guard let team else { return [] }
    return isLeader ? Array(team.members.dropFirst()) + team.idle : [team.leader]
  }
}
