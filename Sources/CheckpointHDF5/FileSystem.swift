import Glibc

/// The few calls to the operating system that a checkpoint needs, each checked, none interrupted by
/// a signal, none following a symbolic link at the end of a path.
package struct FileSystem: Sendable {
  /// Called before each call that changes something, with its name and path; throws in its place.
  /// Tests stop a writer here, or let a call fail.
  package var willPerform: (@Sendable (String, String) throws(CheckpointError) -> Void)?

  /// Called before a look at a name, with it; throws in its place. Tests let a look fail.
  package var willLook: (@Sendable (String) throws(CheckpointError) -> Void)?

  package init(
    willPerform: (@Sendable (String, String) throws(CheckpointError) -> Void)? = nil
  ) {
    self.willPerform = willPerform
  }

  private func announce(_ operation: String, _ path: String) throws(CheckpointError) {
    try willPerform?(operation, path)
  }

  /// Creates a folder for the user alone, durably; one that is there must be the user's own.
  package func makeFolder(_ path: String) throws(CheckpointError) {
    try announce("mkdir", path)
    if retried({ unsafe mkdir(path, 0o700) }) == 0 {
      return try synchroniseFolder(parent(of: path))
    }
    guard errno == EEXIST else { throw failure("mkdir", path) }
    var status = stat()
    guard unsafe stat(path, &status) == 0 else { throw failure("stat", path) }
    guard status.st_mode & S_IFMT == S_IFDIR, status.st_uid == geteuid() else {
      throw CheckpointError(
        .untrusted, operation: "open folder", path: path,
        detail: "not a folder, or another user's (\(status.st_uid), we are \(geteuid()))")
    }
  }

  /// The names in a folder in ascending order; none if there is no folder.
  package func names(in path: String) throws(CheckpointError) -> [String] {
    try willLook?(path)
    guard let folder = unsafe opendir(path) else {
      if errno == ENOENT { return [] }
      throw failure("opendir", path)
    }
    defer { unsafe closedir(folder) }
    var names: [String] = []
    while true {
      errno = 0
      guard let entry = unsafe readdir(folder) else {
        guard errno == 0 else { throw failure("readdir", path) }
        return names.sorted()
      }
      let name = unsafe withUnsafeBytes(of: entry.pointee.d_name) { bytes in
        unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != "." && name != ".." { names.append(name) }
    }
  }

  /// Whether there is anything of this name. What cannot be looked at (EACCES, EIO) is an error,
  /// for it must not be taken for missing.
  package func exists(_ path: String) throws(CheckpointError) -> Bool {
    try willLook?(path)
    var status = stat()
    if unsafe lstat(path, &status) == 0 { return true }
    if errno == ENOENT { return false }
    throw failure("lstat", path)
  }

  /// The first of the names for 1, 2, 3, … that nothing has yet.
  func freeName(_ name: (Int) -> String) throws(CheckpointError) -> String {
    var number = 1
    while try exists(name(number)) { number += 1 }
    return name(number)
  }

  /// Opens a file for reading that must be plain and the user's own.
  package func openForReading(_ path: String) throws(CheckpointError) -> OpenFile {
    try willLook?(path)
    return try OpenFile(opening: path, O_RDONLY, 0, "open")
  }

  /// Creates a file that must not exist.
  package func create(_ path: String) throws(CheckpointError) -> OpenFile {
    try announce("create", path)
    return try OpenFile(opening: path, O_RDWR | O_CREAT | O_EXCL, 0o600, "create")
  }

  /// Opens a file for writing, created if it does not exist.
  package func openForWriting(_ path: String) throws(CheckpointError) -> OpenFile {
    try announce("open", path)
    return try OpenFile(opening: path, O_RDWR | O_CREAT, 0o600, "open")
  }

  /// The first bytes of a file, `byteCountMax` of them at most.
  package func beginning(_ path: String, byteCountMax: Int) throws(CheckpointError) -> [UInt8] {
    let file = try openForReading(path)
    return try file.read(at: 0, count: min(try file.byteCount(), byteCountMax))
  }

  /// The bytes of a file of at most `byteCountMax`.
  package func contents(_ path: String, byteCountMax: Int) throws(CheckpointError) -> [UInt8] {
    let file = try openForReading(path)
    let count = try file.byteCount()
    guard count <= byteCountMax else {
      throw CheckpointError(
        .damaged, operation: "read", path: path,
        detail: "\(count) bytes, at most \(byteCountMax) are expected")
    }
    return try file.read(at: 0, count: count)
  }

  package func write(
    _ bytes: [UInt8], to file: borrowing OpenFile, at offset: Int
  ) throws(CheckpointError) {
    try announce("write", file.path)
    try file.write(bytes, at: offset)
  }

  package func synchronise(_ file: borrowing OpenFile) throws(CheckpointError) {
    try announce("fsync", file.path)
    try file.synchronise()
  }

  /// Makes a folder's entries durable.
  package func synchroniseFolder(_ path: String) throws(CheckpointError) {
    try announce("fsync folder", path)
    let descriptor = unsafe open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw failure("open folder", path) }
    defer { close(descriptor) }
    // Some network file systems cannot and need not: EINVAL.
    guard retried({ fsync(descriptor) }) == 0 || errno == EINVAL else {
      throw failure("fsync folder", path)
    }
  }

  package func rename(_ from: String, to: String) throws(CheckpointError) {
    try announce("rename", to)
    guard retried({ unsafe Glibc.rename(from, to) }) == 0 else { throw failure("rename", to) }
  }

  /// Gives a file a second name, which must not exist; false if it does.
  package func link(_ from: String, to: String) throws(CheckpointError) -> Bool {
    try announce("link", to)
    if retried({ unsafe Glibc.link(from, to) }) == 0 { return true }
    if errno == EEXIST { return false }
    throw failure("link", to)
  }

  /// Removes a file; one that is not there is no error.
  package func remove(_ path: String) throws(CheckpointError) {
    try announce("unlink", path)
    guard retried({ unsafe unlink(path) }) == 0 || errno == ENOENT else {
      throw failure("unlink", path)
    }
  }
}

