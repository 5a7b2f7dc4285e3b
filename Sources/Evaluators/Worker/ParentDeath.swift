import Glibc

/// What a worker does when its leaf is gone: it ends, with all that it started.
package enum ParentDeath {
  /// Has the system kill this process when the thread that started it ends
  /// (prctl(2), PR_SET_PDEATHSIG).
  package static func bind() {
    typealias Control = @convention(c) (Int32, UInt, UInt, UInt, UInt) -> Int32
    // prctl is variadic, which Swift does not call; with whole numbers alone it is called alike.
    guard let address = unsafe dlsym(nil, "prctl") else { return }
    let control = unsafe unsafeBitCast(address, to: Control.self)
    _ = control(1, UInt(SIGKILL), 0, 0, 0)
  }

  /// Lets every signal do what it does by default: ours is the mask of a rank, and Swift's own
  /// handlers would hold up the end of a function that crashes.
  package static func resetSignals() {
    for number in [SIGQUIT, SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGSEGV] {
      signal(number, SIG_DFL)
    }
    var none = sigset_t()
    unsafe sigemptyset(&none)
    unsafe pthread_sigmask(SIG_SETMASK, &none, nil)
  }

  /// Ends this process's group, itself included, after it was asked to and given some time.
  static func endGroup(after child: ChildProcess?) -> Never {
    signal(SIGTERM, SIG_IGN)
    kill(0, SIGTERM)
    var waited = 0
    while let child, child.reap() == nil, waited < 1900 {
      usleep(1000)
      waited += 1
    }
    kill(0, SIGKILL)
    exit(0)
  }
}
