package import AdaptiveCore
import Learners
package import NodeRuntime

/// Bytes of a worker's frame, written one number after another.
package struct WorkerFrame: Sendable {
  /// Head and body.
  package private(set) var bytes: [UInt8] = Array(repeating: 0, count: WorkerMessage.headBytes)

  package init() {}

  package mutating func write<Number: BitwiseCopyable>(_ number: Number) {
    unsafe withUnsafeBytes(of: number) { unsafe bytes.append(contentsOf: $0) }
  }

  package mutating func write(_ doubles: some Collection<Double>) {
    if let done: Void = doubles.withContiguousStorageIfAvailable({
      unsafe bytes.append(contentsOf: UnsafeRawBufferPointer($0))
    }) {
      return done
    }
    for double in doubles { write(double) }
  }

  package mutating func write(_ text: String) {
    write(UInt32(text.utf8.count))
    bytes.append(contentsOf: text.utf8)
  }

  /// Puts the head before what was written.
  package mutating func close(_ kind: WorkerMessage.Kind) {
    let head = WorkerMessage.head(kind, byteCount: bytes.count - WorkerMessage.headBytes)
    for index in 0..<WorkerMessage.headBytes {
      bytes[index] = UInt8(truncatingIfNeeded: head >> (8 * index))
    }
  }

  package mutating func removeAll() {
    bytes.removeSubrange(WorkerMessage.headBytes...)
  }
}

// MARK: - Start

extension WorkerFrame {
  package mutating func write(_ start: WorkerStart) {
    write(start.function)
    write(Int64(start.rank))
    write(Int64(start.rankCount))
    write(UInt32(start.settings.count))
    for setting in start.settings {
      write(setting.key)
      write(UInt32(setting.values.count))
      for value in setting.values { write(value) }
    }
    write(UInt32(start.learners.count))
    for learner in start.learners {
      write(learner.name)
      write(UInt32(learner.dimension))
      write(UInt32(learner.valueCount))
      write(UInt32(learner.parameters.count))
      for parameter in learner.parameters {
        write(parameter.name)
        write(parameter.value)
      }
      write(UInt32(learner.outputs.count))
      for output in learner.outputs {
        write(output.name)
        write(UInt32(output.size))
      }
    }
  }
}

extension ByteReader {
  /// A count of things that take a byte each at least.
  private mutating func readWorkerCount() throws(DecodingError) -> Int {
    let count = Int(try read(UInt32.self))
    guard count <= remaining else { throw DecodingError("count \(count)") }
    return count
  }

  package mutating func readWorkerText() throws(DecodingError) -> String {
    let count = try readWorkerCount()
    return unsafe String(decoding: try read(bytes: count), as: UTF8.self)
  }

  package mutating func readWorkerStart() throws(DecodingError) -> WorkerStart {
    var start = WorkerStart(
      function: try readWorkerText(), rank: Int(try read(Int64.self)),
      rankCount: Int(try read(Int64.self)), settings: [])
    for _ in 0..<(try readWorkerCount()) {
      let key = try readWorkerText()
      var values: [String] = []
      for _ in 0..<(try readWorkerCount()) { values.append(try readWorkerText()) }
      start.settings.append(.init(key, values))
    }
    for _ in 0..<(try readWorkerCount()) { start.learners.append(try readWorkerLearner()) }
    return start
  }

  private mutating func readWorkerLearner() throws(DecodingError) -> WorkerStart.Learner {
    let name = try readWorkerText()
    let dimension = Int(try read(UInt32.self))
    let valueCount = Int(try read(UInt32.self))
    guard (1...Limits.dimensionMax).contains(dimension),
      (1...Limits.valueCountMax).contains(valueCount)
    else { throw DecodingError("dimension \(dimension), \(valueCount) numbers in a value") }
    var parameters: [LearnerDefinition.Parameter] = []
    for _ in 0..<(try readWorkerCount()) {
      parameters.append(.init(name: try readWorkerText(), value: try read(Double.self)))
    }
    var learner = WorkerStart.Learner(
      name: name, dimension: dimension, valueCount: valueCount, parameters: parameters)
    for _ in 0..<(try readWorkerCount()) {
      learner.outputs.append(.init(name: try readWorkerText(), size: Int(try read(UInt32.self))))
    }
    return learner
  }
}

