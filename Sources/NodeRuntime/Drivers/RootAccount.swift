import AdaptiveCore
import Delegation
import Learners

/// What one root of several tells rank 0 of its part of the campaign, frame by frame.
///
/// A frame holds the sums of the root, and as many of its learners as fit of those that have
/// changed since they were told last; a later frame replaces what an earlier one said.
struct RootAccount {
  private struct Learner: Equatable {
    var pointCount: Int
    var failedCount: Int
    var loss: Double
    var evaluationSeconds: Double
    var estimate: LearnerEstimate?
  }

  private static let learnerBytes = MemoryLayout<Int32>.size + 6 * 8

  /// What was told last of each learner; only the teller needs it.
  private var told: [Learner?]

  /// The learner to look at next; nil if no account is under way.
  private var next: Int?

  /// When the next account is due: the first one at once.
  private(set) var dueAt: Instant

  init(learnerCount: Int, at now: Instant) {
    told = Array(repeating: nil, count: learnerCount)
    dueAt = now
  }

  /// True if an account was begun, and its end waits for a frame.
  var isUnderWay: Bool { next != nil }

  /// Sends what has changed; false if the transport has no frame to lend for the rest.
  ///
  /// - Parameter owns: whether a learner, by its place, is this root's.
  mutating func send<T: Transport & ~Copyable>(
    _ progress: RootProgress, owns: (Int) -> Bool, to rank: Rank, at now: Instant,
    over transport: inout T
  ) throws(TransportError) -> Bool {
    var position = next ?? 0
    repeat {
      guard let frame = try transport.lendFrame() else {
        next = position
        return false
      }
      var writer = unsafe ByteWriter(frame.bytes)
      Self.write(progress, to: &writer)
      while position < told.count, writer.remaining >= Self.learnerBytes {
        defer { position += 1 }
        guard owns(position) else { continue }
        let state = progress.learners[position]
        let learner = Learner(
          pointCount: state.pointCount, failedCount: state.failedCount, loss: state.loss,
          evaluationSeconds: state.evaluationSeconds, estimate: state.estimate)
        guard told[position] != learner else { continue }
        told[position] = learner
        writer.write(Int32(position))
        writer.write(learner.pointCount)
        writer.write(learner.failedCount)
        writer.write(learner.loss)
        writer.write(learner.evaluationSeconds)
        // No estimate is one without a number.
        writer.write(learner.estimate?.value ?? .nan)
        writer.write(learner.estimate?.imaginary ?? .nan)
        writer.write(learner.estimate?.error ?? .nan)
      }
      try transport.send(frame, byteCount: writer.count, to: rank)
    } while position < told.count
    next = nil
    dueAt = now + Limits.statisticsInterval
    return true
  }
}

// MARK: - Bytes

extension RootAccount {
  private static func write(_ progress: RootProgress, to writer: inout ByteWriter) {
    writer.write(MessageCodec.Kind.rootProgress.rawValue)
    writer.write(progress.counts.told)
    writer.write(progress.counts.givenUp)
    writer.write(progress.counts.retried)
    writer.write(progress.counts.dropped)
    writer.write(progress.counts.duplicated)
    writer.write(progress.leaves.leafCount)
    writer.write(progress.leaves.evaluatingCount)
    writer.write(progress.leaves.evaluatedCount)
    writer.write(progress.leaves.busySeconds)
    writer.write(progress.leaves.isolatedCount)
    writer.write(progress.leaves.restartCount)
    writer.write(progress.quarantinedCount)
    writer.write(progress.inFlightCount)
    writer.write(progress.commitAge.nanoseconds)
    write(progress.storeTrouble, to: &writer)
    write(progress.snapshotTrouble, to: &writer)
    write(progress.failures, to: &writer)
    write(progress.attemptFailures, to: &writer)
  }

  private static func write(_ failures: FailureTally, to writer: inout ByteWriter) {
    writer.write(UInt8(failures.reasons.count))
    for reason in failures.reasons {
      writer.write(reason.failure.kind.rawValue)
      write(reason.failure.text, to: &writer)
      writer.write(reason.count)
    }
    writer.write(failures.otherCount)
  }

  private static func readTally(_ reader: inout ByteReader) throws(DecodingError) -> FailureTally {
    var failures = FailureTally()
    for _ in 0..<(try reader.read(UInt8.self)) {
      let byte = try reader.read(UInt8.self)
      guard let kind = Failure.Kind(rawValue: byte) else {
        throw DecodingError("failure kind \(byte)")
      }
      let text = try readText(&reader) ?? ""
      failures.add(Failure(kind, text), count: try reader.read(Int.self))
    }
    failures.addOthers(try reader.read(Int.self))
    return failures
  }

  /// Takes a frame's content into what is known of that root.
  ///
  /// - Parameter learners: all of the campaign's.
  static func read(
    _ reader: inout ByteReader, into progress: inout RootProgress,
    learners: inout [RootProgress.LearnerProgress]
  ) throws(DecodingError) {
    progress.counts.told = try reader.read(Int.self)
    progress.counts.givenUp = try reader.read(Int.self)
    progress.counts.retried = try reader.read(Int.self)
    progress.counts.dropped = try reader.read(Int.self)
    progress.counts.duplicated = try reader.read(Int.self)
    progress.leaves.leafCount = try reader.read(Int64.self)
    progress.leaves.evaluatingCount = try reader.read(Int64.self)
    progress.leaves.evaluatedCount = try reader.read(Int64.self)
    progress.leaves.busySeconds = try reader.read(Double.self)
    progress.leaves.isolatedCount = try reader.read(Int64.self)
    progress.leaves.restartCount = try reader.read(Int64.self)
    progress.quarantinedCount = try reader.read(Int.self)
    progress.inFlightCount = try reader.read(Int.self)
    progress.commitAge = TimeSpan(nanoseconds: try reader.read(Int64.self))
    progress.storeTrouble = try readText(&reader)
    progress.snapshotTrouble = try readText(&reader)
    progress.failures = try readTally(&reader)
    progress.attemptFailures = try readTally(&reader)
    while reader.remaining > 0 {
      let position = Int(try reader.read(Int32.self))
      guard learners.indices.contains(position) else {
        throw DecodingError("learner \(position) of \(learners.count)")
      }
      learners[position].pointCount = try reader.read(Int.self)
      learners[position].failedCount = try reader.read(Int.self)
      learners[position].loss = try reader.read(Double.self)
      learners[position].evaluationSeconds = try reader.read(Double.self)
      let value = try reader.read(Double.self)
      let imaginary = try reader.read(Double.self)
      let error = try reader.read(Double.self)
      learners[position].estimate =
        error.isNaN
        ? nil
        : LearnerEstimate(
          value: value, imaginary: imaginary.isNaN ? nil : imaginary, error: error)
    }
  }

  /// Nothing and nothing said are the same.
  private static func write(_ text: String?, to writer: inout ByteWriter) {
    let bytes = Array((text ?? "").truncated(toBytes: Limits.failureTextBytesMax).utf8)
    writer.write(UInt16(bytes.count))
    unsafe bytes.withUnsafeBytes { unsafe writer.write(bytes: $0) }
  }

  private static func readText(_ reader: inout ByteReader) throws(DecodingError) -> String? {
    let count = Int(try reader.read(UInt16.self))
    guard count > 0 else { return nil }
    let bytes = unsafe try reader.read(bytes: count)
    return unsafe String(decoding: bytes, as: UTF8.self)
  }
}
