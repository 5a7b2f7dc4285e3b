/// Why points or attempts failed: the first distinct reasons, and how often each came.
package struct FailureTally: Sendable, Equatable {
  package struct Reason: Sendable, Equatable {
    package var failure: Failure
    package var count: Int

    package init(failure: Failure, count: Int) {
      self.failure = failure
      self.count = count
    }
  }

  /// In the order in which they came first, at most ``Limits/failureReasonsMax``.
  package private(set) var reasons: [Reason] = []

  /// How many failed for any other reason.
  package private(set) var otherCount = 0

  package init() {}

  package mutating func add(_ failure: Failure, count: Int = 1) {
    if let index = reasons.firstIndex(where: { $0.failure == failure }) {
      reasons[index].count += count
    } else if reasons.count < Limits.failureReasonsMax {
      reasons.append(Reason(failure: failure, count: count))
    } else {
      otherCount += count
    }
  }

  /// Counts points whose reasons nobody kept.
  package mutating func addOthers(_ count: Int) { otherCount += count }

  /// Adds what another root has counted.
  package static func += (a: inout Self, b: Self) {
    for reason in b.reasons { a.add(reason.failure, count: reason.count) }
    a.addOthers(b.otherCount)
  }
}
