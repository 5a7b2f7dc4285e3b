import Crypto

/// SHA-256 of a snapshot's bytes, and the file in which it stands, as `sha256sum` writes it.
///
/// The line stands there twice: where one of the two is damaged, the other still proves the
/// snapshot right.
struct SnapshotDigest: Equatable {
  private let hexadecimalDigits: String

  init(of bytes: [UInt8]) { self.init(SHA256.hash(data: bytes)) }

  init(_ digest: SHA256.Digest) { hexadecimalDigits = hexadecimal(digest) }

  private init(hexadecimalDigits: String) { self.hexadecimalDigits = hexadecimalDigits }

  func text(naming name: String) -> [UInt8] {
    let line = "\(hexadecimalDigits)  \(name)\n"
    return Array((line + line).utf8)
  }

  /// The digests of all lines that are of the right form and name this snapshot.
  static func all(in text: [UInt8], naming name: String) -> [SnapshotDigest] {
    let ending = Array("  \(name)".utf8)
    return text.split(separator: UInt8(ascii: "\n")).compactMap { line in
      let digits = String(decoding: line.prefix(2 * SHA256.byteCount), as: UTF8.self)
      guard line.dropFirst(2 * SHA256.byteCount).elementsEqual(ending),
        bytes(hexadecimal: digits)?.count == SHA256.byteCount
      else { return nil }
      return SnapshotDigest(hexadecimalDigits: digits)
    }
  }
}
