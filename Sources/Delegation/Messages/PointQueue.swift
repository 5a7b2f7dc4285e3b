import AdaptiveCore

/// Points that wait, first in, first out. They lie in one run of memory, so that many are taken in
/// or out at once; what was taken out is cut off when it is half of the run.
struct PointQueue: Sendable {
  private var batch = PointBatch()
  private var firstEntry = 0
  private var firstCoordinate = 0

  var count: Int { batch.entries.count - firstEntry }

  var isEmpty: Bool { firstEntry == batch.entries.count }

  var first: PointBatch.Entry? { isEmpty ? nil : batch.entries[firstEntry] }

  var entries: ArraySlice<PointBatch.Entry> { batch.entries[firstEntry...] }

  mutating func append(contentsOf points: PointBatch) {
    batch.entries.append(contentsOf: points.entries)
    batch.coordinates.append(contentsOf: points.coordinates)
  }

  mutating func append(_ entry: PointBatch.Entry, coordinates: ArraySlice<Double>) {
    batch.append(entry, coordinates: coordinates)
  }

  /// Appends the first `count` points to entries and coordinates, and takes them out.
  mutating func move(
    _ count: Int, to entries: inout [PointBatch.Entry], _ coordinates: inout [Double]
  ) {
    let moved = batch.entries[firstEntry..<firstEntry + count]
    let coordinateCount = moved.reduce(0) { $0 + Int($1.dimension) }
    let coordinateEnd = firstCoordinate + coordinateCount
    entries.append(contentsOf: moved)
    coordinates.append(contentsOf: batch.coordinates[firstCoordinate..<coordinateEnd])
    firstEntry += count
    firstCoordinate = coordinateEnd
    if isEmpty {
      removeAll()
    } else if 2 * firstEntry > batch.entries.count {
      batch.entries.removeSubrange(..<firstEntry)
      batch.coordinates.removeSubrange(..<firstCoordinate)
      firstEntry = 0
      firstCoordinate = 0
    }
  }

  /// Forgets all, and keeps the memory.
  mutating func removeAll() {
    batch.removeAll()
    firstEntry = 0
    firstCoordinate = 0
  }
}
