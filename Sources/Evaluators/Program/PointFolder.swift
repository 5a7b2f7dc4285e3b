import AdaptiveCore
import Glibc

/// The folder in which a program is run for one point, made for it alone.
struct PointFolder {
  let path: String

  /// - Parameters:
  ///   - parent: is made, if it is not there.
  init(_ path: String, in parent: String) throws(ChildError) {
    self.path = path
    unsafe mkdir(parent, 0o700)
    if unsafe mkdir(path, 0o700) != 0 {
      guard errno == EEXIST else { throw ChildError("in \(path)", code: errno) }
      // Left by a world that was killed.
      remove()
      guard unsafe mkdir(path, 0o700) == 0 else { throw ChildError("in \(path)", code: errno) }
    }
  }

  /// The content of a file in it, up to what an answer may hold; nil if there is none.
  func text(_ name: String) -> String? {
    let file = unsafe open("\(path)/\(name)", O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
    guard file >= 0 else { return nil }
    defer { close(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 64 * 1024)
    while bytes.count <= Limits.programAnswerBytesMax {
      let count = unsafe read(file, &buffer, buffer.count)
      guard count > 0 else { break }
      bytes.append(contentsOf: buffer[..<count])
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Removes it with all that is in it; follows no link.
  func remove() { Self.remove(path, depth: 0) }

  private static func remove(_ path: String, depth: Int) {
    guard depth <= Limits.programFolderDepthMax, let folder = unsafe opendir(path) else { return }
    while let entry = unsafe readdir(folder) {
      let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      guard name != ".", name != ".." else { continue }
      if unsafe unlink("\(path)/\(name)") != 0 { remove("\(path)/\(name)", depth: depth + 1) }
    }
    unsafe closedir(folder)
    unsafe rmdir(path)
  }
}
