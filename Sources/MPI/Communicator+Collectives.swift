import CMPI

/// How values of all ranks become one (MPI-4.0 §6.9.2).
public enum ReductionOperation: Sendable {
  case minimum
  case maximum
  case sum

  var rawValue: cmpi_op {
    switch self {
    case .minimum: cmpi_op_min
    case .maximum: cmpi_op_max
    case .sum: cmpi_op_sum
    }
  }
}

/// A value and the rank that has it, laid out as `MPI_2INT` (MPI-4.0 §6.9.4).
public struct ValueAndRank: Sendable, Equatable, BitwiseCopyable {
  public var value: Int32
  public var rank: Int32
}

extension Communicator {
  /// Returns when every rank has called it (`MPI_Barrier`, §6.3). *Collective*.
  public func barrier() throws(MPIError) {
    unsafe try check(cmpi_barrier(handle), "MPI_Barrier")
  }

  /// A request that is complete when every rank has called this (`MPI_Ibarrier`, §6.12.1).
  /// *Collective*, but returns at once.
  public func startBarrier() throws(MPIError) -> Request {
    var request = unsafe cmpi_request_null()
    unsafe try check(cmpi_ibarrier(handle, &request), "MPI_Ibarrier")
    return unsafe Request(request, .barrier)
  }

  // MARK: Broadcast

  /// The longest piece that one `MPI_Bcast` moves; its count is an `int`.
  public static var broadcastPieceBytesMax: Int { 1 << 30 }

  /// Copies the bytes of `root` to all ranks (`MPI_Bcast`, §6.4), in pieces where they are more
  /// than one call can move. *Collective*: every rank passes a buffer of the same length.
  ///
  /// - Parameters:
  ///   - pieceBytesMax: the longest piece, the same on every rank.
  public func broadcast(
    _ bytes: UnsafeMutableRawBufferPointer, from root: Int,
    pieceBytesMax: Int = Communicator.broadcastPieceBytesMax
  ) throws(MPIError) {
    precondition(1...Communicator.broadcastPieceBytesMax ~= pieceBytesMax)
    var offset = 0
    while offset < bytes.count {
      let count = min(pieceBytesMax, bytes.count - offset)
      let piece = unsafe bytes.baseAddress.map { unsafe $0 + offset }
      unsafe try check(
        cmpi_bcast(piece, Int32(count), Int32(clamping: root), handle), "MPI_Bcast")
      offset += count
    }
  }

