internal import RealModule

/// What learners of complex values share. Such a value is two doubles a number, the real part
/// first; distances, errors and tolerances are moduli, so that a phase in front of the function
/// changes nothing.
enum ComplexValues {
  private static let field = "values"

  /// - Throws: ``LearnerError`` with code `badSettings` for complex values of an odd count.
  static func check(_ isComplex: Bool, valueCount: Int) throws(LearnerError) {
    guard !isComplex || valueCount.isMultiple(of: 2) else {
      throw LearnerError(
        .badSettings,
        "complex values of \(valueCount) numbers: each is two, such as outputs: 2 for one")
    }
  }

  /// Says that values are complex; of real ones nothing is said, as before there were others.
  static func append(_ isComplex: Bool, to fields: inout SettingFields) {
    if isComplex { fields.append(field, .text("complex")) }
  }

  static func isComplex(_ fields: SettingFields) -> Bool {
    fields.fields.contains { $0.name == field && $0.content == .text("complex") }
  }
}

/// The two farthest known numbers of the complex plane, as far as one look at each can tell: a new
/// number takes the place of one of them where it is farther from the other than they are apart.
///
/// On a line this is the range; else the distance is between 1/√3 and 1 of the largest there is.
struct ComplexRange: Sendable {
  private var first = (real: Double.nan, imaginary: Double.nan)
  private var second = (real: Double.nan, imaginary: Double.nan)
  private(set) var width = 0.0

  /// Takes in a number; one with a part that is none changes nothing.
  mutating func add(_ real: Double, _ imaginary: Double) {
    guard !real.isNaN, !imaginary.isNaN else { return }
    if first.real.isNaN {
      first = (real, imaginary)
      second = first
    }
    let fromFirst = Double.hypot(real - first.real, imaginary - first.imaginary)
    let fromSecond = Double.hypot(real - second.real, imaginary - second.imaginary)
    guard max(fromFirst, fromSecond) > width else { return }
    if fromFirst >= fromSecond {
      second = (real, imaginary)
      width = fromFirst
    } else {
      first = (real, imaginary)
      width = fromSecond
    }
  }
}
