/// A point while it is in flight: which entry of the root's ``PointTable`` it is.
///
/// From the lowest bit: 26 bits of the entry's slot, 6 of the root that gave the id out, and 32 of
/// how often the slot was used. Ids mean nothing to the next world: a relaunch asks the same
/// pending points again under new ids.
@usableFromInline
package struct PointID: Hashable, Comparable, Sendable, BitwiseCopyable {
  @usableFromInline package var rawValue: UInt64

  @inlinable
  package init(_ rawValue: UInt64) { self.rawValue = rawValue }

  @inlinable
  package init(slot: UInt32, root: Int, use: UInt32) {
    rawValue = UInt64(use) << 32 | UInt64(root) << 26 | UInt64(slot)
  }

  /// Slots and roots that an id can tell apart.
  package static let slotsMax = 1 << 26
  package static let rootsMax = 1 << 6

  @inlinable
  package var slot: UInt32 { UInt32(truncatingIfNeeded: rawValue & 0x3FF_FFFF) }

  /// The place of the root among the roots of its world.
  @inlinable
  package var root: Int { Int(truncatingIfNeeded: rawValue >> 26 & 0x3F) }

  @inlinable
  package var use: UInt32 { UInt32(truncatingIfNeeded: rawValue >> 32) }

  @inlinable
  package static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }
}

/// Which try of a point an answer belongs to; the first is 1.
@usableFromInline
package struct Attempt: Hashable, Comparable, Sendable, BitwiseCopyable {
  @usableFromInline package var rawValue: UInt32

  @inlinable
  package init(_ rawValue: UInt32) { self.rawValue = rawValue }

  package static let first = Attempt(1)

  @inlinable
  package var next: Attempt { Attempt(rawValue + 1) }

  @inlinable
  package static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }
}

/// A learner's place in the campaign's list; the same in every world of the campaign.
@usableFromInline
package struct LearnerIndex: Hashable, Comparable, Sendable, BitwiseCopyable {
  @usableFromInline package var rawValue: Int32

  @inlinable
  package init(_ rawValue: Int32) { self.rawValue = rawValue }

  @inlinable
  package init(_ position: Int) { self.rawValue = Int32(position) }

  @inlinable
  package var position: Int { Int(rawValue) }

  @inlinable
  package static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }
}

/// A rank in the world's communicator.
@usableFromInline
package struct Rank: Hashable, Comparable, Sendable, BitwiseCopyable {
  @usableFromInline package var rawValue: Int32

  @inlinable
  package init(_ rawValue: Int32) { self.rawValue = rawValue }

  @inlinable
  package init(_ number: Int) { self.rawValue = Int32(number) }

  @inlinable
  package var number: Int { Int(rawValue) }

  @inlinable
  package static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }
}

/// One `mpirun` of a campaign: 1 for the first, one more for each relaunch.
@usableFromInline
package struct WorldNumber: Hashable, Comparable, Sendable {
  @usableFromInline package var rawValue: UInt32

  @inlinable
  package init(_ rawValue: UInt32) { self.rawValue = rawValue }

  @inlinable
  package static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }
}

/// The number of a snapshot and of the journal that begins with it, counted within one world.
@usableFromInline
package struct Generation: Hashable, Comparable, Sendable {
  @usableFromInline package var rawValue: UInt32

  @inlinable
  package init(_ rawValue: UInt32) { self.rawValue = rawValue }

  @inlinable
  package var next: Generation { Generation(rawValue + 1) }

  @inlinable
  package static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }
}
