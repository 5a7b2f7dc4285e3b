import AdaptiveCore

/// What a journal's file begins with: whose it is, and which journal it goes on from.
///
/// It stands there twice, so that one damaged place does not hide the blocks behind it.
struct JournalHeader: Equatable, Sendable {
  /// The journal before, of which the first `byteCount` bytes count.
  struct Predecessor: Equatable, Sendable {
    var position: Position
    var byteCount: Int
  }

  var campaign: CampaignID
  var shard: Int
  var position: Position

  /// nil for the first journal of a campaign, which begins with learners that know nothing, and
  /// where ``needsSnapshot``.
  var follows: Predecessor?

  /// What came before is in the snapshot of this place and in no journal: earlier ones fell too far
  /// behind and were given up.
  var needsSnapshot = false

  static let formatVersion: UInt32 = 1
  static let copyByteCount = 64
  static let byteCount = 2 * copyByteCount

  private static let magic = Array("adaptjrn".utf8)

  /// Both copies, the check of each at its end.
  func encoded() -> [UInt8] {
    var bytes = Self.magic
    bytes.append(littleEndian: Self.formatVersion)
    bytes += campaign.bytes
    bytes.append(littleEndian: UInt32(shard))
    bytes.append(littleEndian: position.world.rawValue)
    bytes.append(littleEndian: position.generation.rawValue)
    bytes.append(littleEndian: needsSnapshot ? 2 : UInt32(follows == nil ? 0 : 1))
    bytes.append(littleEndian: follows?.position.world.rawValue ?? 0)
    bytes.append(littleEndian: follows?.position.generation.rawValue ?? 0)
    bytes.append(littleEndian: UInt64(follows?.byteCount ?? 0))
    bytes.append(littleEndian: CRC32C.checksum(bytes[...]))
    return bytes + bytes
  }

  /// The check of the header, with which the checks of its blocks begin: a block of another
  /// journal is not taken for one of this.
  var blockSeed: UInt32 { CRC32C.checksum(encoded()[..<(Self.copyByteCount - 4)]) }

  /// - Throws: ``CheckpointError/Code/damaged`` where neither copy is whole, and
  ///   ``CheckpointError/Code/newerFormat``.
  static func decode(_ bytes: ArraySlice<UInt8>, path: String) throws(CheckpointError)
    -> JournalHeader
  {
    for copy in 0..<2 {
      let start = bytes.startIndex + copy * copyByteCount
      guard start + copyByteCount <= bytes.endIndex else { break }
      if let header = try decodeCopy(bytes[start..<start + copyByteCount], path: path) {
        return header
      }
    }
    throw CheckpointError(
      .damaged, operation: "read journal", path: path, detail: "its header is not whole")
  }

  private static func decodeCopy(_ bytes: ArraySlice<UInt8>, path: String) throws(CheckpointError)
    -> JournalHeader?
  {
    var reader = LittleEndianReader(bytes)
    guard let magic = reader.readBytes(magic.count), Array(magic) == self.magic,
      let version = reader.read(UInt32.self),
      let campaign = reader.readBytes(CampaignID.byteCount).flatMap({ CampaignID($0) }),
      let shard = reader.read(UInt32.self),
      let world = reader.read(UInt32.self), let generation = reader.read(UInt32.self),
      let beginning = reader.read(UInt32.self), beginning <= 2,
      let worldBefore = reader.read(UInt32.self),
      let generationBefore = reader.read(UInt32.self),
      let byteCount = reader.read(UInt64.self), let check = reader.read(UInt32.self),
      check == CRC32C.checksum(bytes.dropLast(4)), byteCount <= UInt64(Int.max)
    else { return nil }
    guard version == formatVersion else {
      throw CheckpointError(
        .newerFormat, operation: "read journal", path: path,
        detail: "format \(version), this program knows \(formatVersion); use a newer one")
    }
    let predecessor = Predecessor(
      position: Position(WorldNumber(worldBefore), Generation(generationBefore)),
      byteCount: Int(byteCount))
    return JournalHeader(
      campaign: campaign, shard: Int(shard),
      position: Position(WorldNumber(world), Generation(generation)),
      follows: beginning == 1 ? predecessor : nil, needsSnapshot: beginning == 2)
  }
}
