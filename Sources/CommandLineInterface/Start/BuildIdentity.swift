import Crypto
import Foundation

/// Tells one build of this program from another, so that ranks of different builds never form a
/// world: what they send each other is each build's own.
enum BuildIdentity {
  /// The version, the executable's size, and a digest of pieces from all over it. Reading all of a
  /// file of some 60 MB on each of many nodes would cost more than everything else at the start.
  static func current() -> String {
    do {
      let executable = try FileHandle(forReadingFrom: URL(fileURLWithPath: "/proc/self/exe"))
      let size = try executable.seekToEnd()
      var hash = SHA256()
      for piece in 0..<pieceCount {
        try executable.seek(toOffset: size / pieceCount * piece)
        hash.update(data: try executable.read(upToCount: pieceBytes) ?? Data())
      }
      let digest = FunctionIdentity.hexadecimal(hash.finalize().prefix(8))
      return "\(Version.program), \(size) bytes, \(digest)"
    } catch {
      // Without /proc there is the version still.
      return Version.program
    }
  }

  private static let pieceCount: UInt64 = 128
  private static let pieceBytes = 4096
}
