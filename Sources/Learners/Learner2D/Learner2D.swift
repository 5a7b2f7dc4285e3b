package import AdaptiveCore
import Geometry

/// Samples a function of two variables, whose values are numbers or vectors, where planes through
/// neighbouring points describe it worst: Python adaptive's Learner2D.
///
/// Two meshes are kept. `known` has the points with values: its largest loss is the learner's.
/// `all` also has the *guests*, points that are asked but not told yet or that failed: each with
/// the value that the plane of its triangle in `known` has there. The next point goes into the
/// worst triangle of `all`, which is found out when a point is asked for.
package struct Learner2D: Learner, Sendable {
  package let settings: Learner2DSettings
  package let valueCount: Int

  let domain: Domain2D
  var register: PointRegister
  /// Known points in the order in which they were told, as numbers in the register.
  var toldNumbers: [Int32] = []
  /// Points given up, likewise; those that were told later included.
  var failedNumbers: [Int32] = []

  /// Corners of the domain before this one are asked for, told or given up.
  var nextCorner = 0
  /// Whether every corner has been told or given up: only then are there known triangles.
  var isBounded = false

  /// Of the points that were told before that: their numbers in the register, and their values.
  var earlyNumbers: [Int32] = []
  var earlyValues: [Double] = []

  var known: Mesh2D
  var all: Mesh2D
  /// By number in the register: the vertex in a mesh, or -1.
  var knownVertices: [Int32] = []
  var vertices: [Int32] = []
  /// By vertex of `all`: the point's number in the register.
  var numbers: [Int32] = []
  /// Guests by their numbers.
  var guests = GuestTable()

  var range: ValueRangeND
  /// The next one last.
  var stack: [StackEntry] = []

  /// A point that was chosen and not handed out yet.
  struct StackEntry: Sendable {
    var point: InlineArray<2, Double>
    var loss: Double
    /// Where it was found; another triangle may be there by now.
    var triangle: Int32
  }

  package init(_ settings: Learner2DSettings, valueCount: Int) throws(LearnerError) {
    guard valueCount > 0 else {
      throw LearnerError(.badSettings, "values of \(valueCount) numbers: at least 1 is needed")
    }
    try ComplexValues.check(settings.isComplex, valueCount: valueCount)
    self.settings = settings
    self.valueCount = valueCount
    domain = Domain2D(settings.bounds, aspectRatio: settings.aspectRatio)
    register = PointRegister(dimension: 2)
    known = Mesh2D(
      loss: settings.loss, valueCount: valueCount, isComplex: settings.isComplex,
      scale: domain.scale, isIncremental: !settings.isCompatible)
    all = known
    range = ValueRangeND(
      isCompatible: false, isComplex: settings.isComplex,
      growthMax: settings.rangeGrowthMax)
  }

  package var dimension: Int { 2 }
  package var pointCount: Int { register.knownCount }
  package var pendingCount: Int { register.pendingCount }
  package func pendingPoints() -> PointBuffer { register.pendingPoints() }

  package func loss(includingPending: Bool) -> Double {
    guard isBounded else { return .infinity }
    guard settings.isCompatible else {
      return includingPending ? all.settled().largestLoss : known.largestLoss
    }
    return includingPending
      ? recomputed(all, orderOfAll()).largestLoss : recomputed(known, orderOfKnown()).largestLoss
  }

  /// The integral over the rectangle, of values of one number: see ``Mesh2D/integral()``. The error
  /// is infinite while no more than the corners are known. O(n)
  package var estimate: LearnerEstimate? {
    guard isBounded, valueCount == (settings.isComplex ? 2 : 1) else { return nil }
    let (values, error) = known.integral()
    let unit = domain.unitArea
    return LearnerEstimate(
      value: values[0] * unit, imaginary: settings.isComplex ? values[1] * unit : nil,
      error: known.vertexCount > 4 ? error * unit : .infinity)
  }

  package var nextImprovement: Double {
    guard nextCorner == 4 else { return .infinity }
    if let entry = stack.last(where: { isFree($0.point) }) { return entry.loss }
    let all = settings.isCompatible ? recomputed(all, orderOfAll()) : all.settled()
    return all.queue.top.map { all.losses[Int($0.item)] } ?? -.infinity
  }

  /// Whether nobody has taken up a point yet.
  func isFree(_ point: InlineArray<2, Double>) -> Bool {
    guard let number = register.find(point.span) else { return true }
    return register.state(number) == .waiting
  }
}
