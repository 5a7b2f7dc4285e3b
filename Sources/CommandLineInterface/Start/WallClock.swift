import AdaptiveCore
import Foundation

/// The time of day, for records that people read, and waiting before there is a loop.
enum WallClock {
  /// Seconds since 1970, UTC.
  static var epochSeconds: Int64 { Int64(Date().timeIntervalSince1970) }

  /// The same with its fraction.
  static var exactEpochSeconds: Double { Date().timeIntervalSince1970 }

  static func sleep(_ span: TimeSpan) { Thread.sleep(forTimeInterval: span.seconds) }
}
