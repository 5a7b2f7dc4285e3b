import AdaptiveCore
import Glibc
import NodeRuntime
import Synchronization
import Testing

@Suite struct ThreadTests {
  @Test("an owned thread runs its body once, and join waits for its end") func join() throws {
    final class Count: Sendable { let value = Atomic(0) }
    let count = Count()
    let bell = Doorbell()
    let thread = try OwnedThread {
      bell.wait(upTo: TimeSpan(seconds: 60))
      count.value.add(1, ordering: .relaxed)
    }
    bell.ring()
    thread.join()
    #expect(count.value.load(ordering: .relaxed) == 1)
  }

  @Test("a bell rung before the wait ends it at once, and only once") func bellBeforeWait() {
    let bell = Doorbell()
    let clock = MonotonicClock()
    bell.ring()
    bell.ring()
    let start = clock.now()
    bell.wait(upTo: TimeSpan(seconds: 60))
    let rung = clock.now()
    #expect(rung - start < TimeSpan(seconds: 30))
    bell.wait(upTo: .milliseconds(20))
    #expect(clock.now() - rung >= .milliseconds(20))
  }

  @Test("threads wake each other, whoever comes first") func pingPong() throws {
    let there = Doorbell()
    let back = Doorbell()
    let rounds = 1000
    let thread = try OwnedThread {
      for _ in 0..<rounds {
        there.wait(upTo: TimeSpan(seconds: 60))
        back.ring()
      }
    }
    let start = MonotonicClock().now()
    for _ in 0..<rounds {
      there.ring()
      back.wait(upTo: TimeSpan(seconds: 60))
    }
    thread.join()
    #expect(MonotonicClock().now() - start < TimeSpan(seconds: 50))
  }

  @Test("a bell in shared memory is rung from another mapping of it") func sharedBell() throws {
    let name = NodeMemory.newName()
    let byteCount = NodeDoorbells.byteCount(of: 2)
    let made = try NodeMemory(creating: name, byteCount: byteCount)
    NodeDoorbells.prepare(2, in: made)
    let opened = try NodeMemory(opening: name, byteCount: byteCount)
    NodeMemory.unlink(name)
    #expect(throws: NodeMemoryError.self) { try NodeMemory(opening: name, byteCount: byteCount) }

    let ranks = [Rank(3), Rank(7)]
    let one = NodeDoorbells(of: Rank(3), among: ranks, in: made)
    let other = NodeDoorbells(of: Rank(7), among: ranks, in: opened)
    #expect(one.reaches(ranks) && !one.reaches([Rank(5)]))
    other.ring(Rank(3))
    other.ring(Rank(5))
    #expect(one.own.wait(upTo: TimeSpan(seconds: 60)))
    #expect(!other.own.wait(upTo: .milliseconds(10)))
  }

  @Test(
    "a stop signal waits until it is taken, and kills nobody",
    arguments: [SIGUSR1, SIGUSR2, SIGTERM])
  func stopSignal(number: Int32) throws {
    final class Taken: Sendable {
      let first = Atomic<Int32>(-1)
      let second = Atomic<Int32>(-1)
      let third = Atomic<Int32>(-1)
    }
    let taken = Taken()
    // On a thread of its own: the signals stay blocked on the thread that made the value.
    let thread = try OwnedThread {
      var signal = StopSignal()
      taken.first.store(signal.take() ?? 0, ordering: .relaxed)
      pthread_kill(pthread_self(), number)
      taken.second.store(signal.take() ?? 0, ordering: .relaxed)
      taken.third.store(signal.take() ?? 0, ordering: .relaxed)
    }
    thread.join()
    #expect(taken.first.load(ordering: .relaxed) == 0)
    #expect(taken.second.load(ordering: .relaxed) == number)
    #expect(taken.third.load(ordering: .relaxed) == 0)
  }
}
