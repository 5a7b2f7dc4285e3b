import AdaptiveCore
import HDF5
import Learners
import NodeRuntime

extension CheckpointSchema {
  /// Reads the bytes of a snapshot's file, which must have been checked before, if their digest is
  /// known; `path` is what errors call them.
  static func decode(_ bytes: [UInt8], name path: String) throws(HDF5Error) -> ShardSnapshot {
    let file = try HDF5File.open(image: bytes, name: path)
    let foundFormat = try file.textAttribute(Attribute.format)
    let foundVersion = try file.attribute(Attribute.formatVersion, as: Int64.self)
    guard foundFormat == format, (1...formatVersion).contains(foundVersion) else {
      throw mismatch(
        path,
        "a \(foundFormat) of format \(foundVersion); this program knows 1 to \(formatVersion)")
    }
    let campaign = try file.textAttribute(Attribute.campaign)
    guard let campaignID = CampaignID(hexadecimal: campaign) else {
      throw mismatch(path, "campaign id \(campaign)")
    }
    let position = Position(
      WorldNumber(try number(Attribute.world, of: file)),
      Generation(try number(Attribute.generation, of: file)))
    let shard: UInt32 = try number(Attribute.shard, of: file)
    return ShardSnapshot(
      campaign: campaignID,
      campaignText: try file.openDataset(campaignText).readTexts().first ?? "",
      shard: Int(shard), position: position,
      elapsed: TimeSpan(seconds: try file.attribute(Attribute.elapsed, as: Double.self)),
      worlds: try file.openDataset(worlds).readTexts(), members: try readMembers(file))
  }

  /// The format's version, where it is a newer one than this program knows.
  static func newerVersion(_ bytes: [UInt8], name: String) -> Int64? {
    do throws(HDF5Error) {
      let file = try HDF5File.open(image: bytes, name: name)
      let version = try file.attribute(Attribute.formatVersion, as: Int64.self)
      return try file.textAttribute(Attribute.format) == format && version > formatVersion
        ? version : nil
    } catch {
      return nil
    }
  }

  private static func number(
    _ name: String, of file: borrowing HDF5File
  ) throws(HDF5Error) -> UInt32 {
    let number = try file.attribute(name, as: Int64.self)
    guard let exact = UInt32(exactly: number) else {
      throw mismatch(file.path, "\(name) is \(number)")
    }
    return exact
  }

  private static func readMembers(_ file: borrowing HDF5File) throws(HDF5Error) -> [ShardSnapshot
    .Member]
  {
    let learners = try file.openGroup(learners)
    var members: [ShardSnapshot.Member] = []
    for name in try learners.linkNames(countMax: Limits.learnersMax) {
      guard let index = Int32(name), index >= 0, groupName(Int(index)) == name else {
        throw mismatch(learners.path, "a learner called \(name)")
      }
      members.append(
        .init(index: LearnerIndex(index), learner: try readLearner(learners.openGroup(name))))
    }
    return members
  }

  private static func readLearner(_ group: consuming Group) throws(HDF5Error) -> SavedLearner {
    let definition = try readDefinition(group)
    let dimension = definition.kind.dimension
    let pending = try group.openDataset(Learner.pending)
      .validated(as: Double.self, shape: [nil, dimension]).read(Double.self)
    return SavedLearner(
      definition: definition, results: try readResults(group, definition),
      failed: try readFailed(group, dimension),
      pending: PointBuffer(dimension: dimension, doubles: pending),
      state: try readState(group.openGroup(Learner.state)))
  }

  private static func readResults(
    _ group: borrowing Group, _ definition: LearnerDefinition
  ) throws(HDF5Error) -> ResultLog {
    let dimension = definition.kind.dimension
    let valueCount = definition.valueCount
    let pointSet = try group.openDataset(Learner.points)
      .validated(as: Double.self, shape: [nil, dimension])
    let count = try pointSet.shape[0]
    let points = try pointSet.read(Double.self)
    let values = try group.openDataset(Learner.values)
      .validated(as: Double.self, shape: [count, valueCount]).read(Double.self)
    let seconds = try group.openDataset(Learner.seconds)
      .validated(as: Double.self, shape: [count]).read(Double.self)
    let leaves = try group.openDataset(Learner.leaves)
      .validated(as: Int32.self, shape: [count]).read(Int32.self)

    var results = ResultLog(dimension: dimension, valueCount: valueCount)
    let (pointSpan, valueSpan) = (points.span, values.span)
    for index in 0..<count {
      results.append(
        point: pointSpan.extracting(index * dimension..<(index + 1) * dimension),
        value: valueSpan.extracting(index * valueCount..<(index + 1) * valueCount),
        seconds: seconds[index], leaf: Rank(leaves[index]))
    }
    return results
  }

  private static func readFailed(_ group: borrowing Group, _ dimension: Int) throws(HDF5Error)
    -> [FailedPoint]
  {
    let reasons = try group.openDataset(Learner.failedReasons).readTexts()
    let points = try group.openDataset(Learner.failedPoints)
      .validated(as: Double.self, shape: [reasons.count, dimension]).read(Double.self)
    let kinds = try group.openDataset(Learner.failedKinds)
      .validated(as: UInt8.self, shape: [reasons.count]).read(UInt8.self)
    let attempts = try group.openDataset(Learner.failedAttempts)
      .validated(as: Int64.self, shape: [reasons.count]).read(Int64.self)
    var failed: [FailedPoint] = []
    for (index, reason) in reasons.enumerated() {
      guard let kind = Failure.Kind(rawValue: kinds[index]),
        let attemptCount = UInt32(exactly: attempts[index])
      else {
        throw mismatch(group.path, "failure \(kinds[index]) after \(attempts[index]) attempts")
      }
      failed.append(
        FailedPoint(
          point: Array(points[index * dimension..<(index + 1) * dimension]),
          failure: Failure(kind, reason), attempts: attemptCount))
    }
    return failed
  }

  private static func readState(_ group: consuming Group) throws(HDF5Error) -> LearnerSnapshot {
    var fields: [LearnerSnapshot.Field] = []
    for name in try group.linkNames(countMax: 1024) {
      let dataset = try group.openDataset(name)
      let content: LearnerSnapshot.Content =
        switch try dataset.elementType {
        case .float64: .doubles(try dataset.read(Double.self))
        case .int64: .integers(try dataset.read(Int64.self))
        default: throw mismatch(dataset.path, "holds neither doubles nor integers")
        }
      fields.append(.init(name, content))
    }
    return LearnerSnapshot(fields: fields)
  }
}
