package import AdaptiveCore
internal import RealModule

/// Evaluates a noisy function for the numbers 0, 1, 2, …, which are its seeds, until the mean is
/// known well enough: Python adaptive's AverageLearner.
///
/// Mean and variance are updated by Welford (Technometrics 4(3), 1962), which cancels no digits.
/// The loss is the standard error of the mean in units of the tolerance: at most 1 means known well
/// enough. O(1) a point.
package struct AverageLearner: Learner {
  private let settings: AverageSettings
  private var register = PointRegister(dimension: 1)
  private var mean = 0.0
  /// Of complex values.
  private var imaginaryMean = 0.0
  /// The sum of squared differences from the mean; of complex values, squares of moduli.
  private var squares = 0.0
  /// All smaller numbers are taken.
  private var lowest = 0

  package init(_ settings: AverageSettings) { self.settings = settings }

  package var dimension: Int { 1 }
  package var valueCount: Int { settings.isComplex ? 2 : 1 }
  package var pointCount: Int { register.knownCount }
  package var pendingCount: Int { register.pendingCount }

  package mutating func ask(
    _ count: Int, appendingTo points: inout PointBuffer, improvements: inout [Double]
  ) {
    let improvement = improvement(count)
    // Numbers in a row, unless somebody has taken one of them: then the smallest that are free.
    let first = register.knownCount + register.pendingCount + register.failedCount
    let isFree = (first..<first + count).allSatisfy { !isTaken($0) }
    var number = isFree ? first : lowest
    for _ in 0..<count {
      while isTaken(number) { number += 1 }
      let point: InlineArray<1, Double> = [Double(number)]
      register.tellPending(point.span)
      points.append(point.span)
      improvements.append(improvement)
      number += 1
    }
    while isTaken(lowest) { lowest += 1 }
  }

  package mutating func tell(_ point: Span<Double>, value: Span<Double>) {
    precondition(value.count == valueCount)
    guard register.tell(point) else { return }
    add(value[0], imaginary: settings.isComplex ? value[1] : 0)
  }

  package mutating func tellPending(_ point: Span<Double>) { register.tellPending(point) }

  package mutating func tellFailed(_ point: Span<Double>) { register.tellFailed(point) }

  package func loss(includingPending: Bool) -> Double {
    loss(count: register.knownCount + (includingPending ? register.pendingCount : 0))
  }

  package var nextImprovement: Double { improvement(1) }

  package var estimate: LearnerEstimate? {
    let count = register.knownCount
    let isEnough = count >= settings.pointCountMin
    return LearnerEstimate(
      value: mean, imaginary: settings.isComplex ? imaginaryMean : nil,
      error: isEnough ? deviation / Double(count).squareRoot() : .infinity)
  }

  /// The standard deviation of a value; infinite while too few are known.
  var deviation: Double {
    let count = register.knownCount
    return count < settings.pointCountMin
      ? .infinity : (squares / Double(count - 1)).squareRoot()
  }

  package func pendingPoints() -> PointBuffer { register.pendingPoints() }

  package func snapshot() -> LearnerSnapshot { LearnerSnapshot(fields: []) }

  private mutating func add(_ value: Double, imaginary: Double) {
    let count = Double(register.knownCount)
    let difference = (value - mean, imaginary - imaginaryMean)
    mean += difference.0 / count
    imaginaryMean += difference.1 / count
    squares += difference.0 * (value - mean) + difference.1 * (imaginary - imaginaryMean)
  }

  /// What the loss would be if the deviation of now were that of `count` values.
  private func loss(count: Int) -> Double {
    guard count >= settings.pointCountMin, register.knownCount >= settings.pointCountMin else {
      return .infinity
    }
    let error = deviation / Double(count).squareRoot()
    let relative = error / settings.relativeTolerance
    let modulus = settings.isComplex ? Double.hypot(mean, imaginaryMean) : mean.magnitude
    return max(
      error / settings.absoluteTolerance, modulus == 0 ? relative : relative / modulus)
  }

  /// What each of `count` more values promises.
  private func improvement(_ count: Int) -> Double {
    let now = loss(includingPending: false)
    guard now.isFinite, count > 0 else { return .infinity }
    return (now - loss(count: register.knownCount + count)) / Double(count)
  }

  private func isTaken(_ number: Int) -> Bool {
    let point: InlineArray<1, Double> = [Double(number)]
    guard let index = register.find(point.span) else { return false }
    return register.state(index) != .waiting
  }

  /// The learner that was saved.
  init(restoring settings: AverageSettings, _ record: LearnerRecord) throws(LearnerError) {
    self.init(settings)
    let valueCount = valueCount
    try record.check(dimension: 1, valueCount: valueCount)
    record.results.forEachSegment { segment in
      for index in segment.points.indices {
        tell(
          segment.points.span.extracting(index..<index + 1),
          value: segment.values.span.extracting(index * valueCount..<(index + 1) * valueCount))
      }
    }
    var others = record
    others.results = ResultLog(dimension: 1, valueCount: valueCount)
    try register.restore(others)
  }
}

/// How well a mean is to be known.
package struct AverageSettings: LearnerSettings {
  /// Of the standard error; infinite where it does not matter.
  package let absoluteTolerance: Double
  /// The same as a share of the mean.
  package let relativeTolerance: Double
  /// Values without which nothing is known.
  package let pointCountMin: Int
  /// Whether values are complex numbers, two doubles each.
  package let isComplex: Bool

  /// - Throws: ``LearnerError`` unless one tolerance at least is finite, and both are above 0.
  package init(
    absoluteTolerance: Double = .infinity, relativeTolerance: Double = .infinity,
    pointCountMin: Int = 2, isComplex: Bool = false
  ) throws(LearnerError) {
    guard absoluteTolerance > 0, relativeTolerance > 0,
      min(absoluteTolerance, relativeTolerance).isFinite, pointCountMin >= 2
    else {
      throw LearnerError(
        .badSettings,
        "tolerances \(absoluteTolerance) and \(relativeTolerance) with at least \(pointCountMin) "
          + "points: a finite tolerance above 0 and 2 points or more are needed")
    }
    self.absoluteTolerance = absoluteTolerance
    self.relativeTolerance = relativeTolerance
    self.pointCountMin = pointCountMin
    self.isComplex = isComplex
  }

  package init(_ fields: SettingFields) throws(LearnerError) {
    try self.init(
      absoluteTolerance: try fields.double("absolute_tolerance"),
      relativeTolerance: try fields.double("relative_tolerance"),
      pointCountMin: try fields.integer("min_points"),
      isComplex: ComplexValues.isComplex(fields))
  }

  package var dimension: Int { 1 }

  package var fields: SettingFields {
    var fields = SettingFields([
      .init("absolute_tolerance", .doubles([absoluteTolerance])),
      .init("relative_tolerance", .doubles([relativeTolerance])),
      .init("min_points", .integers([Int64(pointCountMin)])),
    ])
    ComplexValues.append(isComplex, to: &fields)
    return fields
  }

  package func makeLearner(valueCount: Int, seed: UInt64) throws(LearnerError) -> any Learner {
    guard valueCount == (isComplex ? 2 : 1) else {
      throw LearnerError(
        .badSettings,
        "a mean is learned from 1 number, not \(valueCount); a complex one is two: outputs: 2")
    }
    return AverageLearner(self)
  }

  package func restoreLearner(
    _ record: LearnerRecord, valueCount: Int, seed: UInt64
  ) throws(LearnerError) -> any Learner {
    try AverageLearner(restoring: self, record)
  }
}