  /// Returns the bytes that `root` passed, on every rank; what the others pass does not matter
  /// (`MPI_Bcast`, §6.4). *Collective*.
  public func broadcast(_ bytes: [UInt8], from root: Int) throws(MPIError) -> [UInt8] {
    let count = Int(try broadcast(Int64(bytes.count), from: root))
    var result = rank == root ? bytes : [UInt8](repeating: 0, count: count)
    var failure: MPIError?
    unsafe result.withUnsafeMutableBytes { buffer in
      do throws(MPIError) {
        unsafe try broadcast(buffer, from: root)
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    return result
  }

  /// Returns the value that `root` passed, on every rank (`MPI_Bcast`, §6.4). *Collective*.
  public func broadcast<Value: BitwiseCopyable>(
    _ value: Value, from root: Int
  ) throws(MPIError) -> Value {
    var value = value
    let code = unsafe withUnsafeMutableBytes(of: &value) { buffer in
      unsafe cmpi_bcast(buffer.baseAddress, Int32(buffer.count), Int32(clamping: root), handle)
    }
    try check(code, "MPI_Bcast")
    return value
  }

  // MARK: Gather

  /// Returns the values of all ranks, indexed by rank, on `root`, and nil elsewhere
  /// (`MPI_Gather`, §6.5). *Collective*.
  public func gather<Value: BitwiseCopyable>(
    _ value: Value, to root: Int
  ) throws(MPIError) -> [Value]? {
    var values = [Value](repeating: value, count: rank == root ? size : 0)
    let code = unsafe values.withUnsafeMutableBytes { gathered in
      unsafe withUnsafeBytes(of: value) { own in
        unsafe cmpi_gather(
          own.baseAddress, Int32(own.count), gathered.baseAddress, Int32(clamping: root), handle)
      }
    }
    try check(code, "MPI_Gather")
    return rank == root ? values : nil
  }

  /// Returns the values of all ranks, indexed by rank, on every rank (`MPI_Allgather`, §6.7).
  /// *Collective*.
  public func allGather<Value: BitwiseCopyable>(_ value: Value) throws(MPIError) -> [Value] {
    var values = [Value](repeating: value, count: size)
    let code = unsafe values.withUnsafeMutableBytes { gathered in
      unsafe withUnsafeBytes(of: value) { own in
        unsafe cmpi_allgather(own.baseAddress, Int32(own.count), gathered.baseAddress, handle)
      }
    }
    try check(code, "MPI_Allgather")
    return values
  }

  // MARK: Reduce

  /// Reduces element by element over all ranks, the result on every rank (`MPI_Allreduce`,
  /// §6.9.6). *Collective*: every rank passes the same number of elements.
  public func allReduce(
    _ values: [Int64], _ operation: ReductionOperation
  ) throws(MPIError) -> [Int64] {
    try allReduce(values, cmpi_datatype_int64, operation.rawValue)
  }

  /// Reduces element by element over all ranks, the result on every rank (`MPI_Allreduce`,
  /// §6.9.6). *Collective*: every rank passes the same number of elements. The order of a sum, and
  /// so its rounding, is the library's choice.
  public func allReduce(
    _ values: [Double], _ operation: ReductionOperation
  ) throws(MPIError) -> [Double] {
    try allReduce(values, cmpi_datatype_double, operation.rawValue)
  }

  /// Reduces one value of each rank (`MPI_Allreduce`, §6.9.6). *Collective*.
  public func allReduce(
    _ value: Int64, _ operation: ReductionOperation
  ) throws(MPIError) -> Int64 {
    try allReduce([value], cmpi_datatype_int64, operation.rawValue)[0]
  }

  /// Reduces one value of each rank (`MPI_Allreduce`, §6.9.6). *Collective*.
  public func allReduce(
    _ value: Double, _ operation: ReductionOperation
  ) throws(MPIError) -> Double {
    try allReduce([value], cmpi_datatype_double, operation.rawValue)[0]
  }

  /// The lowest value and the lowest rank that has it (`MPI_MINLOC`, §6.9.4). *Collective*.
  public func allReduceMinimum(_ value: Int32) throws(MPIError) -> ValueAndRank {
    try allReduce(
      [ValueAndRank(value: value, rank: Int32(rank))], cmpi_datatype_int_pair, cmpi_op_minloc)[0]
  }

  /// The highest value and the lowest rank that has it (`MPI_MAXLOC`, §6.9.4). *Collective*.
  public func allReduceMaximum(_ value: Int32) throws(MPIError) -> ValueAndRank {
    try allReduce(
      [ValueAndRank(value: value, rank: Int32(rank))], cmpi_datatype_int_pair, cmpi_op_maxloc)[0]
  }

  private func allReduce<Element: BitwiseCopyable>(
    _ values: [Element], _ datatype: cmpi_datatype, _ operation: cmpi_op
  ) throws(MPIError) -> [Element] {
    guard let count = Int32(exactly: values.count) else {
      throw MPIError(
        .count, operation: "MPI_Allreduce",
        message: "\(values.count) elements are more than one call can reduce")
    }
    var values = values
    let code = unsafe values.withUnsafeMutableBytes { buffer in
      unsafe cmpi_allreduce(buffer.baseAddress, count, datatype, operation, handle)
    }
    try check(code, "MPI_Allreduce")
    return values
  }
}
