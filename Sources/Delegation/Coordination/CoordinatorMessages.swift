package import AdaptiveCore

/// What a root says to the coordinator.
package enum RootReport: Sendable, Equatable {
  /// No learner of this root wants another point, or its function fails everywhere.
  case finished(Verdict)
  /// So many more of its children have leaves without a point, and it will have none for them.
  case spare(childCount: Int)
  /// Somebody asked this root, or a rank of its tree, to stop the world.
  case stopRequested(StopReason)
  /// All that this root knows is durable, or cannot be made so.
  case saved(isDurable: Bool)
  /// So many of the root's children have stopped until now, and none is left that has not.
  case stopped(childCount: Int)
}

/// What the coordinator says to a root.
package enum RootOrder: Sendable, Equatable {
  /// Send one child to each of these roots, to the first first.
  case handOver([Rank])
  /// Drain within the grace, and save.
  case end(Verdict)
  /// Stop whoever is your child, and whoever still becomes it.
  case stop(Verdict)
  /// Every rank below a root has stopped: leave the loop.
  case leave
}

// MARK: - Bytes

extension MessageCodec {
  package static func write(_ report: RootReport, to writer: inout ByteWriter) {
    writer.write(Kind.rootReport.rawValue)
    switch report {
    case .finished(let verdict):
      writer.write(UInt8(1))
      write(verdict, to: &writer)
    case .stopRequested(let reason):
      writer.write(UInt8(2))
      writer.write(reason.rawValue)
    case .saved(let isDurable):
      writer.write(UInt8(3))
      writer.write(UInt8(isDurable ? 1 : 0))
    case .stopped(let childCount):
      writer.write(UInt8(4))
      writer.write(childCount)
    case .spare(let childCount):
      writer.write(UInt8(5))
      writer.write(childCount)
    }
  }

  package static func readRootReport(
    _ reader: inout ByteReader
  ) throws(DecodingError) -> RootReport {
    switch try reader.read(UInt8.self) {
    case 1: return .finished(try readVerdict(&reader))
    case 2: return .stopRequested(try readStopReason(&reader))
    case 3: return .saved(isDurable: try reader.read(UInt8.self) != 0)
    case 4: return .stopped(childCount: try reader.read(Int.self))
    case 5: return .spare(childCount: try reader.read(Int.self))
    case let other: throw DecodingError("report \(other) of a root where 1 to 5 are allowed")
    }
  }

  package static func write(_ order: RootOrder, to writer: inout ByteWriter) {
    writer.write(Kind.rootOrder.rawValue)
    switch order {
    case .handOver(let heirs):
      writer.write(UInt8(1))
      for heir in heirs { writer.write(heir.rawValue) }
    case .end(let verdict):
      writer.write(UInt8(2))
      write(verdict, to: &writer)
    case .stop(let verdict):
      writer.write(UInt8(3))
      write(verdict, to: &writer)
    case .leave:
      writer.write(UInt8(4))
    }
  }

  package static func readRootOrder(
    _ reader: inout ByteReader
  ) throws(DecodingError) -> RootOrder {
    switch try reader.read(UInt8.self) {
    case 1:
      var heirs: [Rank] = []
      while reader.remaining > 0 { heirs.append(Rank(try reader.read(Int32.self))) }
      return .handOver(heirs)
    case 2: return .end(try readVerdict(&reader))
    case 3: return .stop(try readVerdict(&reader))
    case 4: return .leave
    case let other: throw DecodingError("order \(other) to a root where 1 to 4 are allowed")
    }
  }

  static func readStopReason(_ reader: inout ByteReader) throws(DecodingError) -> StopReason {
    let byte = try reader.read(UInt8.self)
    guard let reason = StopReason(rawValue: byte) else {
      throw DecodingError("stop reason \(byte)")
    }
    return reason
  }

  private static func write(_ verdict: Verdict, to writer: inout ByteWriter) {
    switch verdict {
    case .goalReached: writer.write(UInt8(1))
    case .exhausted: writer.write(UInt8(2))
    case .stopped(let reason):
      writer.write(UInt8(3))
      writer.write(reason.rawValue)
    case .functionFailsEverywhere: writer.write(UInt8(4))
    case .notSaved: writer.write(UInt8(5))
    }
  }

  private static func readVerdict(_ reader: inout ByteReader) throws(DecodingError) -> Verdict {
    switch try reader.read(UInt8.self) {
    case 1: return .goalReached
    case 2: return .exhausted
    case 3: return .stopped(try readStopReason(&reader))
    case 4: return .functionFailsEverywhere
    case 5: return .notSaved
    case let other: throw DecodingError("verdict \(other) where 1 to 5 are allowed")
    }
  }
}
