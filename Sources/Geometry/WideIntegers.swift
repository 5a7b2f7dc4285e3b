/// Signed integers of a fixed number of 64-bit words, the lowest first, in two's complement, on
/// bare memory: what exact predicates compute with. Wide enough by the caller's proof; a result
/// that does not fit wraps around.
@unsafe
struct WideIntegers {
  let words: UnsafeMutablePointer<UInt64>
  /// Words of one integer.
  let width: Int

  @inline(__always)
  private func integer(_ index: Int) -> UnsafeMutablePointer<UInt64> {
    unsafe words + index &* width
  }

  @inline(__always)
  func set(_ index: Int, to value: Int) {
    for word in unsafe 0..<width { unsafe integer(index)[word] = value < 0 ? .max : 0 }
    unsafe integer(index)[0] = UInt64(bitPattern: Int64(value))
  }

  /// -1, 0 or 1.
  func sign(_ index: Int) -> Int {
    let integer = unsafe integer(index)
    if unsafe integer[width - 1] >> 63 == 1 { return -1 }
    for word in unsafe 0..<width where unsafe integer[word] != 0 { return 1 }
    return 0
  }

  /// Adds the product of one integer and a number to another integer, `shift` words higher, or
  /// subtracts it. Modulo 2^(64 · width) the two's complement of a negative integer needs no other
  /// treatment than a positive one.
  @inline(__always)
  func accumulate(
    _ target: Int, _ factor: Int, times number: UInt64, isSubtracted: Bool, shift: Int = 0
  ) {
    let sum = unsafe integer(target) + shift
    let factor = unsafe integer(factor)
    var carry: UInt64 = 0
    for word in unsafe 0..<(width - shift) {
      let (high, low) = unsafe factor[word].multipliedFullWidth(by: number)
      let (product, overflow) = low.addingReportingOverflow(carry)
      carry = high &+ (overflow ? 1 : 0)
      if isSubtracted {
        let (rest, borrow) = unsafe sum[word].subtractingReportingOverflow(product)
        unsafe sum[word] = rest
        carry &+= borrow ? 1 : 0
      } else {
        let (total, overflow) = unsafe sum[word].addingReportingOverflow(product)
        unsafe sum[word] = total
        carry &+= overflow ? 1 : 0
      }
    }
  }
}
