import Glibc

/// A POSIX thread that belongs to whoever made it: started at once, joined exactly once.
///
/// `pthread_create` copies the caller's signal mask, so signals that `main` blocks stay blocked
/// here.
@safe
package struct OwnedThread: ~Copyable {
  private let handle: pthread_t

  /// Starts `body` on a thread of its own, with a stack of `stackBytes`, or the system's default.
  package init(
    stackBytes: Int? = nil, _ body: @escaping @Sendable () -> Void
  ) throws(ThreadError) {
    var attributes = pthread_attr_t()
    unsafe pthread_attr_init(&attributes)
    defer { unsafe pthread_attr_destroy(&attributes) }
    if let stackBytes {
      let code = unsafe pthread_attr_setstacksize(&attributes, stackBytes)
      guard code == 0 else { throw ThreadError(code: code) }
    }
    let context = unsafe Unmanaged.passRetained(Body(body)).toOpaque()
    var created = pthread_t()
    let code = unsafe pthread_create(
      &created, &attributes,
      { argument in
        unsafe Unmanaged<Body>.fromOpaque(argument!).takeRetainedValue().run()
        return nil
      }, context)
    guard code == 0 else {
      unsafe Unmanaged<Body>.fromOpaque(context).release()
      throw ThreadError(code: code)
    }
    handle = created
  }

  /// Waits until the thread has ended.
  package consuming func join() {
    pthread_join(handle, nil)
  }

  private final class Body {
    let run: @Sendable () -> Void
    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
  }
}

/// Why the system gave no thread: an `errno` value, such as `EAGAIN` at the limit of processes.
package struct ThreadError: Error, Sendable, CustomStringConvertible {
  package var code: Int32

  package var description: String {
    "pthread_create: \(unsafe String(cString: strerror(code))); is the limit of processes reached?"
  }
}
