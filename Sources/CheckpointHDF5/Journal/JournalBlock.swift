/// One block of a journal: `[u32 payload bytes][u32 CRC32C][u64 sequence][payload]`, where the
/// check covers sequence and payload, begins with the journal's own, and sequences count from 1.
enum JournalBlock {
  static let headerByteCount = 16

  static func encode(
    _ payload: [UInt8], sequence: UInt64, seed: UInt32, into bytes: inout [UInt8]
  ) {
    bytes.append(littleEndian: UInt32(payload.count))
    bytes.append(littleEndian: check(payload[...], sequence, seed))
    bytes.append(littleEndian: sequence)
    bytes.append(contentsOf: payload)
  }

  /// The payload of the block at the beginning of `bytes`; nil if there is no such block there.
  static func decode(_ bytes: ArraySlice<UInt8>, sequence: UInt64, seed: UInt32) -> ArraySlice<
    UInt8
  >? {
    var reader = LittleEndianReader(bytes)
    guard let byteCount = reader.read(UInt32.self), byteCount > 0,
      let expected = reader.read(UInt32.self), reader.read(UInt64.self) == sequence,
      let payload = reader.readBytes(Int(byteCount)), check(payload, sequence, seed) == expected
    else { return nil }
    return payload
  }

  /// Whether the block at the beginning of `bytes` ends, by its own account, before they do.
  static func leavesRoomForMore(_ bytes: ArraySlice<UInt8>) -> Bool {
    var reader = LittleEndianReader(bytes)
    guard let byteCount = reader.read(UInt32.self), byteCount > 0 else { return false }
    return headerByteCount + Int(byteCount) < bytes.count
  }

  private static func check(_ payload: ArraySlice<UInt8>, _ sequence: UInt64, _ seed: UInt32)
    -> UInt32
  {
    var number: [UInt8] = []
    number.append(littleEndian: sequence)
    return CRC32C.checksum(payload, after: CRC32C.checksum(number[...], after: seed))
  }
}
