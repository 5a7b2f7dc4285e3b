package import AdaptiveCore

/// What a function may do, and how it is kept apart from the rank that evaluates it.
package struct FunctionConduct: Sendable, Equatable {
  /// Where a library's function runs.
  package enum Isolation: String, Sendable, CaseIterable {
    /// As measured: in a process of its own unless points are shorter than
    /// ``Limits/isolationPays``.
    case automatic = "auto"
    /// In a process of its own.
    case process
    /// In the rank's process.
    case none
  }

  package var isolation = Isolation.automatic

  /// How long a point may take; nil: for ever.
  package var timeout: TimeSpan?

  /// A process that holds more is replaced between points; nil: any.
  package var residentBytesMax: Int?

  /// Threads that the function may use on each leaf; nil: what the environment says, or 1.
  package var threads: Int?

  /// Variables that the function's process gets beside what is inherited.
  package var environment: [EnvironmentVariable] = []

  /// A program and its arguments, run once on each node before any leaf there is set up; empty for
  /// none.
  package var nodeSetUp: [String] = []

  /// Ranks that evaluate each point together, by MPI; nil: every leaf by itself.
  package var team: Team?

  package struct Team: Sendable, Equatable {
    /// Ranks in a team.
    package var size: Int
    /// A team's ranks need not be on one node.
    package var spansNodes: Bool
    /// Ranks in a team for each learner, where they differ; empty where all have ``size``.
    package var learnerSizes: [Int] = []

    package init(size: Int, spansNodes: Bool = false) {
      self.size = size
      self.spansNodes = spansNodes
    }

    /// The sizes that there are, each once, in the order in which learners have them. Where there
    /// are several, each is served by a root of its own.
    package var sizes: [Int] {
      var sizes: [Int] = []
      for size in learnerSizes where !sizes.contains(size) { sizes.append(size) }
      return sizes.isEmpty ? [size] : sizes
    }
  }

  package init() {}

  /// After what time a function in the rank's own process is given up, and the leaf with it; nil
  /// where a process beside it is ended instead.
  package var timeoutInProcess: TimeSpan? { isolation == .none ? timeout : nil }

  /// What the function's process finds set beside what it inherits.
  package func variables(inherited: [String]) -> [EnvironmentVariable] {
    ThreadCount.variables(threads, inherited: inherited).filter { count in
      !environment.contains { $0.name == count.name }
    } + environment
  }

  /// Whether a library must have a process of its own: what cannot be ended cannot be limited.
  package var needsProcess: Bool {
    isolation == .process
      || isolation == .automatic && (timeout != nil || residentBytesMax != nil)
  }
}

/// A variable of a process's environment.
package struct EnvironmentVariable: Sendable, Equatable {
  package var name: String
  package var value: String

  package init(name: String, value: String) {
    self.name = name
    self.value = value
  }
}

/// The variables by which threaded libraries learn how many threads to use.
package enum ThreadCount {
  package static let names = [
    "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS",
    "NUMEXPR_NUM_THREADS", "VECLIB_MAXIMUM_THREADS", "JULIA_NUM_THREADS",
  ]

  /// - Parameters:
  ///   - threads: nil leaves alone what is set, and sets 1 where nothing is.
  package static func variables(
    _ threads: Int?, inherited: [String]
  ) -> [EnvironmentVariable] {
    if let threads { return names.map { EnvironmentVariable(name: $0, value: "\(threads)") } }
    return names.filter { name in !inherited.contains { $0.hasPrefix(name + "=") } }
      .map { EnvironmentVariable(name: $0, value: "1") }
  }
}
