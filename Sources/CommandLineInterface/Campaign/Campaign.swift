package import AdaptiveCore
import CheckpointHDF5
package import Delegation
package import Evaluators
package import Learners

/// What a campaign file asks for, checked, with every default filled in.
package struct Campaign: Sendable, Equatable {
  package var name: String

  /// The run directory, which holds checkpoints and journal.
  package var directory: String

  /// Names differ; at least one.
  package var learners: [LearnerDefinition]

  package var function: CampaignFunction

  /// How the function is kept apart, and what it may take.
  package var conduct = FunctionConduct()

  /// Each learner is sampled until it has reached this.
  package var goal: Goal

  package var tree = Tree()
  package var checkpoint = Checkpoint()

  /// Which learner a root with several asks next.
  package var balancing = Balancing.cycle

  /// How often a failed point is tried again.
  package var retries = 1

  /// When the function is taken to fail everywhere, which ends a world.
  package var failureLimit = FailureLimit.inRow(100)

  /// Whether leaves without a point evaluate one that takes long a second time.
  package var duplicatesStragglers = false

  package var seed: UInt64 = 0

  /// How long one world may take; nil: as long as the batch system says, or for ever.
  package var walltime: TimeSpan?

  /// Whether the function can end the process of a rank, and with it the world.
  package var mayEndItsRank: Bool { function.runsInRank(conduct) }

  /// The shape of the tree; nil is left to ``Topology``.
  package struct Tree: Sendable, Equatable {
    package var leavesPerSubmaster: Int?
    package var levels: Int?
    /// How many roots share the learners, if there are enough of these and of ranks.
    package var roots = 1

    /// Roots that there may be: each has one shard of the learners at least.
    package func rootCount(learnerCount: Int) -> Int {
      min(roots, ShardMap(learnerCount: learnerCount).shardCount)
    }
  }

  /// When state becomes durable.
  package struct Checkpoint: Sendable, Equatable {
    /// Between snapshots; nil: from their cost and ``meanTimeBetweenFailures``.
    package var interval: TimeSpan?
    package var meanTimeBetweenFailures = TimeSpan(seconds: 86400)
    /// Between group commits of the journal.
    package var commit = Limits.commitInterval
    /// How long points that run may go on when the world is asked to stop.
    package var grace = TimeSpan(seconds: 30)
  }
}

/// Where the values come from.
package enum CampaignFunction: Sendable, Equatable {
  /// A shared library, by absolute path, and the function's name in it.
  case library(path: String, symbol: String)
  case python(PythonFunction)
  /// A function in Swift that this program brings with it, by its name.
  case swift(name: String)
  case program(ProgramSettings)
  /// A test function of this program, as the file spells it.
  case builtin(name: String, settings: [BuiltinFunction.Setting])

  /// Whether it runs, or may come to run, in the process of a rank.
  func runsInRank(_ conduct: FunctionConduct) -> Bool {
    switch self {
    case .library, .swift: !conduct.needsProcess
    case .python, .program, .builtin: false
    }
  }

  package static let defaultSymbol = "adaptive_mpi_function"

  /// For summaries: the library's path and symbol, or the built-in's name.
  package var text: String {
    switch self {
    case .library(let path, let symbol):
      symbol == Self.defaultSymbol ? path : "\(path), symbol \(symbol)"
    case .python(let function): function.text
    case .swift(let name): "swift \(name)"
    case .program(let settings): settings.command.joined(separator: " ")
    case .builtin(let name, _): "builtin \(name)"
    }
  }
}

extension PythonFunction {
  /// `peak.py, peak` or `module:function`.
  package var text: String {
    switch place {
    case .module(let module): "python \(module):\(name)"
    case .file(let path): "python \(path):\(name)"
    }
  }
}
