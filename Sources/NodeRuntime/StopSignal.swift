import Glibc

/// The signals by which a batch system or a user stops a world: USR1, USR2 and TERM.
///
/// They are blocked before MPI starts and taken in the loop, so that none can arrive before
/// somebody listens and none interrupts a system call. mpirun passes USR1 and USR2 on to every
/// rank.
package struct StopSignal {
  private var signals = sigset_t()

  /// Blocks the signals: the first statement of `main`, before any thread exists, for threads
  /// inherit the mask of their creator.
  package init() {
    unsafe sigemptyset(&signals)
    for signal in [SIGUSR1, SIGUSR2, SIGTERM] { unsafe sigaddset(&signals, signal) }
    unsafe pthread_sigmask(SIG_BLOCK, &signals, nil)
  }

  /// The number of a signal that has arrived; nil if none has.
  package mutating func take() -> Int32? {
    var timeout = timespec()
    let signal = unsafe sigtimedwait(&signals, nil, &timeout)
    return signal > 0 ? signal : nil
  }
}
