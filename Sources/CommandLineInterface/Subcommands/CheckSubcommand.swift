import AdaptiveCore
import ArgumentParser
import Delegation
import Evaluators
import Foundation
import Learners
import NodeRuntime

/// Everything that `run` does before it computes, one point, and the tree that would be formed.
struct CheckSubcommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Check a campaign file and its function, without sampling.",
    discussion: """
      Reads the campaign file, loads the function, evaluates one point, and draws the tree that \
      ranks would form. Writes nothing.

      EXAMPLES
        adaptive-mpi check campaign.yaml
        adaptive-mpi check campaign.yaml --ranks 512 --per-node 128
      """)

  @OptionGroup var options: CampaignOptions

  @Option(help: "Draw the tree of this many ranks; by default as many as there are cores.")
  var ranks: Int?

  @Option(name: .customLong("per-node"), help: "Ranks on one node; by default all.")
  var ranksPerNode: Int?

  func validate() throws {
    if let ranks, !(1...Limits.ranksMax).contains(ranks) {
      throw ValidationError("--ranks: found \(ranks); allowed: 1 to \(Limits.ranksMax)")
    }
    if let ranksPerNode, !(1...Limits.ranksMax).contains(ranksPerNode) {
      throw ValidationError("--per-node: found \(ranksPerNode); allowed: 1 to \(Limits.ranksMax)")
    }
  }

  func run() throws {
    guard Launcher().isSpeaker else { return }
    let campaign = try options.read()
    for line in facts(campaign) { Console.show(line) }
    Console.show("")
    Console.show(try campaign.conduct.team == nil ? pointLine(campaign) : teamLine(campaign))
    Console.show("")
    let rankCount =
      ranks ?? Launcher().rankCount ?? ProcessInfo.processInfo.activeProcessorCount
    let perNode = min(rankCount, ranksPerNode ?? rankCount)
    Console.show("tree of \(rankCount) ranks, \(perNode) a node:")
    let topology = campaign.tree.topology(
      rankCount: rankCount, ranksPerNode: perNode, learnerCount: campaign.learners.count,
      team: campaign.conduct.team)
    // Ranks are taken to be placed node by node.
    let teams = try campaign.conduct.teams(
      in: topology, nodeOfRank: (0..<rankCount).map { $0 / perNode }
    ).get()
    for line in TreePicture.lines(topology, teams) { Console.show(line) }
  }

  private func facts(_ campaign: Campaign) -> [String] {
    let names = campaign.learners.prefix(6).map(\.name).joined(separator: ", ")
    let rest = campaign.learners.count - 6
    return [
      "campaign   \(campaign.name) (\(options.campaign))",
      "directory  \(campaign.directory)",
      "function   \(campaign.function.text)",
      "learners   \(campaign.learners.count): \(names)\(rest > 0 ? ", … and \(rest) more" : "")",
      "goal       \(campaign.goal.text)",
      "seed       \(campaign.seed)",
    ]
  }

  /// Evaluates the first point that the first learner asks for.
  func pointLine(_ campaign: Campaign, team: TeamPlace? = nil) throws(EarlyEnd) -> String {
    var circumstances = WorkerPlan.Circumstances(
      rank: 0, rankCount: 1, conduct: campaign.conduct, runDirectory: nil)
    circumstances.team = team
    var function = try FunctionEvaluator(campaign.function, circumstances)
    do {
      try function.setUp(campaign.learners)
    } catch {
      throw EarlyEnd(.campaignWrong, "\(error)")
    }
    defer { function.tearDown() }
    let point = try firstPoint(of: campaign.learners[0])
    var batch = EvaluationBatch(learner: LearnerIndex(0), count: 1, points: point)
    let clock = MonotonicClock()
    let start = clock.now()
    function.evaluate(&batch)
    let seconds = Numbers.loss((clock.now() - start).seconds)
    let subject = "one point of \(campaign.learners[0].name): f(\(text(point)))"
    if let failure = batch.failures.first?.failure {
      throw EarlyEnd(
        .functionFailsEverywhere, "\(subject) failed (\(failure.kind)): \(failure.text)")
    }
    return "\(subject) = \(text(batch.values)) in \(seconds) s"
  }

  private func firstPoint(of learner: LearnerDefinition) throws(EarlyEnd) -> [Double] {
    do {
      var asked = PointBuffer(dimension: learner.kind.dimension)
      var improvements: [Double] = []
      var learner = try CampaignLearner(learner)
      learner.ask(1, appendingTo: &asked, improvements: &improvements)
      return asked.doubles
    } catch {
      throw EarlyEnd(.campaignWrong, "\(error)")
    }
  }

  private func text(_ numbers: [Double]) -> String {
    let shown = numbers.prefix(4).map { "\($0)" }.joined(separator: ", ")
    return numbers.count > 4 ? "\(shown), … (\(numbers.count) numbers)" : shown
  }
}
