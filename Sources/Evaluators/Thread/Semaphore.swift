import Glibc

/// A counting semaphore (POSIX `sem_t`) between threads of one process.
@safe
struct Semaphore: ~Copyable, Sendable {
  private nonisolated(unsafe) let semaphore: UnsafeMutablePointer<sem_t>

  init() {
    unsafe semaphore = .allocate(capacity: 1)
    let code = unsafe sem_init(semaphore, 0, 0)
    precondition(code == 0, "sem_init fails only for counts that are too large")
  }

  deinit {
    unsafe sem_destroy(semaphore)
    unsafe semaphore.deallocate()
  }

  /// Wakes one waiter, now or as soon as it waits.
  func signal() { unsafe sem_post(semaphore) }

  /// Sleeps until a signal comes that no other waiter takes.
  func wait() {
    while unsafe sem_wait(semaphore) != 0 {}
  }
}
