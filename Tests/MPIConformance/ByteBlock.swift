import AdaptiveCore
import Glibc

/// Memory for messages.
@safe
struct ByteBlock: ~Copyable {
  let mutableBytes: UnsafeMutableRawBufferPointer

  var bytes: UnsafeRawBufferPointer { unsafe UnsafeRawBufferPointer(mutableBytes) }

  /// Zeros.
  init(count: Int) {
    unsafe mutableBytes = .allocate(byteCount: count, alignment: 64)
    unsafe mutableBytes.initializeMemory(as: UInt8.self, repeating: 0)
  }

  /// Random bytes, the same for the same seed.
  init(count: Int, seed: UInt64) {
    self.init(count: count)
    var random = RandomSource(seed: seed)
    for offset in stride(from: 0, to: count - 7, by: 8) {
      unsafe mutableBytes.storeBytes(of: random.next(), toByteOffset: offset, as: UInt64.self)
    }
    for offset in (count & ~7)..<count {
      unsafe mutableBytes[offset] = UInt8(truncatingIfNeeded: random.next())
    }
  }

  func slice(_ range: Range<Int>) -> UnsafeRawBufferPointer {
    unsafe UnsafeRawBufferPointer(rebasing: bytes[range])
  }

  func mutableSlice(_ range: Range<Int>) -> UnsafeMutableRawBufferPointer {
    unsafe UnsafeMutableRawBufferPointer(rebasing: mutableBytes[range])
  }

  deinit { unsafe mutableBytes.deallocate() }
}

/// Whether two runs of bytes are the same.
func areEqual(_ a: UnsafeRawBufferPointer, _ b: UnsafeRawBufferPointer) -> Bool {
  guard a.count == b.count else { return false }
  guard let first = a.baseAddress, let second = b.baseAddress, a.count > 0 else { return true }
  return unsafe memcmp(first, second, a.count) == 0
}
