import AdaptiveCore
import Glibc

/// Room for the texts that a function in C may leave, one after another.
@safe
final class ErrorTexts {
  /// Bytes of one text, its zero byte included.
  static let bytesEach = Limits.failureTextBytesMax

  let count: Int
  let texts: UnsafeMutablePointer<CChar>

  init(count: Int) {
    self.count = count
    unsafe texts = .allocate(capacity: count * Self.bytesEach)
    unsafe texts.initialize(repeating: 0, count: count * Self.bytesEach)
  }

  deinit { unsafe texts.deallocate() }

  /// Makes the first `count` texts empty.
  func clear(_ count: Int) {
    for index in 0..<count { unsafe texts[index * Self.bytesEach] = 0 }
  }

  /// What stands at `index`; nil if nothing. A text without a zero byte ends where the next begins;
  /// bytes that are not UTF-8 become replacement characters, control characters spaces, so that a
  /// text stays one line of a log.
  func text(at index: Int) -> String? {
    let start = unsafe texts + index * Self.bytesEach
    let length = unsafe strnlen(start, Self.bytesEach)
    let bytes = unsafe UnsafeRawBufferPointer(start: start, count: length)
    let text = unsafe String(decoding: bytes, as: UTF8.self)
    let line = text.unicodeScalars.map { $0.properties.generalCategory == .control ? " " : $0 }
    let trimmed = String(String.UnicodeScalarView(line))
    return trimmed.allSatisfy(\.isWhitespace) ? nil : trimmed
  }
}
