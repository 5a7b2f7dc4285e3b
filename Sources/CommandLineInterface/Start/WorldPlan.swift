package import AdaptiveCore
import Delegation
package import Evaluators
package import Learners

/// What rank 0 found in campaign and checkpoint and every rank needs: rank 0 alone reads files, and
/// broadcasts this.
package struct WorldPlan: Sendable, Equatable {
  package var learners: [LearnerDefinition]
  package var function: CampaignFunction
  package var conduct: FunctionConduct

  /// Whether the function runs, or may come to run, in the ranks' own processes.
  var runsInRank: Bool { function.runsInRank(conduct) }
  package var tree: Campaign.Tree

  /// The run directory, where leaves keep what their functions print.
  package var directory: String

  /// Which function and which build rank 0 has; every rank must find the same.
  package var functionIdentity: FunctionIdentity
  package var build: String

  /// What roots beside rank 0 need; nil where rank 0 is the only one.
  package var roots: Roots?

  /// What rank 0 has read for other roots.
  package struct Roots: Sendable, Equatable {
    /// The record with which rank 0 took the run directory.
    package var record: String
    /// The campaign file's content.
    package var campaign: String
    /// How long earlier worlds have run.
    package var elapsed: TimeSpan
    /// Pending points that may have ended earlier worlds, as their list is written down.
    package var suspects: String
    /// The world before may have died by the function.
    package var isCautious: Bool
  }

  package init(_ campaign: Campaign, functionIdentity: FunctionIdentity, build: String) {
    self.init(
      learners: campaign.learners, function: campaign.function, conduct: campaign.conduct,
      tree: campaign.tree, directory: campaign.directory, functionIdentity: functionIdentity,
      build: build)
  }

  private init(
    learners: [LearnerDefinition], function: CampaignFunction, conduct: FunctionConduct,
    tree: Campaign.Tree, directory: String, functionIdentity: FunctionIdentity, build: String,
    roots: Roots? = nil
  ) {
    self.learners = learners
    self.function = function
    self.conduct = conduct
    self.tree = tree
    self.directory = directory
    self.functionIdentity = functionIdentity
    self.build = build
    self.roots = roots
  }
}

/// The broadcast: a plan, or the error that rank 0 met instead.
extension WorldPlan {
  /// The bytes that ``decode(_:)`` reads.
  package static func encode(_ plan: Result<WorldPlan, EarlyEnd>) -> [UInt8] {
    var writer = PlanWriter()
    switch plan {
    case .failure(let error):
      writer.write(UInt8(0))
      writer.write(error.exitCode.rawValue)
      writer.write(error.detail)
    case .success(let plan):
      writer.write(UInt8(1))
      writer.write(plan.learners.count)
      for learner in plan.learners { writer.write(learner) }
      writer.write(plan.function)
      writer.write(plan.conduct)
      writer.write(plan.directory)
      writer.write(plan.tree.leavesPerSubmaster ?? -1)
      writer.write(plan.tree.levels ?? -1)
      writer.write(plan.functionIdentity.text)
      writer.write(plan.build)
      writer.write(plan.tree.roots)
      writer.write(UInt8(plan.roots == nil ? 0 : 1))
      if let roots = plan.roots {
        writer.write(roots.record)
        writer.write(roots.campaign)
        writer.write(roots.elapsed.nanoseconds)
        writer.write(roots.suspects)
        writer.write(UInt8(roots.isCautious ? 1 : 0))
      }
    }
    return writer.bytes
  }

  /// Reads what ``encode(_:)`` wrote, checking every length.
  package static func decode(
    _ bytes: [UInt8]
  ) throws(DecodingError) -> Result<WorldPlan, EarlyEnd> {
    // A closure of `withUnsafeBytes` cannot throw a type that it names, so the result is carried.
    let decoded = unsafe bytes.withUnsafeBytes {
      bytes -> Result<Result<WorldPlan, EarlyEnd>, DecodingError> in
      do throws(DecodingError) {
        var reader = unsafe ByteReader(bytes)
        let plan = try read(&reader)
        guard reader.remaining == 0 else {
          throw DecodingError("\(reader.remaining) bytes are left after the plan")
        }
        return .success(plan)
      } catch { return .failure(error) }
    }
    return try decoded.get()
  }

  private static func read(
    _ reader: inout ByteReader
  ) throws(DecodingError) -> Result<WorldPlan, EarlyEnd> {
    switch try reader.read(UInt8.self) {
    case 0:
      let code = try reader.read(Int32.self)
      guard let exitCode = ExitCode(rawValue: code) else {
        throw DecodingError("exit code \(code)")
      }
      return .failure(EarlyEnd(exitCode, try reader.readText()))
    case 1:
      let count = try reader.readCount(max: Limits.learnersMax)
      var learners: [LearnerDefinition] = []
      for _ in 0..<count { learners.append(try reader.readLearner()) }
      let function = try reader.readFunction()
      let conduct = try reader.readConduct()
      let directory = try reader.readText()
      let leaves = try reader.read(Int.self)
      let levels = try reader.read(Int.self)
      let identity = FunctionIdentity(text: try reader.readText())
      let build = try reader.readText()
      let tree = Campaign.Tree(
        leavesPerSubmaster: leaves < 1 ? nil : leaves, levels: levels < 0 ? nil : levels,
        roots: try reader.read(Int.self))
      return .success(
        WorldPlan(
          learners: learners, function: function, conduct: conduct, tree: tree,
          directory: directory, functionIdentity: identity, build: build,
          roots: try readRoots(&reader)))
    case let byte: throw DecodingError("plan begins with byte \(byte)")
    }
  }

  private static func readRoots(_ reader: inout ByteReader) throws(DecodingError) -> Roots? {
    guard try reader.read(UInt8.self) != 0 else { return nil }
    return Roots(
      record: try reader.readText(), campaign: try reader.readText(),
      elapsed: TimeSpan(nanoseconds: try reader.read(Int64.self)),
      suspects: try reader.readText(), isCautious: try reader.read(UInt8.self) != 0)
  }
}
