import AdaptiveCore

/// The roots whose child a node was before, and which still wait for answers from it.
///
/// A node that is sent to another root goes on with the points of the one before: their ids tell
/// whose they are. No root is a node's parent twice.
struct FormerParents: Sendable {
  struct Former: Sendable {
    let rank: Rank
    /// Its number in the ids of its points.
    let root: Int
    /// Points that it has yet to hear of.
    var owedCount: Int
    /// Answers that wait to be sent to it.
    var results = ResultBatch()
  }

  private(set) var all: [Former] = []

  var isEmpty: Bool { all.isEmpty }

  /// Points that are held here for them.
  var owedCount: Int { all.reduce(0) { $0 + $1.owedCount } }

  mutating func append(_ former: Former) { all.append(former) }

  /// The rank that waits for the answer to a point; nil if that is the parent of now.
  func rank(of id: PointID) -> Rank? { all.first { $0.root == id.root }?.rank }

  /// A point is answered, or not held any more.
  mutating func settle(_ id: PointID) {
    guard let place = all.firstIndex(where: { $0.root == id.root }) else { return }
    all[place].owedCount -= 1
  }

  /// Nothing is held any more: what was not answered was dropped, and stays pending at its root.
  mutating func settleAll() {
    for place in all.indices { all[place].owedCount = 0 }
  }

  /// Takes in the answers that are due to them, and appends the others to `others`.
  mutating func take(_ batch: ResultBatch, others: inout ResultBatch) {
    var value = 0
    var failure = 0
    for entry in batch.entries {
      let values = value..<value + max(0, entry.valueCount)
      let failures = failure..<failure + (entry.isFailure ? 1 : 0)
      (value, failure) = (values.upperBound, failures.upperBound)
      if let place = all.firstIndex(where: { $0.root == entry.id.root }) {
        all[place].results.append(entry, batch.values[values], batch.failures[failures])
      } else {
        others.append(entry, batch.values[values], batch.failures[failures])
      }
    }
  }

  /// Calls `body` with each that there is something to say to, and forgets those that wait for
  /// nothing more.
  mutating func flush(_ body: (Former) -> Void) {
    for place in all.indices where !all[place].results.isEmpty || all[place].owedCount == 0 {
      body(all[place])
      all[place].results.removeAll()
    }
    all.removeAll { $0.owedCount == 0 }
  }
}
