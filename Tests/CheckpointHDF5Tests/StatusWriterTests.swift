import AdaptiveCore
import Foundation
import NodeRuntime
import Testing
import _TestSupport

@testable import CheckpointHDF5

@Suite("The status of a world")
struct StatusWriterTests {
  /// What is rendered is the moment's number.
  struct Numbered: StatusRendering {
    var made = 0

    mutating func bytes(_ moment: Int) -> [UInt8] {
      made += 1
      return Array("\(moment) \(made)".utf8)
    }
  }

  let run: TestRun

  init() throws { run = try TestRun() }

  private func status() throws -> String {
    let reader = try RunReader(run.path)
    return String(decoding: try reader.status.contents() ?? [], as: UTF8.self)
  }

  @Test func theLastMomentIsWrittenAtTheEnd() throws {
    let writer = try run.claim().openStatus(Numbered())
    writer.write(1)
    try wait(for: "the first moment") { try status() == "1 1" }
    writer.write(2)
    writer.close(within: TimeSpan(seconds: 30))
    #expect(try status() == "2 2")
    #expect(!FileManager.default.fileExists(atPath: run.path + "/status.json.new"))
  }

  @Test func aDiskThatHangsHoldsNobodyUp() throws {
    let gate = DispatchSemaphore(value: 0)
    let files = FileSystem { operation, path throws(CheckpointError) in
      if operation == "create", path.hasSuffix("status.json.new") { gate.wait() }
    }
    let writer = try run.claim(files).openStatus(Numbered())
    let start = ContinuousClock.now
    for moment in 1...100_000 { writer.write(moment) }
    writer.close(within: .milliseconds(50))
    #expect(ContinuousClock.now - start < .seconds(10))
    // Of all that came meanwhile only the last is written.
    gate.signal()
    gate.signal()
    try wait(for: "the last moment") { try status().hasPrefix("100000 ") }
  }

  @Test func aDiskThatIsFullIsTriedAgain() throws {
    let failing = Failing()
    let files = FileSystem { operation, path throws(CheckpointError) in
      if operation == "write", path.contains("status.json"), failing.next() {
        throw CheckpointError(.system(ENOSPC), operation: operation, path: path)
      }
    }
    let writer = try run.claim(files).openStatus(Numbered())
    writer.write(1)
    try wait(for: "the failure") { failing.count == 1 }
    writer.write(2)
    writer.close(within: TimeSpan(seconds: 30))
    #expect(try status() == "2 2")
  }

  @Test func aWorldThatLostTheDirectoryWritesNoMore() throws {
    let old = try run.claim().openStatus(Numbered())
    let new = try run.claim().openStatus(Numbered())
    new.write(7)
    new.close(within: TimeSpan(seconds: 30))
    old.write(1)
    old.close(within: TimeSpan(seconds: 30))
    #expect(try status() == "7 1")
  }

  /// Fails the first time.
  private final class Failing: @unchecked Sendable {
    private let lock = NSLock()
    private var calls = 0

    var count: Int { lock.withLock { calls } }

    func next() -> Bool {
      lock.withLock {
        calls += 1
        return calls == 1
      }
    }
  }
}

@Suite("The end of a world")
struct WorldEndTests {
  @Test func whatIsWrittenIsRead() throws {
    let run = try TestRun()
    let claim = try run.claim()
    try claim.recordEnd(exitCode: 78, reason: "it differs:\n  one\n  two", at: 1_795_563_612)
    let end = try #require(try RunReader(run.path).newest.end)
    #expect(end.exitCode == 78 && end.utc == "2026-11-24T23:40:12Z")
    #expect(end.reason == "it differs:\n  one\n  two")
  }

  @Test func anyOtherTextIsNone() {
    for text in [
      "", "\n", "ended utc: x\nexit code: y\nreason: z\n", "ended utc: x\nexit code: 1\n",
    ] {
      #expect(WorldEnd(text: text) == nil)
    }
  }
}