/// An open file, closed with its value.
package struct OpenFile: ~Copyable {
  package let path: String
  private let descriptor: Descriptor

  fileprivate init(
    opening path: String, _ flags: Int32, _ mode: mode_t, _ operation: String
  ) throws(CheckpointError) {
    let number = retried {
      unsafe open(path, flags | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK, mode)
    }
    guard number >= 0 else {
      if errno == ELOOP {
        throw CheckpointError(
          .untrusted, operation: operation, path: path, detail: "a symbolic link is not followed")
      }
      throw failure(operation, path)
    }
    let descriptor = Descriptor(number: number)
    var status = stat()
    guard unsafe fstat(number, &status) == 0 else { throw failure("fstat", path) }
    guard status.st_mode & S_IFMT == S_IFREG, status.st_uid == geteuid() else {
      throw CheckpointError(
        .untrusted, operation: operation, path: path,
        detail: "not a plain file, or another user's (\(status.st_uid), we are \(geteuid()))")
    }
    self.path = path
    self.descriptor = descriptor
  }

  package func byteCount() throws(CheckpointError) -> Int {
    var status = stat()
    guard unsafe fstat(descriptor.number, &status) == 0 else { throw failure("fstat", path) }
    return Int(status.st_size)
  }

  /// At most `count` bytes from `offset`; fewer only where the file ends.
  package func read(at offset: Int, count: Int) throws(CheckpointError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    var done = 0
    while done < count {
      let part = retried {
        unsafe bytes.withUnsafeMutableBytes { buffer in
          unsafe pread(
            descriptor.number, buffer.baseAddress! + done, count - done, off_t(offset + done))
        }
      }
      guard part >= 0 else { throw failure("read", path) }
      if part == 0 { break }
      done += part
    }
    if done < count { bytes.removeLast(count - done) }
    return bytes
  }

  fileprivate func write(_ bytes: [UInt8], at offset: Int) throws(CheckpointError) {
    var done = 0
    while done < bytes.count {
      let part = retried {
        unsafe bytes.withUnsafeBytes { buffer in
          unsafe pwrite(
            descriptor.number, buffer.baseAddress! + done, bytes.count - done,
            off_t(offset + done))
        }
      }
      guard part > 0 else {
        if part == 0 { errno = ENOSPC }
        throw failure("write", path)
      }
      done += part
    }
  }

  fileprivate func synchronise() throws(CheckpointError) {
    guard retried({ fsync(descriptor.number) }) == 0 else { throw failure("fsync", path) }
  }

  /// Lets the system forget what it holds of the file in memory, so that the next read is one of
  /// the disk; a hint.
  package func forgetCached() {
    _ = posix_fadvise(descriptor.number, 0, 0, POSIX_FADV_DONTNEED)
  }

  private struct Descriptor: ~Copyable {
    let number: Int32

    deinit { close(number) }
  }
}

func parent(of path: String) -> String {
  guard let slash = path.lastIndex(of: "/") else { return "." }
  return slash == path.startIndex ? "/" : String(path[..<slash])
}

/// Calls again while a signal interrupts.
private func retried<Status: SignedInteger>(_ call: () -> Status) -> Status {
  while true {
    let status = call()
    if status >= 0 || errno != EINTR { return status }
  }
}

/// The error that `errno` stands for now.
private func failure(_ operation: String, _ path: String) -> CheckpointError {
  let code = errno
  let advice =
    switch code {
    case ENOSPC, EDQUOT: "; free some space or raise the quota"
    case EACCES, EPERM, EROFS: "; the directory must be writable by this user"
    default: ""
    }
  return CheckpointError(
    .system(code), operation: operation, path: path,
    detail: unsafe String(cString: strerror(code)) + advice)
}
