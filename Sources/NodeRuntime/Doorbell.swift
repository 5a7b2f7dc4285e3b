package import AdaptiveCore
import Glibc

/// Wakes a sleeping loop from another thread of the same process, or from another process that
/// shares the bell's memory: a mutex and a condition variable on the monotonic clock
/// (pthread_cond_timedwait(3)).
@safe
package final class Doorbell: @unchecked Sendable {
  private let mutex: UnsafeMutablePointer<pthread_mutex_t>
  private let condition: UnsafeMutablePointer<pthread_cond_t>
  private let isRung: UnsafeMutablePointer<Bool>

  /// Whose memory this is; nil if it is the bell's own.
  private let memory: NodeMemory?

  /// A bell for the threads of this process.
  package convenience init() {
    let place = UnsafeMutableRawPointer.allocate(byteCount: Self.byteCount, alignment: 64)
    unsafe Self.prepare(place, isShared: false)
    unsafe self.init(at: place, in: nil)
  }

  /// A bell at a place that ``prepare(_:isShared:)`` has seen.
  init(at place: UnsafeMutableRawPointer, in memory: NodeMemory?) {
    unsafe mutex = place.assumingMemoryBound(to: pthread_mutex_t.self)
    unsafe condition = (place + Self.conditionOffset).assumingMemoryBound(to: pthread_cond_t.self)
    unsafe isRung = (place + Self.isRungOffset).assumingMemoryBound(to: Bool.self)
    self.memory = memory
  }

  deinit {
    // Others may still ring a bell in shared memory; it goes with the mapping.
    guard memory == nil else { return }
    unsafe pthread_cond_destroy(condition)
    unsafe pthread_mutex_destroy(mutex)
    unsafe UnsafeMutableRawPointer(mutex).deallocate()
  }

  /// Ends the wait of the loop, or its next one if it does not wait now.
  package func ring() {
    unsafe pthread_mutex_lock(mutex)
    let wasRung = unsafe isRung.pointee
    unsafe isRung.pointee = true
    unsafe pthread_mutex_unlock(mutex)
    // Whoever is woken finds the mutex free.
    if !wasRung { unsafe pthread_cond_signal(condition) }
  }

  /// Sleeps until the bell is rung or `span` is over; true if it was rung.
  @discardableResult
  package func wait(upTo span: TimeSpan) -> Bool {
    let deadline = (MonotonicClock().now() + span).nanoseconds
    var time = timespec(
      tv_sec: Int(deadline / 1_000_000_000), tv_nsec: Int(deadline % 1_000_000_000))
    unsafe pthread_mutex_lock(mutex)
    while unsafe !isRung.pointee, unsafe pthread_cond_timedwait(condition, mutex, &time) == 0 {}
    let wasRung = unsafe isRung.pointee
    unsafe isRung.pointee = false
    unsafe pthread_mutex_unlock(mutex)
    return wasRung
  }
}

// MARK: - Memory

extension Doorbell {
  /// Two cache lines, so that ringing one bell disturbs no other.
  static let byteCount = 128
  private static let conditionOffset = 64
  private static let isRungOffset = 120

  /// Makes a bell of raw memory, once, before anybody uses it.
  static func prepare(_ place: UnsafeMutableRawPointer, isShared: Bool) {
    let mutexBytes = unsafe MemoryLayout<pthread_mutex_t>.size
    let conditionBytes = MemoryLayout<pthread_cond_t>.size
    precondition(
      mutexBytes <= conditionOffset && conditionOffset + conditionBytes <= isRungOffset,
      "a bell's parts do not fit beside each other")
    let balancing = Int32(isShared ? PTHREAD_PROCESS_SHARED : PTHREAD_PROCESS_PRIVATE)
    let mutex = unsafe place.bindMemory(to: pthread_mutex_t.self, capacity: 1)
    var mutexAttributes = pthread_mutexattr_t()
    unsafe pthread_mutexattr_init(&mutexAttributes)
    unsafe pthread_mutexattr_setpshared(&mutexAttributes, balancing)
    unsafe pthread_mutex_init(mutex, &mutexAttributes)
    unsafe pthread_mutexattr_destroy(&mutexAttributes)

    let condition = unsafe (place + conditionOffset).bindMemory(
      to: pthread_cond_t.self, capacity: 1)
    var attributes = pthread_condattr_t()
    unsafe pthread_condattr_init(&attributes)
    unsafe pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
    unsafe pthread_condattr_setpshared(&attributes, balancing)
    unsafe pthread_cond_init(condition, &attributes)
    unsafe pthread_condattr_destroy(&attributes)

    unsafe (place + isRungOffset).initializeMemory(as: Bool.self, to: false)
  }
}
