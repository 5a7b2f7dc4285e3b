import AdaptiveCore
import ArgumentParser
import Delegation
import Evaluators
import Simulation

/// What a world of many ranks would do, before an allocation is spent on it.
struct SimulateSubcommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "simulate",
    abstract: "Simulate a world of any size: busy leaves, root's load, points, core-hours.",
    discussion: """
      Plays root, sub-masters and leaves with the code that runs under mpirun, its learners and \
      messages, in virtual time on one core. What work, messages and waking cost comes from a \
      model: measured here, with published networks (--model), or of a file (docs/scaling.md). \
      Needs neither MPI nor ranks, runs no function and writes nothing. The same arguments and \
      seed give the same figures.

      EXAMPLES
        adaptive-mpi simulate campaign.yaml --ranks 51200 --per-node 128 \
      --seconds "lognormal(10, 0.5)"
        adaptive-mpi simulate campaign.yaml --per-node 128 --seconds 1 --points 1000000 \
      --sweep ranks=1024,4096,16384
        adaptive-mpi simulate campaign.yaml --ranks 4096 --per-node 64 --seconds "pareto(2, 1.5)" \
      --model infiniband --latency-factor 10 --json

      EXIT CODES
        0 simulated; 64 the command line is wrong; 66 a file is missing; 78 the campaign or the \
      model file is wrong.
      """)

  @OptionGroup var options: CampaignOptions

  @Option(help: "Ranks in the world, root and sub-masters included.")
  var ranks: Int?

  @Option(name: .customLong("per-node"), help: "Ranks on one node; by default all.")
  var ranksPerNode: Int?

  @Option(
    help: ArgumentHelp(
      "What a point costs: 10, \"lognormal(10, 0.5)\", \"pareto(10, 1.5)\" or "
        + "\"ramp(1, 100, -1, 1)\". By default what the campaign's built-in function costs.",
      valueName: "cost"))
  var seconds: String?

  @Option(
    help: ArgumentHelp(
      "What work and messages cost: slingshot, infiniband, two-cores, or a file.",
      valueName: "name or file"))
  var model = "slingshot"

  @Option(
    name: .customLong("latency-factor"),
    help: ArgumentHelp("Multiply every latency of the model.", valueName: "factor"))
  var latencyFactor = 1.0

  @Option(help: ArgumentHelp("End after this many points, whatever the goal.", valueName: "count"))
  var points: Int?

  @Option(help: ArgumentHelp("Cut the world off after this virtual time.", valueName: "time"))
  var duration: String?

  @Option(help: "Seeds what is drawn at random: costs, latencies, starts.")
  var seed: UInt64 = 1

  @Flag(help: "Print JSON, one line a world.")
  var json = false

  @Option(
    help: ArgumentHelp(
      "Simulate one world for each number of ranks.", valueName: "ranks=N,N,…"))
  var sweep: String?

  func validate() throws {
    guard (ranks == nil) != (sweep == nil) else {
      throw ValidationError(
        "found \(ranks == nil ? "neither" : "both") of --ranks and --sweep; "
          + "allowed: one of them")
    }
    for count in try rankCounts() + [ranksPerNode ?? 1]
    where !(1...Limits.simulatedRanksMax).contains(count) {
      throw ValidationError(
        "ranks: found \(count); allowed: 1 to \(Limits.simulatedRanksMax)")
    }
    if let seconds, PointCost(text: seconds) == nil {
      throw ValidationError(
        "--seconds: found '\(seconds.shortened)'; allowed: \(PointCost.textForms)")
    }
    guard latencyFactor > 0, latencyFactor <= 1e6 else {
      throw ValidationError("--latency-factor: found \(latencyFactor); allowed: up to 1e6, above 0")
    }
    if let points, points < 1 {
      throw ValidationError("--points: found \(points); allowed: 1 or more")
    }
    _ = try span()
  }

  private func rankCounts() throws -> [Int] {
    guard let sweep else { return [ranks ?? 1] }
    let counts = sweep.split(separator: "=", maxSplits: 1).last?.split(separator: ",") ?? []
    let numbers = counts.map { Int($0) }
    guard sweep.hasPrefix("ranks="), !numbers.isEmpty, !numbers.contains(nil) else {
      throw ValidationError("--sweep: found '\(sweep.shortened)'; allowed: ranks=1024,4096,…")
    }
    return numbers.compactMap(\.self)
  }

  private func span() throws -> TimeSpan? {
    guard let duration else { return nil }
    guard let span = TimeSpan(text: duration), span > .zero else {
      throw ValidationError(
        "--duration: found '\(duration.shortened)'; allowed: \(TimeSpan.textForms)")
    }
    return span
  }

  func run() throws {
    guard Launcher().isSpeaker else { return }
    let campaign = try options.read()
    let costs = try ClusterCostsReader.costs(model).withLatencies(times: latencyFactor)
    let cost = try pointCost(campaign)
    var rows: [SimulationTable.Row] = []
    for count in try rankCounts() {
      let request = SimulationRequest(
        campaign: campaign, rankCount: count, ranksPerNode: min(ranksPerNode ?? count, count),
        pointCost: cost, costs: costs, pointCountMax: points, duration: try span(), seed: seed)
      let result = try LongStep.run("simulating") { (step) throws(EarlyEnd) in
        try request.run { step.reached($0) }
      }
      let row = SimulationTable.Row(
        request: request, result: result, latencyFactor: latencyFactor)
      if json {
        Console.show(String(decoding: row.json.bytes.dropLast(), as: UTF8.self))
      } else if sweep == nil {
        for line in SimulationTable.lines(row) { Console.show(line) }
      }
      rows.append(row)
    }
    if sweep != nil, !json { for line in SimulationTable.lines(rows) { Console.show(line) } }
  }

  /// What the command line says, or else the campaign's built-in function.
  private func pointCost(_ campaign: Campaign) throws -> PointCost {
    if let seconds, let cost = PointCost(text: seconds) { return cost }
    if case .builtin(let name, let settings) = campaign.function {
      let cost = try BuiltinFunction(name: name, settings: settings).cost
      if cost.seconds > 0 {
        switch cost.distribution {
        case .fixed: return .constant(cost.seconds)
        case .logNormal(let sigma): return .logNormal(mean: cost.seconds, sigma: sigma)
        case .pareto(let alpha): return .pareto(mean: cost.seconds, alpha: alpha)
        }
      }
    }
    throw EarlyEnd(
      .usage,
      "--seconds is missing, and the campaign does not say what a point costs; allowed: "
        + PointCost.textForms)
  }
}
