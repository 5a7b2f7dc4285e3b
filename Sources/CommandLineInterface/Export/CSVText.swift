/// Rows of comma-separated values (RFC 4180, lines ended by a line feed), in UTF-8.
struct CSVText {
  private(set) var bytes: [UInt8] = []
  private var isAtRowStart = true

  /// Quoted where it must be, so that any text reads back as it was.
  mutating func append(_ text: String) {
    beginField()
    let needsQuotes = text.utf8.contains { byte in
      byte == UInt8(ascii: "\"") || byte == UInt8(ascii: ",") || byte == UInt8(ascii: "\n")
        || byte == UInt8(ascii: "\r")
    }
    guard needsQuotes else {
      bytes += text.utf8
      return
    }
    bytes.append(UInt8(ascii: "\""))
    for byte in text.utf8 {
      if byte == UInt8(ascii: "\"") { bytes.append(byte) }
      bytes.append(byte)
    }
    bytes.append(UInt8(ascii: "\""))
  }

  /// The shortest digits that read back as the same double; `nan`, `inf`, `-inf`.
  mutating func append(_ number: Double) {
    beginField()
    bytes += "\(number)".utf8
  }

  mutating func append(_ number: Int) {
    beginField()
    bytes += String(number).utf8
  }

  mutating func appendEmpty(_ count: Int = 1) {
    for _ in 0..<count { beginField() }
  }

  mutating func endRow() {
    bytes.append(UInt8(ascii: "\n"))
    isAtRowStart = true
  }

  mutating func removeAll() { bytes.removeAll(keepingCapacity: true) }

  private mutating func beginField() {
    if !isAtRowStart { bytes.append(UInt8(ascii: ",")) }
    isAtRowStart = false
  }
}
