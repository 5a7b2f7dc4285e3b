import CMPI

/// Where a message came from and how long it is (`MPI_Status`, MPI-4.0 §3.2.5).
public struct Status: Sendable, Equatable {
  /// The sender's rank in the communicator.
  public let source: Int

  /// The tag that the sender gave.
  public let tag: Int

  /// The length of the message in bytes.
  public let byteCount: Int

  /// What a finished send or barrier has to tell: nothing.
  static var empty: Status { Status(source: -1, tag: -1, byteCount: 0) }

  public init(source: Int, tag: Int, byteCount: Int) {
    self.source = source
    self.tag = tag
    self.byteCount = byteCount
  }

  /// Reads the status of a received or probed message (`MPI_Get_count`).
  init(_ status: cmpi_status) throws(MPIError) {
    var status = unsafe status
    var count: Int32 = 0
    unsafe try check(cmpi_get_count(&status, &count), "MPI_Get_count")
    source = Int(unsafe cmpi_status_source(&status))
    tag = Int(unsafe cmpi_status_tag(&status))
    byteCount = Int(count)
  }
}

/// Whose messages a receive or probe takes.
public enum Source: Sendable, Equatable {
  case any
  case rank(Int)

  var rawValue: Int32 {
    switch self {
    case .any: cmpi_any_source
    case .rank(let rank): Int32(clamping: rank)
    }
  }
}

/// Which tag a receive or probe takes.
public enum Tag: Sendable, Equatable {
  case any
  case exactly(Int)

  var rawValue: Int32 {
    switch self {
    case .any: cmpi_any_tag
    case .exactly(let tag): Int32(clamping: tag)
    }
  }
}
