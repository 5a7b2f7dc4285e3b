package import AdaptiveCore
import Glibc

/// Wakes a sleeping loop from another thread of the same process: a condition variable on the
/// monotonic clock (pthread_cond_timedwait(3)).
@safe
package final class Doorbell: @unchecked Sendable {
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private var isRung = false

  package init() {
    unsafe pthread_mutex_init(mutex, nil)
    var attributes = pthread_condattr_t()
    unsafe pthread_condattr_init(&attributes)
    unsafe pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
    unsafe pthread_cond_init(condition, &attributes)
    unsafe pthread_condattr_destroy(&attributes)
  }

  deinit {
    unsafe pthread_cond_destroy(condition)
    unsafe pthread_mutex_destroy(mutex)
    unsafe condition.deallocate()
    unsafe mutex.deallocate()
  }

  /// Ends the wait of the loop, or its next one if it does not wait now.
  package func ring() {
    unsafe pthread_mutex_lock(mutex)
    isRung = true
    unsafe pthread_cond_signal(condition)
    unsafe pthread_mutex_unlock(mutex)
  }

  /// Sleeps until the bell is rung or `span` is over.
  package func wait(upTo span: TimeSpan) {
    let deadline = (MonotonicClock().now() + span).nanoseconds
    var time = timespec(
      tv_sec: Int(deadline / 1_000_000_000), tv_nsec: Int(deadline % 1_000_000_000))
    unsafe pthread_mutex_lock(mutex)
    while !isRung, unsafe pthread_cond_timedwait(condition, mutex, &time) == 0 {}
    isRung = false
    unsafe pthread_mutex_unlock(mutex)
  }
}
