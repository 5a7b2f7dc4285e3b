import AdaptiveCore
import HDF5
import Learners
import NodeRuntime

extension CheckpointSchema {
  /// The bytes of a snapshot's file; `name` is what errors call it.
  static func encode(_ snapshot: ShardSnapshot, name: String) throws(HDF5Error) -> [UInt8] {
    try HDF5File.image(name) { (file) throws(HDF5Error) in try write(snapshot, to: file) }
  }

  /// The oldest that can hold a snapshot: named outputs and quarantined points came with 2.
  private static func formatVersion(for snapshot: ShardSnapshot) -> Int64 {
    let needsNewer = snapshot.members.contains { member in
      member.learner.definition.outputs != nil
        || member.learner.failed.contains { $0.failure.kind == .quarantined }
    }
    return needsNewer ? 2 : 1
  }

  private static func write(
    _ snapshot: ShardSnapshot, to file: borrowing HDF5File
  ) throws(HDF5Error) {
    try file.setAttribute(Attribute.format, format)
    try file.setAttribute(Attribute.formatVersion, formatVersion(for: snapshot))
    try file.setAttribute(Attribute.campaign, snapshot.campaign.hexadecimal)
    try file.setAttribute(Attribute.shard, Int64(snapshot.shard))
    try file.setAttribute(Attribute.world, Int64(snapshot.position.world.rawValue))
    try file.setAttribute(Attribute.generation, Int64(snapshot.position.generation.rawValue))
    try file.setAttribute(Attribute.elapsed, snapshot.elapsed.seconds)
    try file.createTexts(campaignText, [snapshot.campaignText.withoutNUL])
    try file.createTexts(worlds, snapshot.worlds.map(\.withoutNUL))

    let learners = try file.createGroup(learners)
    for member in snapshot.members {
      let group = try learners.createGroup(groupName(member.index.position))
      try write(member.learner, to: group)
      try group.close()
    }
    try learners.close()
  }

  private static func write(_ learner: SavedLearner, to group: borrowing Group) throws(HDF5Error) {
    try write(learner.definition, to: group)
    try write(learner.results, to: group)
    try writeRows(learner.pending.doubles, learner.pending.dimension, Learner.pending, to: group)
    try write(learner.failed, dimension: learner.pending.dimension, to: group)

    let state = try group.createGroup(Learner.state)
    for field in learner.state.fields {
      switch field.content {
      case .doubles(let numbers): try writeNumbers(numbers, field.name, to: state)
      case .integers(let numbers): try writeNumbers(numbers, field.name, to: state)
      }
    }
    try state.close()
  }

  private static func write(_ results: ResultLog, to group: borrowing Group) throws(HDF5Error) {
    let count = results.count
    let points = try createRows(Learner.points, Double.self, [count, results.dimension], in: group)
    let values = try createRows(
      Learner.values, Double.self, [count, results.valueCount], in: group)
    let seconds = try createRows(Learner.seconds, Double.self, [count], in: group)
    let leaves = try createRows(Learner.leaves, Int32.self, [count], in: group)
    var start = 0
    for segment in results.fullSegments + [results.lastSegment] {
      let rows = start..<start + segment.seconds.count
      try points.write(segment.points, rows: rows)
      try values.write(segment.values, rows: rows)
      try seconds.write(segment.seconds, rows: rows)
      try leaves.write(segment.leaves, rows: rows)
      start = rows.upperBound
    }
    try points.close()
    try values.close()
    try seconds.close()
    try leaves.close()
  }

  private static func write(
    _ failed: [FailedPoint], dimension: Int, to group: borrowing Group
  ) throws(HDF5Error) {
    try writeRows(failed.flatMap(\.point), dimension, Learner.failedPoints, to: group)
    try writeNumbers(failed.map(\.failure.kind.rawValue), Learner.failedKinds, to: group)
    try writeNumbers(failed.map { Int64($0.attempts) }, Learner.failedAttempts, to: group)
    try group.createTexts(Learner.failedReasons, failed.map(\.failure.text.withoutNUL))
  }

  private static func createRows<Element: HDF5Element>(
    _ name: String, _ element: Element.Type, _ shape: [Int], in group: borrowing Group
  ) throws(HDF5Error) -> Dataset {
    try group.createDataset(
      name, element, shape: shape, chunkRows: max(1, min(chunkRows, shape[0])))
  }

  static func writeRows(
    _ doubles: [Double], _ columns: Int, _ name: String, to group: borrowing Group
  ) throws(HDF5Error) {
    let rowCount = doubles.count / columns
    let dataset = try createRows(name, Double.self, [rowCount, columns], in: group)
    try dataset.write(doubles, rows: 0..<rowCount)
    try dataset.close()
  }

  static func writeNumbers<Element: HDF5Element>(
    _ numbers: [Element], _ name: String, to group: borrowing Group
  ) throws(HDF5Error) {
    let dataset = try createRows(name, Element.self, [numbers.count], in: group)
    try dataset.write(numbers, rows: 0..<numbers.count)
    try dataset.close()
  }
}
