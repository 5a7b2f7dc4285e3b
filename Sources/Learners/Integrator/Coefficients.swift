internal import RealModule

/// A number that a real function leaves without an imaginary part.
struct ComplexNumber: Sendable {
  var real = 0.0
  var imaginary = 0.0

  var modulus: Double { imaginary == 0 ? real.magnitude : Double.hypot(real, imaginary) }

  static func += (a: inout Self, b: Self) {
    a.real += b.real
    a.imaginary += b.imaginary
  }

  /// The real part of a quotient: how much longer one number is in the direction of the other.
  static func / (a: Self, b: Self) -> Double {
    guard a.imaginary != 0 || b.imaginary != 0 else { return a.real / b.real }
    return (a.real * b.real + a.imaginary * b.imaginary)
      / (b.real * b.real + b.imaginary * b.imaginary)
  }
}

/// A polynomial by its coefficients of orthonormal Legendre polynomials; of complex values, one for
/// the real and one for the imaginary parts.
struct Coefficients: Sendable {
  var real: [Double] = []
  var imaginary: [Double] = []

  var first: ComplexNumber {
    ComplexNumber(real: real[0], imaginary: imaginary.isEmpty ? 0 : imaginary[0])
  }

  /// The polynomials through the values of a stretch.
  init(_ values: [Double], depth: Int) {
    let rule = ClenshawCurtis.shared
    let count = rule.nodes.count
    guard values.count > count else {
      real = rule.coefficients(values, depth: depth)
      return
    }
    real = rule.coefficients(Array(values[..<count]), depth: depth)
    imaginary = rule.coefficients(Array(values[count...]), depth: depth)
  }

  init(real: [Double] = [], imaginary: [Double] = []) {
    self.real = real
    self.imaginary = imaginary
  }

  /// On the left or right half.
  func shifted(toLeft: Bool) -> Self {
    let rule = ClenshawCurtis.shared
    return Self(
      real: rule.shifted(real, toLeft: toLeft),
      imaginary: imaginary.isEmpty ? [] : rule.shifted(imaginary, toLeft: toLeft))
  }

  /// The norm of the difference.
  func distance(to other: Self = Self()) -> Double {
    let real = ClenshawCurtis.distance(real, other.real)
    guard !imaginary.isEmpty || !other.imaginary.isEmpty else { return real }
    return Double.hypot(real, ClenshawCurtis.distance(imaginary, other.imaginary))
  }
}
