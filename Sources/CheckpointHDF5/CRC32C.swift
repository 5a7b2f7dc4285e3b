/// The 32-bit cyclic redundancy check with Castagnoli's polynomial (Castagnoli, Bräuer and
/// Herrmann, IEEE Transactions on Communications 41(6), 1993), as iSCSI and ext4 use it, eight
/// bytes a step (Kounavis and Berry, "Novel table lookup-based algorithms for high-performance CRC
/// generation", IEEE Transactions on Computers 57(11), 2008).
package enum CRC32C {
  /// `tables[t * 256 + b]`: what byte `b`, followed by `t` zero bytes, does to the check.
  private static let tables: [UInt32] = {
    let reversedPolynomial: UInt32 = 0x82F6_3B78
    var tables = [UInt32](repeating: 0, count: 8 * 256)
    for byte in 0..<256 {
      var check = UInt32(byte)
      for _ in 0..<8 { check = (check >> 1) ^ (check & 1 == 0 ? 0 : reversedPolynomial) }
      tables[byte] = check
    }
    for index in 256..<tables.count {
      let before = tables[index - 256]
      tables[index] = (before >> 8) ^ tables[Int(before & 0xFF)]
    }
    return tables
  }()

  /// The check of `bytes`, or of everything so far and `bytes`, when given the check so far.
  package static func checksum(_ bytes: ArraySlice<UInt8>, after check: UInt32 = 0) -> UInt32 {
    var check = ~check
    unsafe bytes.withUnsafeBytes { bytes in
      unsafe tables.withUnsafeBufferPointer { table in
        var offset = 0
        while offset + 8 <= bytes.count {
          let word = unsafe UInt64(
            littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
          let low = UInt32(truncatingIfNeeded: word) ^ check
          let high = UInt32(truncatingIfNeeded: word >> 32)
          check =
            unsafe table[1792 + Int(low & 0xFF)] ^ table[1536 + Int((low >> 8) & 0xFF)]
            ^ table[1280 + Int((low >> 16) & 0xFF)] ^ table[1024 + Int(low >> 24)]
            ^ table[768 + Int(high & 0xFF)] ^ table[512 + Int((high >> 8) & 0xFF)]
            ^ table[256 + Int((high >> 16) & 0xFF)] ^ table[Int(high >> 24)]
          offset += 8
        }
        while offset < bytes.count {
          check = unsafe (check >> 8) ^ table[Int((check ^ UInt32(bytes[offset])) & 0xFF)]
          offset += 1
        }
      }
    }
    return ~check
  }
}
