import AdaptiveCore
import Foundation
import NodeRuntime

/// Tells people at the terminal what takes so long: a line on standard error after two seconds, and
/// further ones now and then, with how far it is where that is known.
final class LongStep: @unchecked Sendable {
  private let condition = NSCondition()
  private let clock = MonotonicClock()
  private let began: Instant
  private let name: String

  // Under the condition's lock.
  private var detail = ""
  private var hasEnded = false

  private init(_ name: String) {
    self.name = name
    began = clock.now()
  }

  /// Does `body`, and says so while it goes on.
  ///
  /// - Parameter name: what is done, `reading the checkpoint`.
  static func run<Result, E: Error>(
    _ name: String, _ body: (LongStep) throws(E) -> Result
  ) throws(E) -> Result {
    let step = LongStep(name)
    let thread = step.startTelling()
    defer {
      step.end()
      thread?.join()
    }
    return try body(step)
  }

  /// How far it is: `shard 3 of 64`.
  func reached(_ detail: String) {
    condition.lock()
    self.detail = detail
    condition.unlock()
  }

  private func end() {
    condition.lock()
    hasEnded = true
    condition.signal()
    condition.unlock()
  }

  /// nil, and silence, where the system gives no thread.
  private func startTelling() -> TellingThread? {
    do throws(ThreadError) { return TellingThread(try OwnedThread { self.tell() }) } catch {
      return nil
    }
  }

  private func tell() {
    var pause = Limits.longStepFirst
    condition.lock()
    defer { condition.unlock() }
    while !hasEnded {
      let deadline = Date().addingTimeInterval(pause.seconds)
      while !hasEnded, condition.wait(until: deadline) {}
      if hasEnded { return }
      let rest = detail.isEmpty ? "" : ": \(detail)"
      Console.warn("\(name)\(rest) (\((clock.now() - began).text))")
      pause = Limits.longStepInterval
    }
  }

  private final class TellingThread {
    private var thread: OwnedThread?

    init(_ thread: consuming OwnedThread) { self.thread = consume thread }

    func join() { if let thread = thread.take() { thread.join() } }
  }
}
