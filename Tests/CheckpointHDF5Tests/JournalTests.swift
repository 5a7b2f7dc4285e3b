import AdaptiveCore
import Foundation
import NodeRuntime
import Testing
import _TestSupport

@testable import CheckpointHDF5

@Suite("Journal files")
struct JournalTests {
  let run: TestRun
  let header: JournalHeader

  init() throws {
    run = try TestRun()
    header = JournalHeader(
      campaign: .random(), shard: 7, position: Position(WorldNumber(3), Generation(12)),
      follows: .init(position: Position(WorldNumber(2), Generation(4)), byteCount: 1 << 40))
  }

  /// A journal of three commits with two blocks each; the entries of each block.
  private func writeJournal() throws -> (path: String, blocks: [[JournalEntry]]) {
    var file = try JournalFile(header, folder: run.directory.path, FileSystem())
    var blocks: [[JournalEntry]] = []
    for commit in 0..<3 {
      var runs: [[UInt8]] = []
      for block in 0..<2 {
        let steps = run.steps(round: commit * 2 + block, count: 5)
        var buffer = JournalBuffer()
        for step in steps { buffer.append(step) }
        runs += buffer.takeRuns()
        blocks.append(steps)
      }
      file.append(runs)
      try file.commit()
    }
    return (run.directory.path(header.position.journalName), blocks)
  }

  private func entries(_ reader: JournalReader) -> [[JournalEntry]] {
    reader.payloads.map { payload in
      var entries: [JournalEntry] = []
      var reader = JournalEntryReader(payload)
      while let entry = reader.next() { entries.append(entry) }
      return entries
    }
  }

  @Test func theCheckIsCastagnolis() {
    #expect(CRC32C.checksum(Array("123456789".utf8)[...]) == 0xE306_9283)
    #expect(CRC32C.checksum([UInt8](repeating: 0, count: 32)[...]) == 0x8A91_36AA)
    #expect(CRC32C.checksum([UInt8](repeating: 0xFF, count: 32)[...]) == 0x62A8_AB43)
    let bytes = (0..<100).map { UInt8($0) }
    for cut in bytes.indices {
      let first = CRC32C.checksum(bytes[..<cut])
      #expect(CRC32C.checksum(bytes[cut...], after: first) == CRC32C.checksum(bytes[...]))
    }
  }

  @Test func whatIsWrittenIsRead() throws {
    let (path, blocks) = try writeJournal()
    let reader = try JournalReader(FileSystem(), path: path, byteCountMax: nil)
    #expect(reader.header == header)
    #expect(entries(reader) == blocks)
    #expect(reader.unreadableByteCount == 0)
  }

  @Test func largeValuesMakeOneBlock() throws {
    let value = (0..<100_000).map(Double.init)
    let entry = JournalEntry.told(
      LearnerIndex(0), point: [1], value: value, seconds: 1, leaf: Rank(1))
    var buffer = JournalBuffer()
    buffer.append(entry)
    var file = try JournalFile(header, folder: run.directory.path, FileSystem())
    file.append(buffer.takeRuns())
    try file.commit()
    let path = run.directory.path(header.position.journalName)
    let reader = try JournalReader(FileSystem(), path: path, byteCountMax: nil)
    #expect(entries(reader) == [[entry]])
  }

  @Test func cutAnywhereTheBlocksBeforeAreRead() throws {
    let (path, blocks) = try writeJournal()
    let good = try Data(contentsOf: URL(fileURLWithPath: path))
    let ends = try blockEnds(path)
    for length in JournalHeader.byteCount..<good.count {
      try good.prefix(length).write(to: URL(fileURLWithPath: path))
      let reader = try JournalReader(FileSystem(), path: path, byteCountMax: nil)
      let whole = ends.filter { $0 <= length }.count
      #expect(entries(reader) == Array(blocks.prefix(whole)), "\(length) bytes")
      #expect(reader.byteCount + reader.unreadableByteCount == length)
    }
    for length in 0..<JournalHeader.copyByteCount {
      try good.prefix(length).write(to: URL(fileURLWithPath: path))
      #expect(throws: CheckpointError.self, "\(length) bytes") {
        _ = try JournalReader(FileSystem(), path: path, byteCountMax: nil)
      }
    }
  }

  @Test func flippedAnywhereTheBlocksBeforeAreRead() throws {
    let (path, blocks) = try writeJournal()
    let good = try Data(contentsOf: URL(fileURLWithPath: path))
    let ends = try blockEnds(path)
    for index in good.indices {
      var bad = good
      bad[index] ^= 1 << (index % 8)
      try bad.write(to: URL(fileURLWithPath: path))
      let reader = try JournalReader(FileSystem(), path: path, byteCountMax: nil)
      let whole =
        index < JournalHeader.byteCount ? blocks.count : ends.filter { $0 <= index }.count
      #expect(entries(reader) == Array(blocks.prefix(whole)), "byte \(index)")
      #expect((reader.unreadableByteCount > 0) == (whole < blocks.count))
    }
  }

  @Test func aBlockOfAnotherJournalIsNone() throws {
    let (path, _) = try writeJournal()
    let good = try Data(contentsOf: URL(fileURLWithPath: path))
    var other = header
    other.campaign = .random()
    try (Data(other.encoded()) + good.dropFirst(JournalHeader.byteCount))
      .write(to: URL(fileURLWithPath: path))
    let reader = try JournalReader(FileSystem(), path: path, byteCountMax: nil)
    #expect(reader.payloads.isEmpty)
  }

  @Test func aNewerFormatIsSaid() throws {
    let (path, _) = try writeJournal()
    var copy = Array(header.encoded()[..<(JournalHeader.copyByteCount - 4)])
    copy[8] = 2
    let check = CRC32C.checksum(copy[...])
    copy += (0..<4).map { UInt8(truncatingIfNeeded: check >> (8 * $0)) }
    try Data(copy + copy).write(to: URL(fileURLWithPath: path))
    do throws(CheckpointError) {
      _ = try JournalReader(FileSystem(), path: path, byteCountMax: nil)
      Issue.record("was read")
    } catch {
      #expect(error.code == .newerFormat)
    }
  }

  /// Where each block ends, found by its length field alone.
  private func blockEnds(_ path: String) throws -> [Int] {
    let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    var ends: [Int] = []
    var offset = JournalHeader.byteCount
    while offset < bytes.count {
      let length = (0..<4).reduce(0) { $0 | Int(bytes[offset + $1]) << (8 * $1) }
      offset += 16 + length
      ends.append(offset)
    }
    return ends
  }
}

extension JournalBuffer {
  mutating func append(_ entry: JournalEntry) {
    switch entry {
    case .asked(let learner, let point):
      appendAsked(learner, PointBuffer(dimension: point.count, doubles: point))
    case .told(let learner, let point, let value, let seconds, let leaf):
      appendTold(
        learner, points: point.span, values: value.span, seconds: [seconds].span,
        leaves: [leaf].span)
    case .failed(let learner, let failed): appendFailed(learner, failed)
    case .elapsed(let elapsed): appendElapsed(elapsed)
    }
  }
}
