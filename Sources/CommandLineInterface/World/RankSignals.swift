import Foundation
import NodeRuntime

/// The signals that a rank obeys, and what its launcher means by them.
struct RankSignals {
  enum Request {
    /// Stop the world in good order.
    case stop
    /// The launcher is about to kill this process: there is time to save, and for nothing else.
    case leave
  }

  private var signals: StopSignal
  private let killsAfterTERM = Launcher().killsAfterTERM

  init(_ signals: StopSignal) { self.signals = signals }

  /// What a signal that has arrived asks for; nil if none has.
  mutating func take() -> Request? {
    signals.take().map { $0 == SIGTERM && killsAfterTERM ? .leave : .stop }
  }
}
