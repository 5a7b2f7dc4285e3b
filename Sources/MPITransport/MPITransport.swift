package import AdaptiveCore
package import MPI
package import NodeRuntime

/// Frames over MPI, on a communicator of their own.
///
/// A send borrows one frame of a fixed pool until MPI is done with it; receives wait for frames in
/// a fixed ring. After `init` nothing is allocated, and nothing blocks but ``close()``. All calls
/// are made on the thread that initialised MPI.
///
/// A rank may send to itself. After an error the rank reports it and ends the world.
package struct MPITransport: ~Copyable, Transport {
  package let rank: Rank

  /// What has gone through so far.
  package private(set) var counters = Counters()

  /// Frames and what they held, from the start.
  package struct Counters: Sendable, Equatable {
    package var framesSent: UInt64 = 0
    package var framesReceived: UInt64 = 0
    package var bytesSent: UInt64 = 0
    package var bytesReceived: UInt64 = 0

    /// How often every frame was under way when one was asked for.
    package var refusals: UInt64 = 0
  }

  private let communicator: Communicator
  private let doorbells: NodeDoorbells?
  private var frames: FramePool
  private var receives: ReceiveRing
  private var isClosed = false

  /// Opens the transport between all ranks of a communicator. *Collective*.
  ///
  /// - Parameters:
  ///   - doorbells: rings whoever a frame was sent to.
  ///   - frameCount: frames that may be under way from this rank.
  ///   - receiveCount: receives that wait; frames that find none wait in MPI's own memory.
  package init(
    over ranks: borrowing Communicator, doorbells: NodeDoorbells? = nil,
    frameCount: Int = Limits.framesInFlightMax, receiveCount: Int = 16
  ) throws(TransportError) {
    do throws(MPIError) {
      let communicator = try ranks.duplicate()
      let receives = try ReceiveRing(capacity: receiveCount, on: communicator)
      rank = Rank(communicator.rank)
      self.communicator = communicator
      self.doorbells = doorbells
      self.receives = receives
      frames = FramePool(capacity: frameCount)
    } catch {
      throw TransportError(error)
    }
  }

  // MARK: Sending

  package mutating func lendFrame() throws(TransportError) -> LentFrame? {
    if frames.next == nil { _ = try progressSends() }
    guard let slot = frames.next else {
      counters.refusals += 1
      return nil
    }
    return unsafe LentFrame(slot: slot, bytes: frames.bytes(of: slot))
  }

  package mutating func send(
    _ frame: LentFrame, byteCount: Int, to destination: Rank
  ) throws(TransportError) {
    invariant(frame.slot == frames.next, "rank \(rank): frame \(frame.slot) was not lent last")
    invariant(0...Limits.frameBytesMax ~= byteCount, "rank \(rank): a frame of \(byteCount) bytes")
    do throws(MPIError) {
      let bytes = unsafe UnsafeRawBufferPointer(rebasing: frame.bytes[..<byteCount])
      var request = unsafe try communicator.send(bytes, to: destination.number, tag: 0)
      counters.framesSent += 1
      counters.bytesSent += UInt64(byteCount)
      // Most sends are done by now, and then the frame is free again at once.
      if try request.test() == nil { frames.holdNext(until: request) }
      doorbells?.ring(destination)
    } catch {
      throw TransportError(error)
    }
  }

  package mutating func progressSends() throws(TransportError) -> Int {
    do throws(MPIError) {
      return try frames.reclaim()
    } catch {
      throw TransportError(error)
    }
  }

  // MARK: Receiving

  package mutating func receive() throws(TransportError) -> ArrivedFrame? {
    do throws(MPIError) {
      guard let (status, bytes) = unsafe try receives.next(on: communicator) else { return nil }
      counters.framesReceived += 1
      counters.bytesReceived += UInt64(status.byteCount)
      return unsafe ArrivedFrame(source: Rank(status.source), bytes: bytes)
    } catch {
      throw TransportError(error)
    }
  }

  // MARK: Ending

  /// Completes all sends, waits until every rank has done so, and takes the receives back; returns
  /// how many frames had come to this rank and were never received. *Collective*: returns when
  /// every rank has called it. Waiting, it sleeps now and then: ranks that work need the cores.
  package mutating func close() throws(TransportError) -> Int {
    invariant(!isClosed, "rank \(rank): a transport is closed once")
    var unseenCount = 0
    let bell = doorbells?.own ?? Doorbell()
    do throws(MPIError) {
      while try frames.reclaim() > 0 {
        if unsafe try receives.next(on: communicator) != nil { unseenCount += 1 }
        bell.wait(upTo: Limits.idlePauseMin)
      }
      var barrier = try communicator.startBarrier()
      while try barrier.test() == nil {
        if unsafe try receives.next(on: communicator) != nil { unseenCount += 1 }
        bell.wait(upTo: Limits.idlePauseMin)
      }
      unseenCount += try receives.cancel()
    } catch {
      throw TransportError(error)
    }
    isClosed = true
    return unseenCount
  }

  /// A transport that was not closed is left by a rank that failed: MPI goes on using its memory,
  /// so none is given back.
  deinit {
    if isClosed {
      frames.deallocate()
      receives.deallocate()
    }
  }
}

extension TransportError {
  init(_ error: MPIError) {
    self.init(code: Int(error.code), operation: error.operation, detail: error.message)
  }
}
