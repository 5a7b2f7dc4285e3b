import CMPI

/// A fixed number of places for requests under way, tested all at once.
///
/// The owner gives each request a token, such as the index of its buffer, and gets it back when
/// the request completes. Nothing is allocated after `init`.
///
/// ```swift
/// var pool = RequestPool(capacity: 16)
/// pool.insert(try world.send(bytes, to: 1, tag: 0), token: 7)
/// while pool.count > 0 {
///   for index in 0..<(try pool.testSome()) { print(pool.completion(index).token) }
/// }
/// ```
@safe public struct RequestPool: ~Copyable {
  /// A request that has completed.
  public struct Completion {
    /// What the owner gave with the request.
    public let token: Int

    /// Where a received message came from; empty for anything but a receive.
    public let status: Status
  }

  /// How many requests the pool can hold.
  public let capacity: Int

  /// How many requests are under way.
  public private(set) var count = 0

  // Requests under way are kept together in front, oldest first, so that a test costs what is under
  // way and not what might be.
  private let requests: UnsafeMutablePointer<cmpi_request>
  private let entries: UnsafeMutablePointer<Entry>
  private let completions: UnsafeMutablePointer<Completion>
  private let indices: UnsafeMutablePointer<Int32>
  private let statuses: UnsafeMutablePointer<cmpi_status>
  private var completionCount = 0
  private var hasFailed = false

  private struct Entry {
    let token: Int
    let kind: Request.Kind
  }

  public init(capacity: Int) {
    precondition(1...Int(Int32.max) ~= capacity)
    self.capacity = capacity
    unsafe requests = .allocate(capacity: capacity)
    unsafe entries = .allocate(capacity: capacity)
    unsafe completions = .allocate(capacity: capacity)
    unsafe indices = .allocate(capacity: capacity)
    unsafe statuses = .allocate(capacity: capacity)
  }

  /// Whether there is no place for another request.
  public var isFull: Bool { count == capacity }

  /// Takes a request over. The pool must not be full, the request not complete.
  public mutating func insert(_ request: consuming Request, token: Int) {
    precondition(!isFull, "the pool of requests is full")
    precondition(!request.isComplete, "only requests under way belong into a pool")
    let (handle, kind) = unsafe request.take()
    unsafe (requests + count).initialize(to: handle)
    unsafe (entries + count).initialize(to: Entry(token: token, kind: kind))
    count += 1
  }

  /// Moves MPI on and returns how many requests have completed; ``completion(_:)`` tells which
  /// (`MPI_Testsome`, MPI-4.0 §3.7.5). Takes time proportional to ``count``. Not collective.
  ///
  /// Throws the first error of a completed request; the pool is not to be used after that.
  public mutating func testSome() throws(MPIError) -> Int {
    completionCount = 0
    guard count > 0 else { return 0 }
    var completed: Int32 = 0
    let code = unsafe cmpi_testsome(Int32(count), requests, &completed, indices, statuses)
    if code != cmpi_success {
      hasFailed = true
      throw failure(code, completed: Int(completed))
    }
    guard completed > 0 else { return 0 }
    for position in 0..<Int(completed) {
      let entry = unsafe entries[Int(indices[position])]
      let status =
        entry.kind == .receive ? unsafe try Status(statuses[position]) : Status.empty
      unsafe (completions + position).initialize(to: Completion(token: entry.token, status: status))
    }
    completionCount = Int(completed)
    removeComplete()
    return completionCount
  }

  /// One of the requests that the last ``testSome()`` found complete.
  public func completion(_ index: Int) -> Completion {
    precondition(0..<completionCount ~= index)
    return unsafe completions[index]
  }

  /// Takes all receives back and returns how many of them had got a message before
  /// (`MPI_Cancel`, §3.8.4). Sends and barriers stay. Not collective.
  public mutating func cancelReceives() throws(MPIError) -> Int {
    var received = 0
    for index in 0..<count where unsafe entries[index].kind == .receive {
      var request = unsafe Request(requests[index], .receive)
      unsafe requests[index] = unsafe cmpi_request_null()
      if try request.cancelReceive() != nil { received += 1 }
    }
    removeComplete()
    return received
  }

  /// Closes the gaps that complete requests, now null, have left.
  private mutating func removeComplete() {
    var kept = 0
    for index in 0..<count where unsafe !cmpi_request_is_null(requests[index]) {
      unsafe requests[kept] = unsafe requests[index]
      unsafe entries[kept] = unsafe entries[index]
      kept += 1
    }
    count = kept
  }

  /// The error of the request that failed, where MPI says that one of several did.
  private func failure(_ code: Int32, completed: Int) -> MPIError {
    if code == cmpi_err_in_status {
      for position in 0..<completed {
        let error = unsafe cmpi_status_error(statuses + position)
        if error != cmpi_success && error != cmpi_err_pending {
          return MPIError(code: error, operation: "MPI_Testsome")
        }
      }
    }
    return MPIError(code: code, operation: "MPI_Testsome")
  }

  deinit {
    precondition(count == 0 || hasFailed, "\(count) unfinished MPI requests were dropped")
    unsafe requests.deallocate()
    unsafe entries.deallocate()
    unsafe completions.deallocate()
    unsafe indices.deallocate()
    unsafe statuses.deallocate()
  }
}
