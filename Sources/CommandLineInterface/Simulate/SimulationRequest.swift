import AdaptiveCore
import Delegation
import Evaluators
import Learners
import NodeRuntime
import Simulation

/// One world that is to be simulated.
struct SimulationRequest {
  var campaign: Campaign
  var rankCount: Int
  var ranksPerNode: Int
  var pointCost: PointCost
  var costs: ClusterCosts
  /// Points of all learners after which the world ends, whatever the goal.
  var pointCountMax: Int?
  /// Virtual time after which the world is cut off.
  var duration: TimeSpan?
  var keepsWaiting = true
  var seed: UInt64

  /// What is said of the function where its values are not the user's own; nil where they are.
  var standIn: String? {
    if case .builtin = campaign.function { return nil }
    return "its values are those of the built-in function peak"
  }

  /// Learner kinds whose cost is not known, and which are charged as 1d is.
  var kindsWithoutCost: [String] {
    let known = Set(costs.learners.map(\.kind))
    let kinds = Set(campaign.learners.map(\.kind.name)).subtracting(known)
    return LearnerKind.Name.allCases.filter { kinds.contains($0) }.map(\.rawValue)
  }
}

extension SimulationRequest {
  func run(_ tell: (_ share: String) -> Void) throws(EarlyEnd) -> SimulationResult {
    let cluster = SimulatedCluster(try plan(), campaign: try learners(), checker: nil)
    let end = duration.map { Instant.origin + $0 } ?? Instant(nanoseconds: .max / 2)
    var slice = TimeSpan.milliseconds(1)
    let clock = MonotonicClock()
    do throws(TransportError) {
      while true {
        let began = clock.now()
        let until = min(end, cluster.clock.instant + slice)
        switch try cluster.run(until: until, eventsMax: .max / 2) {
        case .ended: return cluster.result
        case .goingOn where until == end: return cluster.result
        case .goingOn: break
        case .stuck:
          throw TransportError(operation: "simulate", detail: "every rank waits for another")
        }
        // How much virtual time is worth a look changes nothing but when the next look is.
        let took = (clock.now() - began).seconds
        if took < 0.05 { slice = TimeSpan(nanoseconds: slice.nanoseconds * 2) }
        if took > 0.2 { slice = TimeSpan(nanoseconds: max(1, slice.nanoseconds / 2)) }
        tell(progress(cluster))
      }
    } catch {
      throw EarlyEnd(.crashed, error.description)
    }
  }

  private func learners() throws(EarlyEnd) -> CampaignState {
    do throws(LearnerError) {
      return try CampaignState(campaign.learners)
    } catch {
      throw EarlyEnd(.campaignWrong, error.detail)
    }
  }

  private func progress(_ cluster: SimulatedCluster) -> String {
    let mark = cluster.meter.marked(at: cluster.clock.instant)
    return "\(Numbers.grouped(rankCount)) ranks: \(Numbers.grouped(mark.toldCount)) points in "
      + "\((mark.at - .origin).text) of their time"
  }

  private func plan() throws(EarlyEnd) -> SimulatedCluster.Plan {
    if let team = campaign.conduct.team {
      throw EarlyEnd(
        .campaignWrong,
        """
        function.team: found \(team.size); 'simulate' knows no teams: leave 'team' out, and \
        simulate a rank for each team
        """)
    }
    let topology = Topology(
      rankCount: rankCount, ranksPerNode: ranksPerNode,
      leavesPerSubmaster: campaign.tree.leavesPerSubmaster, levels: campaign.tree.levels,
      roots: campaign.tree.rootCount(learnerCount: campaign.learners.count))
    var root = RootMachine.Plan(
      learners: campaign.learners.map {
        RootMachine.LearnerPlan(dimension: $0.kind.dimension, goal: goal)
      }, retries: campaign.retries, grace: campaign.checkpoint.grace,
      failureLimit: campaign.failureLimit, elapsedBefore: .zero)
    root.balancing = campaign.balancing
    root.duplicatesStragglers = campaign.duplicatesStragglers
    var plan = SimulatedCluster.Plan(
      topology: topology, root: root, function: try function(), seed: seed)
    plan.ranksPerNode = ranksPerNode
    plan.checkpoints = CheckpointPolicy.Plan(
      interval: campaign.checkpoint.interval,
      meanTimeBetweenFailures: campaign.checkpoint.meanTimeBetweenFailures,
      commitInterval: campaign.checkpoint.commit)
    plan.costs = costs
    plan.store.keepsEntries = false
    plan.keepsWaiting = keepsWaiting
    plan.leavesReportOnTime = false
    return plan
  }

  private var goal: Goal {
    guard let pointCountMax else { return campaign.goal }
    let each = (pointCountMax + campaign.learners.count - 1) / campaign.learners.count
    return .any([campaign.goal, .npoints(each)])
  }

  /// The campaign's built-in function, or a peak in its place.
  private func function() throws(EarlyEnd) -> SimulatedFunction {
    do throws(FunctionError) {
      var builtin = BuiltinFunction(.peak)
      var parameters = campaign.learners.map { _ in [LearnerDefinition.Parameter]() }
      if case .builtin(let name, let settings) = campaign.function {
        builtin = try BuiltinFunction(name: name, settings: settings)
        parameters = campaign.learners.map(\.parameters)
      }
      var arguments: [BuiltinFunction.Arguments] = []
      for parameters in parameters { arguments.append(try builtin.arguments(for: parameters)) }
      let counts = campaign.learners.map(\.valueCount)
      return SimulatedFunction(pointCost) { [builtin, arguments] learner, point, values in
        let value = builtin.value(at: point, arguments[learner.position])
        for component in 0..<counts[learner.position] {
          values.append(value * Double(1 + component))
        }
      }
    } catch {
      throw EarlyEnd(.campaignWrong, "\(error)")
    }
  }
}
