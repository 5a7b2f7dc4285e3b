package import AdaptiveCore

extension TimeSpan {
  /// The forms that ``init(text:)`` reads, for errors and help.
  package static let textForms = "a time such as 90, 90s, 30m, 4h, 2d, 1:30:00 or 1-12:00:00"

  /// Reads a length of time: seconds, a number with one of the units s, m, h, d, or as batch
  /// systems write it: `H:MM:SS`, `MM:SS`, `D-HH:MM:SS`. Nil for anything else and for more than
  /// 100 years.
  package init?(text: String) {
    let seconds =
      text.contains(":") || text.contains("-")
      ? Self.clockSeconds(text) : Self.unitSeconds(text)
    guard let seconds, seconds.isFinite, seconds <= 100 * 365.25 * 86400 else { return nil }
    self.init(seconds: seconds)
  }

  /// The shortest of the forms that reads well: `45s`, `12m 05s`, `3h 07m`, `2d 04h`.
  package var text: String {
    let whole = max(0, Int(seconds.rounded()))
    func padded(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    if whole < 60 { return "\(whole)s" }
    if whole < 3600 { return "\(whole / 60)m \(padded(whole % 60))s" }
    if whole < 86400 { return "\(whole / 3600)h \(padded(whole % 3600 / 60))m" }
    return "\(whole / 86400)d \(padded(whole % 86400 / 3600))h"
  }

  private static func unitSeconds(_ text: String) -> Double? {
    let units: KeyValuePairs = ["s": 1.0, "m": 60, "h": 3600, "d": 86400]
    var digits = Substring(text)
    var factor = 1.0
    if let unit = units.first(where: { text.hasSuffix($0.key) }) {
      digits = digits.dropLast()
      factor = unit.value
    }
    guard digits.utf8.allSatisfy({ "0123456789.eE+".utf8.contains($0) }) else { return nil }
    return Double(digits).map { $0 * factor }
  }

  private static func clockSeconds(_ text: String) -> Double? {
    var days = 0
    var clock = Substring(text)
    if let dash = text.firstIndex(of: "-") {
      guard let count = wholeNumber(text[..<dash]) else { return nil }
      days = count
      clock = text[text.index(after: dash)...]
    }
    let parts = clock.split(separator: ":", omittingEmptySubsequences: false).map(wholeNumber)
    guard (days == 0 && clock.startIndex == text.startIndex ? 2...3 : 1...3).contains(parts.count)
    else { return nil }
    // After days, a single number counts hours, as in Slurm.
    let scales =
      clock.startIndex == text.startIndex
      ? (parts.count == 2 ? [60, 1] : [3600, 60, 1]) : [3600, 60, 1]
    var seconds = Double(days) * 86400
    for (index, part) in parts.enumerated() {
      guard let part, index == 0 || part < 60 else { return nil }
      seconds += Double(part) * Double(scales[index])
    }
    return seconds
  }

  private static func wholeNumber(_ text: Substring) -> Int? {
    guard !text.isEmpty, text.utf8.count <= 9, text.utf8.allSatisfy({ (48...57).contains($0) })
    else { return nil }
    return Int(text)
  }
}
