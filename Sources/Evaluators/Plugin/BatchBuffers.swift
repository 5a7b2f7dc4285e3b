import AdaptiveCore
import NodeRuntime

/// Memory that a function in C writes to: reused from batch to batch, grown as needed, and checked
/// afterwards for what was not written and what was written past the end.
@safe
final class BatchBuffers {
  private(set) var values: UnsafeMutablePointer<Double>
  private(set) var statuses: UnsafeMutablePointer<Int32>
  private(set) var errors: ErrorTexts

  private var valuesCapacity = 0
  private var count = 0
  private var valueCount = 1

  /// Doubles behind the values that a function must not touch.
  private static let guardCount = 64

  /// What stands in a value until the function sets it: a quiet not-a-number with bits that no
  /// arithmetic produces.
  private static let unset = Double(bitPattern: 0x7FF8_5E70_F0D0_1E55)

  init() {
    unsafe values = .allocate(capacity: 1)
    unsafe statuses = .allocate(capacity: 1)
    errors = ErrorTexts(count: 1)
  }

  deinit {
    unsafe values.deallocate()
    unsafe statuses.deallocate()
  }

  func prepare(count: Int, valueCount: Int) {
    self.count = count
    self.valueCount = valueCount
    let doubles = count * valueCount + Self.guardCount
    if doubles > valuesCapacity {
      unsafe values.deallocate()
      unsafe values = .allocate(capacity: doubles)
      valuesCapacity = doubles
    }
    if count > errors.count {
      unsafe statuses.deallocate()
      unsafe statuses = .allocate(capacity: count)
      errors = ErrorTexts(count: count)
    }
    unsafe values.initialize(repeating: Self.unset, count: doubles)
    unsafe statuses.initialize(repeating: 0, count: count)
    errors.clear(count)
  }

  /// Moves values and failures into the batch.
  func takeResults(into batch: inout EvaluationBatch) {
    batch.values.removeAll(keepingCapacity: true)
    unsafe batch.values.append(
      contentsOf: UnsafeBufferPointer(start: values, count: count * valueCount))
    batch.failures.removeAll(keepingCapacity: true)
    let overrun = overrunFailure()
    for index in 0..<count {
      if let failure = overrun ?? failure(at: index) {
        batch.failures.append(.init(index: index, failure: failure))
      }
    }
  }

  private func overrunFailure() -> Failure? {
    let end = count * valueCount
    for index in end..<end + Self.guardCount where unsafe !Self.isUnset(values[index]) {
      return Failure(
        .wrongCount,
        "the function wrote past the \(end) numbers of a batch of \(count) points with "
          + "\(valueCount) values each")
    }
    return nil
  }

  private func failure(at index: Int) -> Failure? {
    let status = unsafe statuses[index]
    guard status == 0 else {
      return Failure(.raised, errors.text(at: index) ?? "status \(status), without a text")
    }
    for component in 0..<valueCount {
      let value = unsafe values[index * valueCount + component]
      if value.isFinite { continue }
      let place = "value \(component + 1) of \(valueCount)"
      return Self.isUnset(value)
        ? Failure(.wrongCount, "\(place) was not set") : Failure(.notFinite, "\(place) is \(value)")
    }
    return nil
  }

  private static func isUnset(_ value: Double) -> Bool { value.bitPattern == unset.bitPattern }
}
