/// 16 random bytes that a campaign gets when its directory is first used: files of another campaign
/// are told by it.
package struct CampaignID: Hashable, Sendable {
  package let bytes: [UInt8]

  package static let byteCount = 16

  package static func random() -> CampaignID {
    var generator = SystemRandomNumberGenerator()
    return CampaignID(
      bytes: (0..<byteCount).map { _ in UInt8.random(in: 0...255, using: &generator) })
  }

  private init(bytes: [UInt8]) { self.bytes = bytes }

  package init?(_ bytes: some Collection<UInt8>) {
    guard bytes.count == Self.byteCount else { return nil }
    self.bytes = Array(bytes)
  }

  package init?(hexadecimal text: some StringProtocol) {
    guard let bytes = CheckpointHDF5.bytes(hexadecimal: text) else { return nil }
    self.init(bytes)
  }

  package var hexadecimal: String { CheckpointHDF5.hexadecimal(bytes) }
}

/// Two digits a byte, in lower case.
func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
  let digits = Array("0123456789abcdef".utf8)
  var text: [UInt8] = []
  for byte in bytes {
    text.append(digits[Int(byte >> 4)])
    text.append(digits[Int(byte & 15)])
  }
  return String(decoding: text, as: UTF8.self)
}

extension UInt32 {
  /// The four bytes, the highest first.
  var bigEndianBytes: [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: self >> (24 - 8 * $0)) } }
}

/// nil unless `text` is pairs of digits in lower case.
func bytes(hexadecimal text: some StringProtocol) -> [UInt8]? {
  var nibbles: [UInt8] = []
  for character in text.utf8 {
    switch character {
    case 0x30...0x39: nibbles.append(character - 0x30)
    case 0x61...0x66: nibbles.append(character - 0x61 + 10)
    default: return nil
    }
  }
  guard nibbles.count.isMultiple(of: 2) else { return nil }
  return stride(from: 0, to: nibbles.count, by: 2).map { nibbles[$0] << 4 | nibbles[$0 + 1] }
}
