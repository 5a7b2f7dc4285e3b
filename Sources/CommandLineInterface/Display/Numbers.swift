/// Numbers as people read them: short, and of a width that columns can rely on.
package enum Numbers {
  /// `1 234 567`: thousands apart.
  package static func grouped(_ number: Int) -> String {
    let digits = String(number.magnitude)
    var text = ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index).isMultiple(of: 3) { text.append(" ") }
      text.append(digit)
    }
    return number < 0 ? "-" + text : text
  }

  /// Three significant digits: `0.0123`, `4.50e-07`, `—` where nothing is known yet.
  package static func loss(_ loss: Double) -> String {
    guard loss.isFinite else { return "—" }
    guard loss != 0 else { return "0" }
    let magnitude = loss.magnitude
    if magnitude >= 1e-4, magnitude < 1e5 { return significant(loss) }
    var exponent = 0
    var mantissa = magnitude
    while mantissa >= 10 {
      mantissa /= 10
      exponent += 1
    }
    while mantissa < 1 {
      mantissa *= 10
      exponent -= 1
    }
    // Rounding must not carry into a second digit before the point.
    if mantissa >= 9.995 {
      mantissa = 1
      exponent += 1
    }
    let digits = abs(exponent) < 10 ? "0\(abs(exponent))" : "\(abs(exponent))"
    return (loss < 0 ? "-" : "") + fixed(mantissa, decimals: 2)
      + (exponent < 0 ? "e-" : "e+") + digits
  }

  /// `1.9999998 ± 1.86e-06`, `0.5 - 0.25 i ± 1e-06`: every
  /// digit of the value, for it may be what a campaign is for.
  package static func estimate(
    _ value: Double, imaginary: Double? = nil, error: Double
  ) -> String {
    let part = imaginary.map { " \($0.sign == .minus ? "-" : "+") \($0.magnitude) i" } ?? ""
    return "\(value)\(part) ± \(loss(error))"
  }

  /// Points a second: `0.25`, `8.1`, `850`, `1 240`.
  package static func rate(_ rate: Double) -> String {
    guard rate.isFinite, rate < 1e15 else { return "—" }
    if rate >= 100 { return grouped(Int(rate.rounded())) }
    return fixed(rate, decimals: rate >= 10 ? 1 : 2)
  }

  /// A share from 0 to 1 as whole percents.
  package static func percent(_ share: Double) -> String {
    guard share.isFinite else { return "—" }
    return "\(Int((min(max(share, 0), 1) * 100).rounded())) %"
  }

  /// `decimals` digits behind the point, rounded half away from zero; within ±10¹².
  package static func fixed(_ number: Double, decimals: Int) -> String {
    var scale = 1
    for _ in 0..<decimals { scale *= 10 }
    let scaled = Int((min(max(number.magnitude, 0), 1e12) * Double(scale)).rounded())
    let sign = number < 0 && scaled != 0 ? "-" : ""
    guard decimals > 0 else { return sign + String(scaled) }
    let fraction = String(scaled % scale)
    let zeros = String(repeating: "0", count: decimals - fraction.count)
    return "\(sign)\(scaled / scale).\(zeros)\(fraction)"
  }

  /// Text with spaces before or behind it, to at least `width` characters.
  package static func padded(_ text: String, to width: Int, isRight: Bool = true) -> String {
    let spaces = String(repeating: " ", count: max(0, width - text.count))
    return isRight ? spaces + text : text + spaces
  }

  private static func significant(_ number: Double) -> String {
    var decimals = 2
    var bound = number.magnitude
    while bound < 1, decimals < 6 {
      bound *= 10
      decimals += 1
    }
    while bound >= 10, decimals > 0 {
      bound /= 10
      decimals -= 1
    }
    return fixed(number, decimals: decimals)
  }
}
