package import AdaptiveCore
import Glibc

/// What a function in a rank's own process prints: into the leaf's log instead of mpirun's standard
/// output, and no more of it than fits.
///
/// Descriptors 1 and 2 lead straight to the file, so that nothing is lost when the function ends
/// the process. The file is moved aside (over the one before) when it is found to be full.
@safe
package final class RedirectedOutput {
  private let path: String
  private var lookAt = Instant.origin

  /// Nil, and everything as it was, where the file cannot be opened.
  package init?(path: String) {
    self.path = path
    guard open() else { return nil }
  }

  /// To be called often: moves the file aside if it is full and the last look was a while ago.
  package func look(at now: Instant) {
    guard now >= lookAt else { return }
    lookAt = now + Limits.outputLookInterval
    var status = stat()
    guard unsafe fstat(STDOUT_FILENO, &status) == 0, status.st_size > Limits.outputLogBytesMax
    else { return }
    unsafe rename(path, path + ".1")
    _ = open()
  }

  private func open() -> Bool {
    let flags = O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW
    let file = unsafe Glibc.open(path, flags, 0o600)
    guard file >= 0 else { return false }
    defer { close(file) }
    return dup2(file, STDOUT_FILENO) >= 0 && dup2(file, STDERR_FILENO) >= 0
  }
}
