package import AdaptiveCore

/// Results on their way up: one entry a point, all values as one flat run, and the failures, which
/// are few, beside them.
package struct ResultBatch: Sendable, Equatable {
  package struct Entry: Sendable, Equatable, BitwiseCopyable {
    package var id: PointID
    package var attempt: Attempt
    /// The rank that evaluated the point.
    package var leaf: Rank
    /// Seconds that the evaluation took.
    package var seconds: Double
    /// Doubles of the value; -1 for a failure.
    package var valueCount: Int

    @inlinable
    package init(id: PointID, attempt: Attempt, leaf: Rank, seconds: Double, valueCount: Int) {
      self.id = id
      self.attempt = attempt
      self.leaf = leaf
      self.seconds = seconds
      self.valueCount = valueCount
    }

    /// Where an entry is to be.
    static let none = Entry(
      id: PointID(0), attempt: Attempt(0), leaf: Rank(-1), seconds: 0, valueCount: 0)

    @inlinable
    package var isFailure: Bool { valueCount < 0 }
  }

  package var entries: [Entry] = []

  /// Values of all points that have one, one after another.
  package var values: [Double] = []

  /// Failures of all points that have one, in the order of the entries.
  package var failures: [Failure] = []

  package init() {}

  package var count: Int { entries.count }

  package var isEmpty: Bool { entries.isEmpty }

  package mutating func removeAll() {
    guard !entries.isEmpty else { return }
    entries.removeAll(keepingCapacity: true)
    values.removeAll(keepingCapacity: true)
    failures.removeAll(keepingCapacity: true)
  }

  /// Appends one result: a value, or a failure.
  package mutating func append(
    _ entry: Entry, _ value: ArraySlice<Double>, _ failure: ArraySlice<Failure>
  ) {
    entries.append(entry)
    values.append(contentsOf: value)
    failures.append(contentsOf: failure)
  }

  /// Appends all of `other`.
  package mutating func append(contentsOf other: ResultBatch) {
    entries.append(contentsOf: other.entries)
    values.append(contentsOf: other.values)
    failures.append(contentsOf: other.failures)
  }
}
