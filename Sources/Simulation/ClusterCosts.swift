package import Learners

/// What things cost on some cluster, in seconds: what a simulated world has to know of a real one.
///
/// A message that is sent at t arrives at t + send + bytes / bandwidth + latency, and costs its
/// receiver a look and its bytes: LogGP (Alexandrov, Ionescu, Schauser and Scheiman, SPAA 1995).
package struct ClusterCosts: Sendable, Equatable {
  /// The way of a message from one rank to another.
  package struct Link: Sendable, Equatable {
    /// Median of the time from the end of a send to the arrival, of a message without bytes.
    package var latency: Double
    /// Standard deviation of the latency's logarithm.
    package var spread: Double
    package var bytesPerSecond: Double

    package init(latency: Double, spread: Double = 0, bytesPerSecond: Double) {
      self.latency = latency
      self.spread = spread
      self.bytesPerSecond = bytesPerSecond
    }
  }

  /// What a role's own work costs its core.
  package struct Processing: Sendable, Equatable {
    /// A message sent, and a message received, whatever it holds.
    package var send = 0.0
    package var receive = 0.0
    /// A byte of a message at either end: coding, and the machine's work on the point in it.
    package var byte = 0.0
    /// A turn of the loop.
    package var turn = 0.0

    package init() {}
  }

  /// What a point costs a learner, its losses and its share of the root's bookkeeping included.
  package struct LearnerCost: Sendable, Equatable {
    package var kind: LearnerKind.Name
    package var ask: Double
    package var tell: Double

    package init(_ kind: LearnerKind.Name, ask: Double, tell: Double) {
      self.kind = kind
      self.ask = ask
      self.tell = tell
    }
  }

  /// What saving costs the root's core.
  package struct Journal: Sendable, Equatable {
    /// A step appended.
    package var record = 0.0
    /// A group commit handed over.
    package var commit = 0.0
    /// A known point, when a snapshot is begun.
    package var snapshotPoint = 0.0

    package init() {}
  }

  /// How long it takes until a rank that sleeps acts.
  package struct Waking: Sendable, Equatable {
    /// From the ring of its doorbell, by a rank of its node.
    package var ring = 0.0
    /// From one thread of a leaf to the other: to the function, and back from it.
    package var thread = 0.0
    /// How long a loop goes on looking before it sleeps, on a core that it has to itself.
    package var spin = 0.0
    /// Whether a loop that sleeps and cannot be rung looks only now and then, as real ones do.
    package var polls = false

    package init() {}
  }

  package var name: String
  /// Where the numbers come from.
  package var source: String
  package var withinNode: Link
  package var betweenNodes: Link
  package var processing = Processing()
  /// By kind; a kind that is missing costs what ``LearnerKind/Name/oneDimensional`` does.
  package var learners: [LearnerCost] = []
  package var journal = Journal()
  package var waking = Waking()
  /// Ranks start within this time of each other.
  package var startSpread = 0.0
  /// Cores that the ranks of a node share; nil where each has its own.
  package var coresPerNode: Int?

  package init(name: String, source: String, withinNode: Link, betweenNodes: Link) {
    self.name = name
    self.source = source
    self.withinNode = withinNode
    self.betweenNodes = betweenNodes
  }
}

extension ClusterCosts {
  /// Nothing costs anything but a turn, and all messages take about equally long.
  package static func onlyLatency(_ latency: Double, spread: Double = 0.2) -> ClusterCosts {
    let link = Link(latency: latency, spread: spread, bytesPerSecond: .infinity)
    var costs = ClusterCosts(
      name: "latency", source: "nothing costs anything but time under way", withinNode: link,
      betweenNodes: link)
    costs.processing.turn = 1e-6
    return costs
  }

  /// What a point of that kind of learner costs; nil where the kind is not known.
  package func learner(_ kind: LearnerKind.Name) -> LearnerCost? {
    learners.first { $0.kind == kind } ?? learners.first { $0.kind == .oneDimensional }
  }

  /// The same with all latencies longer by a factor.
  package func withLatencies(times factor: Double) -> ClusterCosts {
    var costs = self
    costs.withinNode.latency *= factor
    costs.betweenNodes.latency *= factor
    return costs
  }
}
