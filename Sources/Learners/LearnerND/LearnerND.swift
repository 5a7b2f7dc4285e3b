package import AdaptiveCore
import Geometry

/// Samples a function of two to six variables, whose values are numbers or vectors, by
/// triangulating the known points and dividing the simplex with the largest loss: Python adaptive's
/// LearnerND.
///
/// All known points of the domain are vertices of a Delaunay triangulation in the unit box, in the
/// order in which they were told. Points that are asked but not told yet, and points that failed,
/// are *dividers*: each divides the simplices that hold it, whose losses its parts share by their
/// volumes. A simplex with its dividers is a ``SimplexGroup``; its parts are made, and
/// queued, only when they may come first.
///
/// Losses are computed with the range that the values had when all losses were last computed, so
/// that the state depends on the results, that range and the pending points, and on no order.
package struct LearnerND: Learner, Sendable {
  package let settings: LearnerNDSettings
  package let valueCount: Int

  var domain: DomainND
  var register: PointRegister
  /// By number in the register: the slot of a divider, or -1.
  var slots: [Int32] = []

  /// Corners of the domain before this one are asked for, told or given up.
  var nextCorner = 0
  var random = MersenneTwister(seed: 1)

  var triangulation: Triangulation
  /// Any simplex; negative while there is no triangulation.
  var root: Int32 = -1

  /// By vertex, `valueCount` doubles each.
  var values: [Double] = []
  /// Vertices without a value: corners of the domain that failed.
  var missing: [Int32] = []
  /// Vertices that were corners given up first, with the corner's number: their place in the order
  /// of vertices is not that of their results.
  var earlyCorners: [(vertex: Int32, corner: Int)] = []

  /// By simplex.
  var losses: [Double] = []
  /// By simplex, by adaptive's rules only: the largest loss that the simplex ever had, which goes
  /// on ranking it.
  var rankedLosses: [Double] = []
  /// By simplex: its group, or -1.
  var groupOf: [Int32] = []

  var dividers: DividerTable
  /// Dividers outside the triangulation: the domain may have corners that are not known yet.
  var outside: [Int32] = []
  /// False while dividers are restored that divided nothing.
  var isPlacing = true
  var groups = GroupTable()

  /// Simplices without dividers.
  var whole: SimplexQueue
  /// Divided simplices whose parts are not queued, by a bound of the largest part's loss.
  var bounded: SimplexQueue
  /// Parts of the others.
  var parts: SimplexQueue
  /// Divided simplices by their losses.
  var divided: SimplexQueue

  /// Simplices that nobody divides any further.
  var exhausted: SimplexQueue

  /// The triangulations of simplices by their dividers, a sheet each.
  var partition: Triangulation
  /// By vertex of `partition`: its number within its group.
  var localNumbers: [Int32] = []
  /// By simplex of `partition`: its group.
  var groupOfPart: [Int32] = []
  /// By simplex of `partition`: its share of the volume.
  var shareOfPart: [Double] = []
  /// By axis, what coordinates are multiplied by in `partition`.
  let partScale: [Double]

  var range: ValueRangeND
  var scratch: [Double]
  var holders: [Triangulation.Holder] = []

  package init(_ settings: LearnerNDSettings, valueCount: Int) throws(LearnerError) {
    guard valueCount > 0, !settings.isAnisotropic || valueCount == 1 else {
      throw LearnerError(
        .badSettings,
        "an anisotropic learner with values of \(valueCount) numbers: it needs one number")
    }
    try ComplexValues.check(settings.isComplex, valueCount: valueCount)
    self.settings = settings
    self.valueCount = valueCount
    switch settings.domain {
    case .box(let bounds): domain = DomainND(box: bounds)
    case .hull(let points): domain = try DomainND(hull: points)
    }
    let dimension = domain.dimension
    register = PointRegister(dimension: dimension)
    dividers = DividerTable(dimension: dimension)
    let isCompatible = settings.isCompatible
    let ties: Triangulation.Ties = isCompatible ? .newest(tolerance: 1e-8) : .symbolic
    triangulation = Triangulation(dimension: dimension, ties: ties)
    partition = Triangulation(dimension: dimension, ties: ties)
    partition.ordersByPlace = !isCompatible
    partScale = isCompatible ? domain.proportions : Array(repeating: 1, count: dimension)
    whole = SimplexQueue(isDecimal: isCompatible)
    bounded = SimplexQueue(isDecimal: isCompatible)
    parts = SimplexQueue(isDecimal: isCompatible)
    divided = SimplexQueue(isDecimal: isCompatible)
    exhausted = SimplexQueue(isDecimal: isCompatible)
    range = ValueRangeND(
      isCompatible: isCompatible, isComplex: settings.isComplex,
      growthMax: settings.rangeGrowthMax)
    scratch = Array(repeating: 0, count: SimplexLossScratch.count(dimension, valueCount))
  }

  package var dimension: Int { domain.dimension }
  package var pointCount: Int { register.knownCount }
  package var pendingCount: Int { register.pendingCount }
  package func pendingPoints() -> PointBuffer { register.pendingPoints() }

  package func loss(includingPending: Bool) -> Double {
    guard root >= 0, nextCorner >= domain.corners.count else { return .infinity }
    if includingPending { return promise() ?? .infinity }
    if settings.isCompatible && settings.loss.needsNeighbors { return largestLoss }
    var first: SimplexQueue.Entry?
    var largest = Double.infinity
    if let simplex = divided.top {
      first = simplex
      largest = losses[Int(simplex.item)]
    }
    for simplices in [whole, exhausted] {
      guard let simplex = simplices.top, simplex.key >= first?.key ?? 0 else { continue }
      if first.map({ $0.key < simplex.key }) ?? true { largest = losses[Int(simplex.item)] }
      first = simplex
      // Equal by what they are compared by, and yet not equal.
      simplices.forEachFirst { if losses[Int($0)] > largest { largest = losses[Int($0)] } }
    }
    return largest
  }

  /// The largest loss, whatever ranks the simplices. O(n)
  private var largestLoss: Double {
    var largest = -Double.infinity
    for simplex in losses.indices where triangulation.isFinite(Int32(simplex)) {
      largest = Swift.max(largest, losses[simplex])
    }
    return largest
  }

  package var nextImprovement: Double {
    guard root >= 0, nextCorner >= domain.corners.count else { return .infinity }
    return promise() ?? -.infinity
  }

  /// The loss of whatever is divided next; nil if nothing can be.
  private func promise() -> Double? {
    if isPartNext, let part = parts.top { return lossOfPart(part.item) }
    return whole.top.map { losses[Int($0.item)] }
  }

  /// Whether the next point goes into a part of a divided simplex.
  var isPartNext: Bool {
    guard let part = parts.top else { return false }
    guard let simplex = whole.top else { return true }
    if part.key != simplex.key { return part.key > simplex.key }
    return precedes(part.item, simplex: simplex.item)
  }
}
