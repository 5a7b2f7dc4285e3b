package import AdaptiveCore

/// Chooses points of a function's domain from the values known so far: each next point goes where
/// the loss is largest. The words are Python adaptive's.
///
/// A learner is a value without clock, files or randomness of the system: the same sequence of
/// calls gives the same points on every machine. Points are flat runs of ``dimension`` doubles,
/// values of ``valueCount``. A point is a learner's own business to recognise: results may arrive
/// late, in any order, or for points that were never asked.
package protocol Learner: Sendable {
  /// Doubles in a point.
  var dimension: Int { get }

  /// Doubles in a value.
  var valueCount: Int { get }

  /// Points with a value, those outside the domain included.
  var pointCount: Int { get }

  /// Points asked (or told to be pending) whose values are not known yet.
  var pendingCount: Int { get }

  /// Appends at most `count` new points to `points`, best first, and marks them pending; appends to
  /// `improvements` what each promises, in units of the loss. Fewer than `count` are appended only
  /// when the learner has none to offer before something more is told.
  mutating func ask(
    _ count: Int, appendingTo points: inout PointBuffer, improvements: inout [Double])

  /// Takes the value of a point, asked or not. A point whose value is already known is ignored.
  mutating func tell(_ point: Span<Double>, value: Span<Double>)

  /// Marks a point as being computed elsewhere. Known and pending points are left as they are.
  mutating func tellPending(_ point: Span<Double>)

  /// Gives a point up: it is no longer pending, is never asked again, and the loss no longer waits
  /// for it.
  mutating func tellFailed(_ point: Span<Double>)

  /// Many points come that somebody else asked for and told, and nothing is asked and no loss is
  /// read before ``endReplay()``: what only serves to find the next point may be left undone.
  mutating func beginReplay()

  /// Does what was left undone.
  mutating func endReplay()

  /// The loss of the known points, or of known and pending ones together; infinite while too little
  /// is known.
  func loss(includingPending: Bool) -> Double

  /// What the next point that was asked would promise, without asking for it: in units of the loss,
  /// infinite where nothing is known, -infinite where there is no point to offer.
  var nextImprovement: Double { get }

  /// How many points it can still offer, whatever it is told; nil where there is no end to them.
  var supply: Int? { get }

  /// What the learner makes of a whole domain or of many tries of one thing, such as an integral or
  /// a mean; nil for a learner that finds no such number.
  var estimate: LearnerEstimate? { get }

  /// Pending points in the order in which they were asked.
  func pendingPoints() -> PointBuffer

  /// What the order of past calls has shaped and the results in told order alone do not determine.
  func snapshot() -> LearnerSnapshot
}

extension Learner {
  package mutating func beginReplay() {}
  package mutating func endReplay() {}
  package var supply: Int? { nil }
  package var estimate: LearnerEstimate? { nil }
}

/// A number that a learner has found, such as an integral or a mean.
package struct LearnerEstimate: Sendable, Equatable {
  package var value: Double

  /// Of a complex number, whose real part is ``value``; nil for a real one.
  package var imaginary: Double?

  /// How far off it may be: absolute, of a complex number its modulus; infinite while too little is
  /// known.
  package var error: Double

  package init(value: Double, imaginary: Double? = nil, error: Double) {
    self.value = value
    self.imaginary = imaginary
    self.error = error
  }
}
