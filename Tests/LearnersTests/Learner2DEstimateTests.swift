import Foundation
import Testing

@testable import Learners

/// The integral that a learner of two variables finds beside its picture, compared with what it is
/// by hand.
@Suite struct Learner2DEstimateTests {
  private static let losses = [Loss2D.deviation, .uniform, .surface]
  private static let bounds = [0.0, 2, -1, 5]

  private func run(
    _ loss: Loss2D, count: Int, isComplex: Bool = false,
    _ function: (Double, Double) -> [Double]
  ) throws -> Learner2D {
    let settings = try Learner2DSettings(bounds: Self.bounds, loss: loss, isComplex: isComplex)
    var learner = try Learner2D(settings, valueCount: function(0, 0).count)
    while learner.pointCount < count {
      let point = learner.proposals(1).points[0]
      learner.tell(point, function(point[0], point[1]))
    }
    return learner
  }

  /// Planes are exact, however the rectangle is cut.
  @Test(arguments: losses) func planes(loss: Loss2D) throws {
    let estimate = try #require(run(loss, count: 60) { [2 + $0 - 3 * $1] }.estimate)
    #expect(abs(estimate.value - (24 + 12 - 72)) < 1e-11)
    #expect(estimate.error < 1e-11)
    #expect(estimate.imaginary == nil)
  }

  /// A function that bends one way everywhere is missed by as much as is estimated.
  @Test(arguments: losses) func quadratics(loss: Loss2D) throws {
    for count in [100, 400, 1600] {
      let estimate = try #require(
        run(loss, count: count) { x, y in [x * x + x * y / 4 + y * y / 4] }.estimate)
      let exact = 16.0 + 6 + 21
      let share = abs(estimate.value - exact) / estimate.error
      #expect((0.9...1.1).contains(share), "\(count): \(estimate), off by \(share)")
    }
  }

  /// Where it bends to both sides, misses cancel: the error is less. The estimate goes with 1/n.
  @Test(arguments: losses) func hillsAndHollows(loss: Loss2D) throws {
    let exact = (1 - cos(6.0)) / 3 * (sin(10.0) + sin(2.0)) / 2 + 12
    var errors: [Double] = []
    for count in [100, 400, 1600] {
      let estimate = try #require(
        run(loss, count: count) { x, y in [sin(3 * x) * cos(2 * y) + x] }.estimate)
      #expect(abs(estimate.value - exact) < estimate.error, "\(count): \(estimate)")
      errors.append(estimate.error)
    }
    for (early, late) in zip(errors, errors.dropFirst()) {
      #expect((2...6).contains(early / late), "\(errors)")
    }
  }

  /// The parts of a complex value are integrals of their own; a phase leaves the error alone.
  @Test func complexValues() throws {
    let found = try run(.deviation, count: 400, isComplex: true) { x, y in
      [x * x, -sin(x * y)]
    }.estimate
    let turned = try run(.deviation, count: 400, isComplex: true) { x, y in
      [sin(x * y), x * x]
    }.estimate
    let (estimate, other) = (try #require(found), try #require(turned))
    let imaginary = try #require(estimate.imaginary)
    // ∫ sin(xy) dx = (1 - cos 2y) / y, then by the midpoint rule.
    let steps = 60_000
    let exact = (0..<steps).reduce(0.0) { sum, step in
      let y = -1 + 6 * (Double(step) + 0.5) / Double(steps)
      return sum - (1 - cos(2 * y)) / y * 6 / Double(steps)
    }
    #expect(hypot(estimate.value - 16, imaginary - exact) < 1.1 * estimate.error)
    #expect(abs(other.value + imaginary) < 1e-9 && abs(other.imaginary! - estimate.value) < 1e-9)
    #expect(abs(other.error - estimate.error) < 1e-9 * estimate.error)
  }

  @Test func whatIsKnownOfNothing() throws {
    var learner = try Learner2D(Learner2DSettings(bounds: Self.bounds), valueCount: 1)
    for point in learner.proposals(4).points {
      #expect(learner.estimate == nil)
      learner.tell(point, [1])
    }
    #expect(learner.estimate?.error == .infinity)
    let vector = try run(.deviation, count: 20) { [$0, $1] }
    #expect(vector.estimate == nil)
    let holed = try run(.deviation, count: 40) { x, _ in [x > 1 ? .nan : x] }
    #expect(holed.estimate?.error == .infinity)
  }

  /// Points whose values are out, and those that failed, count for nothing.
  @Test func guestsDoNotCount() throws {
    var learner = try run(.deviation, count: 50) { x, y in [x * x * y] }
    let before = learner.estimate
    let points = learner.proposals(10).points
    let failed = points[3]
    learner.tellFailed(failed.span)
    #expect(learner.estimate == before)
  }
}
