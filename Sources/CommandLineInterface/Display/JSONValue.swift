/// A JSON text (RFC 8259) to be written: keys in the order in which people want to read them,
/// numbers that read back exactly, null for those that JSON does not have.
package indirect enum JSONValue: Sendable, Equatable {
  case null
  case bool(Bool)
  case integer(Int)
  case number(Double)
  case text(String)
  case list([JSONValue])
  case object([Member])

  package struct Member: Sendable, Equatable {
    package var key: String
    package var value: JSONValue
  }

  /// An object of these members, in this order.
  package static func members(_ members: KeyValuePairs<String, JSONValue>) -> JSONValue {
    .object(members.map { Member(key: $0.key, value: $0.value) })
  }

  /// null for nil.
  package static func text(orNull text: String?) -> JSONValue { text.map { .text($0) } ?? .null }

  package static func number(orNull number: Double?) -> JSONValue {
    number.map { .number($0) } ?? .null
  }

  package static func integer(orNull number: Int?) -> JSONValue {
    number.map { .integer($0) } ?? .null
  }

  /// UTF-8 with a line for each member and list element, except within the innermost.
  package var bytes: [UInt8] {
    var bytes: [UInt8] = []
    append(to: &bytes, indent: 0)
    bytes.append(UInt8(ascii: "\n"))
    return bytes
  }
}

extension JSONValue {
  private func append(to bytes: inout [UInt8], indent: Int) {
    switch self {
    case .null: bytes += "null".utf8
    case .bool(let flag): bytes += (flag ? "true" : "false").utf8
    case .integer(let number): bytes += String(number).utf8
    case .number(let number): bytes += (number.isFinite ? "\(number)" : "null").utf8
    case .text(let text): Self.append(text, to: &bytes)
    case .list(let values):
      append(values, between: "[", "]", to: &bytes, indent) { value, bytes, indent in
        value.append(to: &bytes, indent: indent)
      }
    case .object(let members):
      append(members, between: "{", "}", to: &bytes, indent) { member, bytes, indent in
        Self.append(member.key, to: &bytes)
        bytes += ": ".utf8
        member.value.append(to: &bytes, indent: indent)
      }
    }
  }

  private func append<Element>(
    _ elements: [Element], between open: String, _ close: String, to bytes: inout [UInt8],
    _ indent: Int, _ body: (Element, inout [UInt8], Int) -> Void
  ) {
    let isInnermost = isInnermost
    let inner = String(repeating: " ", count: indent + 2)
    bytes += open.utf8
    for (index, element) in elements.enumerated() {
      if index > 0 { bytes += (isInnermost ? ", " : ",").utf8 }
      if !isInnermost { bytes += "\n\(inner)".utf8 }
      body(element, &bytes, indent + 2)
    }
    if !isInnermost { bytes += "\n\(String(repeating: " ", count: indent))".utf8 }
    bytes += close.utf8
  }

  /// Whether it holds no object and no list with anything in it.
  private var isInnermost: Bool {
    switch self {
    case .list(let values): !values.contains { $0.isNested }
    case .object(let members): !members.contains { $0.value.isNested }
    default: true
    }
  }

  private var isNested: Bool {
    switch self {
    case .list(let values): !values.isEmpty
    case .object: true
    default: false
    }
  }

  private static func append(_ text: String, to bytes: inout [UInt8]) {
    let digits = Array("0123456789abcdef".utf8)
    bytes.append(UInt8(ascii: "\""))
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"):
        bytes.append(UInt8(ascii: "\\"))
        bytes.append(byte)
      case 0..<0x20, 0x7F:
        bytes += "\\u00".utf8
        bytes.append(digits[Int(byte >> 4)])
        bytes.append(digits[Int(byte & 15)])
      default: bytes.append(byte)
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }
}
