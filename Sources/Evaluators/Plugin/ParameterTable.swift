import Glibc
import Learners

/// A learner's parameters as C reads them: made once, lent with every batch.
@safe
final class ParameterTable {
  let count: Int
  let names: UnsafeMutablePointer<UnsafePointer<CChar>?>
  let values: UnsafeMutablePointer<Double>

  init(_ parameters: [LearnerDefinition.Parameter]) {
    count = parameters.count
    unsafe names = .allocate(capacity: max(count, 1))
    unsafe values = .allocate(capacity: max(count, 1))
    for (index, parameter) in parameters.enumerated() {
      unsafe names.advanced(by: index).initialize(to: UnsafePointer(strdup(parameter.name)))
      unsafe values.advanced(by: index).initialize(to: parameter.value)
    }
  }

  deinit {
    for index in 0..<count { unsafe free(UnsafeMutablePointer(mutating: names[index])) }
    unsafe names.deallocate()
    unsafe values.deallocate()
  }
}
