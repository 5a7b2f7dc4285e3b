package import AdaptiveCore

/// Points on their way down: one entry a point, and all coordinates as one flat run.
package struct PointBatch: Sendable, Equatable {
  package struct Entry: Sendable, Equatable, BitwiseCopyable {
    package var id: PointID
    package var attempt: Attempt
    package var learner: LearnerIndex
    /// Doubles of this point.
    package var dimension: Int32
    /// ``avoided`` and ``isSuspect`` in one number: twice the rank, and one more for a suspect.
    var care: Int32

    /// A leaf at which the point failed and which another is to spare it; -1 for none.
    package var avoided: Rank { Rank(care >> 1) }

    var avoidsLeaf: Bool { care >= 0 }

    /// It may be what ended earlier worlds: to be evaluated in a process of its own.
    package var isSuspect: Bool { care & 1 != 0 }

    package init(
      id: PointID, attempt: Attempt, learner: LearnerIndex, dimension: Int32,
      avoided: Rank = Rank(-1), isSuspect: Bool = false
    ) {
      self.id = id
      self.attempt = attempt
      self.learner = learner
      self.dimension = dimension
      care = avoided.rawValue << 1 | (isSuspect ? 1 : 0)
    }

    /// Where an entry is to be.
    static let none = Entry(
      id: PointID(0), attempt: Attempt(0), learner: LearnerIndex(0), dimension: 0)
  }

  package var entries: [Entry] = []

  /// Coordinates of all points, one after another.
  package var coordinates: [Double] = []

  package init() {}

  package var count: Int { entries.count }

  package var isEmpty: Bool { entries.isEmpty }

  package mutating func removeAll() {
    guard !entries.isEmpty else { return }
    entries.removeAll(keepingCapacity: true)
    coordinates.removeAll(keepingCapacity: true)
  }

  package mutating func append(_ entry: Entry, coordinates point: ArraySlice<Double>) {
    entries.append(entry)
    coordinates.append(contentsOf: point)
  }
}
