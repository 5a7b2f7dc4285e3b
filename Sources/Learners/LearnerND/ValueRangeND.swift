/// The range of all components of all values, and what values are multiplied by in losses.
struct ValueRangeND: Sendable {
  private let isCompatible: Bool
  private let growthMax: Double
  private(set) var minimum = Double.infinity
  private(set) var maximum = -Double.infinity
  /// Of complex values instead.
  private var complex: ComplexRange?

  /// The range with which all losses were last computed; 0 until there is one.
  var reference = 0.0

  init(isCompatible: Bool, isComplex: Bool, growthMax: Double) {
    complex = isComplex ? ComplexRange() : nil
    self.isCompatible = isCompatible
    self.growthMax = growthMax
  }

  private var width: Double {
    complex?.width ?? (maximum > minimum ? maximum - minimum : 0)
  }

  /// What values are multiplied by. By adaptive's rule, with the range of now.
  var factor: Double {
    let range = isCompatible ? width : reference
    // So narrow a range beside the values would show their rounding.
    let noise = 1e-15 * Swift.max(minimum.magnitude, maximum.magnitude)
    guard range > 0, range.isFinite, noise <= 1e-2 * range else { return 1 }
    return 1 / range
  }

  /// Takes in a value; numbers that are none change nothing.
  ///
  /// - Returns: whether all losses must be computed anew.
  mutating func add(_ value: Span<Double>) -> Bool {
    let isFirst = minimum > maximum
    if complex != nil {
      for index in stride(from: 0, to: value.count, by: 2) {
        complex?.add(value[index], value[index + 1])
      }
    }
    for index in value.indices {
      if value[index] < minimum { minimum = value[index] }
      if value[index] > maximum { maximum = value[index] }
    }
    if isCompatible {
      // A range that begins at 1, whatever the values, is adaptive's.
      if isFirst { reference = width == 0 ? 1 : width }
      guard width > 1.1 * reference else { return false }
    } else {
      guard reference == 0 ? width > 0 : width > growthMax * reference else { return false }
    }
    reference = width
    return true
  }
}
