import AdaptiveCore
import Delegation
import Testing

@Suite struct CodecTests {
  // MARK: - Frames

  private func frame(_ write: (inout ByteWriter) -> Void) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: Limits.frameBytesMax)
    let count = bytes.withUnsafeMutableBytes { memory in
      var writer = ByteWriter(memory)
      write(&writer)
      return writer.count
    }
    return Array(bytes[..<count])
  }

  private func frames(_ batch: PointBatch, _ downward: Downward) -> [[UInt8]] {
    var frames: [[UInt8]] = []
    var next = 0
    var coordinate = 0
    repeat {
      frames.append(
        frame {
          MessageCodec.write(
            batch, from: &next, coordinate: &coordinate, upTo: batch.count, downward, to: &$0)
        })
    } while next < batch.count
    return frames
  }

  private func frames(_ batch: ResultBatch, _ upward: Upward) -> [[UInt8]] {
    var frames: [[UInt8]] = []
    var cursor = ResultCursor()
    repeat {
      frames.append(
        frame { MessageCodec.write(batch, from: &cursor, upTo: batch.count, upward, to: &$0) })
    } while cursor.entry < batch.count
    return frames
  }

  private enum Content: Equatable {
    case points(PointBatch, Downward)
    case results(ResultBatch, Upward)
    case piece(ResultBatch, Upward?)
    case order(Order)
    case report(Report)
    case rootOrder(RootOrder)
    case rootReport(RootReport)
  }

  private func read(_ bytes: [UInt8], assembly: ResultBatch = ResultBatch()) throws -> Content {
    try bytes.withUnsafeBytes { memory in
      var reader = ByteReader(memory)
      switch try MessageCodec.kind(&reader) {
      case .points:
        var batch = PointBatch()
        let downward = try MessageCodec.readPoints(&reader, into: &batch)
        return .points(batch, downward)
      case .results:
        var batch = ResultBatch()
        let upward = try MessageCodec.readResults(&reader, into: &batch)
        return .results(batch, upward)
      case .piece:
        var assembly = assembly
        let upward = try MessageCodec.readPiece(&reader, into: &assembly)
        return .piece(assembly, upward)
      case .order: return .order(try MessageCodec.readOrder(&reader))
      case .report: return .report(try MessageCodec.readReport(&reader))
      case .rootOrder: return .rootOrder(try MessageCodec.readRootOrder(&reader))
      case .rootReport: return .rootReport(try MessageCodec.readRootReport(&reader))
      case .rootProgress: throw DecodingError("an account, which a driver writes")
      }
    }
  }

  // MARK: - Random content

  private func randomPoints(_ random: inout RandomSource) -> PointBatch {
    var batch = PointBatch()
    for _ in 0..<Int.random(in: 0...300, using: &random) {
      let isLarge = random.nextUnit() < 0.02
      let dimension = isLarge ? Limits.dimensionMax : Int.random(in: 1...4, using: &random)
      let entry = PointBatch.Entry(
        id: PointID(random.next()), attempt: Attempt(UInt32.random(in: 1...9, using: &random)),
        learner: LearnerIndex(Int.random(in: 0..<100, using: &random)),
        dimension: Int32(dimension))
      let point = (0..<dimension).map { _ in random.nextNormal() }
      batch.append(entry, coordinates: point[...])
    }
    return batch
  }

  private static let texts = [
    "", "no convergence", "Δ = 0 bei μ > 3 (größer als erlaubt)", "収束しません", "👩🏽‍🔬: \u{0} NaN",
    String(repeating: "ż", count: 400),
  ]

  private func randomResults(_ random: inout RandomSource) -> ResultBatch {
    var batch = ResultBatch()
    for _ in 0..<Int.random(in: 0...200, using: &random) {
      var entry = ResultBatch.Entry(
        id: PointID(random.next()), attempt: Attempt(UInt32.random(in: 1...9, using: &random)),
        leaf: Rank(Int.random(in: 0..<1000, using: &random)), seconds: random.nextUnit(),
        valueCount: -1)
      if random.nextUnit() < 0.2 {
        let kind = Failure.Kind.allCases[Int.random(in: 0..<5, using: &random)]
        batch.failures.append(
          Failure(kind, Self.texts[Int.random(in: 0..<Self.texts.count, using: &random)]))
      } else {
        let isLarge = random.nextUnit() < 0.02
        let count = isLarge ? Int.random(in: 4000...30_000, using: &random) : 3
        entry.valueCount = count
        for _ in 0..<count { batch.values.append(random.nextUnit()) }
      }
      batch.entries.append(entry)
    }
    return batch
  }

  // MARK: - Tests

  @Test("points come back as they were sent", arguments: 1...20)
  func points(seed: UInt64) throws {
    var random = RandomSource(seed: seed)
    let sent = randomPoints(&random)
    let downward = Downward(
      echo: Instant(nanoseconds: Int64(truncatingIfNeeded: random.next())),
      held: TimeSpan(nanoseconds: Int64(truncatingIfNeeded: random.next())))
    var received = PointBatch()
    for bytes in frames(sent, downward) {
      guard case .points(let batch, downward) = try read(bytes) else {
        Issue.record("seed \(seed): another message")
        return
      }
      received.entries += batch.entries
      received.coordinates += batch.coordinates
    }
    #expect(received == sent, "seed \(seed)")
  }

  @Test("results come back as they were sent, large values in pieces", arguments: 1...20)
  func results(seed: UInt64) throws {
    var random = RandomSource(seed: seed)
    let sent = randomResults(&random)
    let upward = Upward(window: 17, stamp: Instant(nanoseconds: -3))
    var received = ResultBatch()
    var assembly = ResultBatch()
    for bytes in frames(sent, upward) {
      switch try read(bytes, assembly: assembly) {
      case .results(let batch, upward): received.append(contentsOf: batch)
      case .piece(let whole, .some(upward)):
        received.append(contentsOf: whole)
        assembly = ResultBatch()
      case .piece(let part, nil): assembly = part
      default: Issue.record("seed \(seed): another message")
      }
    }
    #expect(received == sent, "seed \(seed)")
    #expect(assembly.isEmpty)
  }

  @Test("orders and reports come back as they were sent") func ordersAndReports() throws {
    for order in [
      Order.drain, .stop(exitCode: 75), .stop(exitCode: -1), .move(to: Rank(51_199)),
    ] {
      #expect(try read(frame { MessageCodec.write(order, to: &$0) }) == .order(order))
    }
    var statistics = NodeStatistics()
    statistics.leafCount = 128
    statistics.evaluatingCount = 127
    statistics.evaluatedCount = 1 << 40
    statistics.busySeconds = 0.1
    let reports: [Report] =
      [.drained, .stopped, .joined, .left, .statistics(statistics)]
      + StopReason.allCases.map(Report.stopRequested)
    for report in reports {
      #expect(try read(frame { MessageCodec.write(report, to: &$0) }) == .report(report))
    }
  }

  @Test("what roots and coordinator say comes back as it was sent") func coordination() throws {
    let verdicts: [Verdict] =
      [.goalReached, .exhausted, .functionFailsEverywhere, .notSaved]
      + StopReason.allCases.map(Verdict.stopped)
    let reports: [RootReport] =
      [
        .saved(isDurable: true), .saved(isDurable: false), .stopped(childCount: 1 << 20),
        .spare(childCount: 403),
      ]
      + verdicts.map(RootReport.finished) + StopReason.allCases.map(RootReport.stopRequested)
    for report in reports {
      #expect(try read(frame { MessageCodec.write(report, to: &$0) }) == .rootReport(report))
    }
    let heirs = (0..<Limits.batchPointsMax).map { Rank($0 * 1000) }
    let orders: [RootOrder] =
      [.handOver([]), .handOver(heirs), .leave] + verdicts.map(RootOrder.end)
      + verdicts.map(RootOrder.stop)
    for order in orders {
      #expect(try read(frame { MessageCodec.write(order, to: &$0) }) == .rootOrder(order))
    }
  }

  @Test("a value of one more double than travels whole makes two pieces")
  func wholeValueLimit() {
    for (extra, frameCount) in [(0, 1), (1, 2)] {
      var batch = ResultBatch()
      let count = MessageCodec.wholeValueCountMax + extra
      batch.entries.append(
        ResultBatch.Entry(
          id: PointID(1), attempt: .first, leaf: Rank(1), seconds: 1, valueCount: count))
      batch.values = Array(repeating: 1, count: count)
      #expect(frames(batch, Upward(window: 1, stamp: .origin)).count == frameCount)
    }
  }

  /// One frame of every kind.
  private func samples() -> [[UInt8]] {
    var random = RandomSource(seed: 7)
    var points = PointBatch()
    var results = ResultBatch()
    while points.count < 3 { points = randomPoints(&random) }
    while results.failures.count < 3 { results = randomResults(&random) }
    var value = ResultBatch()
    value.entries.append(
      ResultBatch.Entry(
        id: PointID(1), attempt: .first, leaf: Rank(1), seconds: 1, valueCount: 5000))
    value.values = Array(repeating: 1, count: 5000)
    let upward = Upward(window: 3, stamp: .origin)
    let shortPoints = frames(points, Downward(echo: .origin, held: .zero))[0].prefix(300)
    return [
      Array(shortPoints), Array(frames(results, upward)[0].prefix(1500)), frames(value, upward)[0],
      frames(value, upward)[1], frame { MessageCodec.write(Order.stop(exitCode: 0), to: &$0) },
      frame { MessageCodec.write(Report.statistics(NodeStatistics()), to: &$0) },
      frame { MessageCodec.write(RootOrder.handOver([Rank(3), Rank(4)]), to: &$0) },
      frame { MessageCodec.write(RootReport.finished(.stopped(.signal)), to: &$0) },
    ]
  }

  @Test("every truncated frame is an error or a shorter message") func truncations() {
    for sample in samples() {
      let step = sample.count > 4000 ? 97 : 1
      for count in stride(from: 0, to: sample.count, by: step) {
        if case .success(let content) = Result(catching: { try read(Array(sample[..<count])) }) {
          // A batch may end after a whole entry, a piece after a whole double.
          switch content {
          case .points, .results, .piece, .rootOrder(.handOver): break
          case .order, .report, .rootOrder, .rootReport:
            Issue.record("\(content) was read from \(count) bytes")
          }
        }
      }
    }
  }

  @Test("mutated frames are errors or other messages, never a trap") func mutations() {
    let samples = samples()
    var random = RandomSource(seed: 11)
    var errorCount = 0
    var seen = 0
    for round in 0..<100_000 {
      var bytes = Array(samples[round % samples.count].prefix(round % 60 == 2 ? 40_000 : 400))
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        let offset = Int.random(in: 0..<min(bytes.count, 64), using: &random)
        bytes[offset] = UInt8.random(in: 0...255, using: &random)
      }
      seen += 1
      do { _ = try read(bytes) } catch is DecodingError { errorCount += 1 } catch {
        Issue.record("\(error)")
      }
    }
    #expect(seen == 100_000)
    #expect(errorCount > 10_000)
  }
}