extension WorkerStart.Learner {
  fileprivate init(
    name: String, dimension: Int, valueCount: Int, parameters: [LearnerDefinition.Parameter]
  ) {
    self.name = name
    self.dimension = dimension
    self.valueCount = valueCount
    self.parameters = parameters
  }
}

// MARK: - Points and results

extension WorkerFrame {
  /// Points `range` of a batch, of `dimension` doubles each.
  package mutating func write(points batch: EvaluationBatch, _ range: Range<Int>, dimension: Int) {
    write(UInt32(batch.learner.position))
    write(UInt32(range.count))
    write(UInt32(dimension))
    let seeds = batch.seeds.isEmpty ? [] : Array(batch.seeds[range])
    for index in 0..<range.count { write(index < seeds.count ? seeds[index] : 0) }
    write(batch.points[range.lowerBound * dimension..<range.upperBound * dimension])
  }

  /// All results of an evaluated batch, and how many processes were started again meanwhile.
  package mutating func write(results batch: EvaluationBatch, valueCount: Int) {
    write(UInt32(batch.restartCount))
    write(UInt32(batch.count))
    var nextFailure = 0
    for index in 0..<batch.count {
      if nextFailure < batch.failures.count, batch.failures[nextFailure].index == index {
        let failure = batch.failures[nextFailure].failure
        write(failure.kind.rawValue)
        write(failure.text)
        nextFailure += 1
      } else {
        write(UInt8(0))
        write(batch.values[index * valueCount..<(index + 1) * valueCount])
      }
    }
  }
}

extension ByteReader {
  /// - Parameter learners: those of the start; a batch of another is refused.
  package mutating func readWorkerPoints(
    _ learners: [WorkerStart.Learner]
  ) throws(DecodingError) -> EvaluationBatch {
    let learner = Int(try read(UInt32.self))
    let count = Int(try read(UInt32.self))
    let dimension = Int(try read(UInt32.self))
    guard learner < learners.count, learners[learner].dimension == dimension, count > 0,
      remaining == count * 8 * (dimension + 1)
    else { throw DecodingError("\(count) points of learner \(learner), dimension \(dimension)") }
    var batch = EvaluationBatch(learner: LearnerIndex(learner), count: count, points: [])
    for _ in 0..<count { batch.seeds.append(try read(UInt64.self)) }
    try read(count * dimension, into: &batch.points, filler: 0)
    return batch
  }

  /// Reads results of points `range` of `batch` into it, whose values must have their place.
  package mutating func readWorkerResults(
    into batch: inout EvaluationBatch, _ range: Range<Int>, valueCount: Int
  ) throws(DecodingError) {
    batch.restartCount += Int(try read(UInt32.self))
    let count = Int(try read(UInt32.self))
    guard count == range.count else {
      throw DecodingError("results of \(count) points, where \(range.count) were asked for")
    }
    for index in range {
      let byte = try read(UInt8.self)
      if byte == 0 {
        guard remaining >= valueCount * 8 else { throw DecodingError("a value is cut off") }
        for component in 0..<valueCount {
          batch.values[index * valueCount + component] = try read(Double.self)
        }
      } else {
        guard let kind = Failure.Kind(rawValue: byte) else {
          throw DecodingError("failure kind \(byte)")
        }
        batch.failures.append(.init(index: index, failure: Failure(kind, try readWorkerText())))
      }
    }
    guard remaining == 0 else { throw DecodingError("\(remaining) bytes after the results") }
  }
}
