import AdaptiveCore
import NodeRuntime
import Testing

@Suite struct LoopbackTransportTests {
  private func send(_ number: UInt64, over transport: inout LoopbackTransport) -> Bool {
    guard let frame = transport.lendFrame() else { return false }
    frame.bytes.storeBytes(of: number, as: UInt64.self)
    transport.send(frame, byteCount: 8, to: Rank(0))
    return true
  }

  private func receive(from transport: inout LoopbackTransport) -> UInt64? {
    guard let frame = transport.receive() else { return nil }
    #expect(frame.bytes.count == 8 && frame.source == Rank(0))
    return frame.bytes.load(as: UInt64.self)
  }

  @Test("frames arrive once and in order, both ways, for random turns", arguments: 1...5)
  func inOrder(seed: UInt64) {
    var random = RandomSource(seed: seed)
    var (root, leaf) = LoopbackTransport.pair()
    var sent: [UInt64] = [0, 0]
    var received: [UInt64] = [0, 0]
    for _ in 0..<5000 {
      switch Int.random(in: 0..<4, using: &random) {
      case 0: if send(sent[0], over: &root) { sent[0] += 1 }
      case 1: if send(sent[1], over: &leaf) { sent[1] += 1 }
      case 2:
        if let number = receive(from: &leaf) {
          #expect(number == received[0])
          received[0] += 1
        }
      default:
        if let number = receive(from: &root) {
          #expect(number == received[1])
          received[1] += 1
        }
      }
    }
    #expect(leaf.close() == Int(sent[0] - received[0]), "seed \(seed)")
    #expect(root.close() == Int(sent[1] - received[1]), "seed \(seed)")
    #expect(received[0] > 100 && received[1] > 100)
  }

  @Test("a sender is held back until the other end takes something") func holdsBack() {
    var (root, leaf) = LoopbackTransport.pair()
    var count: UInt64 = 0
    while send(count, over: &root) { count += 1 }
    #expect(count > 1 && count < 1000)
    #expect(!send(count, over: &root))
    // The frame received last is still borrowed; the one after it gives the first back.
    #expect(receive(from: &leaf) == 0)
    #expect(receive(from: &leaf) == 1)
    #expect(send(count, over: &root))
    #expect(send(0, over: &leaf))
  }
}
