import AdaptiveCore
import Foundation
import Testing
import _TestSupport

@testable import Learners

/// A member of the battery of Lyness and Kaganove (benchmarks/integrator/battery.py), with what
/// CQUAD of the GNU Scientific Library needed for it: evaluations, and whether its integral was as
/// near as the tolerance asks.
private struct Member {
  let family: Int
  let alpha: Double
  let places: [Double]
  let tolerance: Double
  let evaluationCount: Int
  let exact: Double
  let isCorrect: Bool

  init(_ row: [Double]) {
    family = Int(row[0])
    alpha = row[1]
    places = Array(row[2..<6])
    tolerance = row[6]
    evaluationCount = Int(row[7])
    exact = row[8]
    isCorrect = row[9] == 1
  }

  static func all() throws -> [Member] {
    try Reference.files().filter { $0.name == "cquad.json" }
      .flatMap { $0.content["cquad"]!.array.map { Member($0.doubles) } }
  }

  func callAsFunction(_ x: Double) -> Double {
    let distance = x - places[0]
    switch family {
    case 1: return pow(abs(distance), alpha)
    case 2: return distance > 0 ? exp(alpha * x) : 0
    case 3: return exp(-alpha * abs(distance))
    case 4: return alpha / (distance * distance + alpha)
    case 5: return places.reduce(0) { $0 + alpha / ((x - $1) * (x - $1) + alpha) }
    default: return 2 * alpha * distance * cos(alpha * distance * distance)
    }
  }
}

@Suite struct IntegratorBatteryTests {
  /// Asks and tells until it is done: in batches of one size, of another size each time where that
  /// is 0; told in another order than asked.
  private func integrate(
    _ member: Member, batch: Int, _ random: inout SeededGenerator
  ) throws -> (count: Int, isCorrect: Bool) {
    let lower = member.family == 4 || member.family == 5 ? 1.0 : 0
    var learner = try IntegratorLearner(
      IntegratorSettings(
        lower: lower, upper: lower + 1, relativeTolerance: member.tolerance))
    while learner.loss(includingPending: false) > 1 {
      let size = batch > 0 ? batch : Int(pow(1000, Double.random(in: 0...1, using: &random)))
      var points = PointBuffer(dimension: 1)
      var improvements: [Double] = []
      learner.ask(size, appendingTo: &points, improvements: &improvements)
      guard !points.isEmpty else { break }
      for x in points.doubles.shuffled(using: &random) {
        learner.tell([x].span, value: [member(x)].span)
      }
      #expect(learner.pointCount < 200_000, "\(member)")
    }
    let found = learner.estimate?.value ?? .nan
    return (
      learner.pointCount,
      abs(found - member.exact) <= member.tolerance * abs(member.exact)
    )
  }

  /// At most 1.1 times as many evaluations as CQUAD, and as many integrals right, for every size of
  /// batches.
  @Test(arguments: [1, 33, 1000, 0], [1e-3, 1e-6, 1e-9])
  func isAsGoodAsCQUAD(batch: Int, tolerance: Double) throws {
    let seed = TestSeed()
    var random = seed.generator(stream: UInt64(batch))
    let members = try Member.all().filter { $0.tolerance == tolerance }
    #expect(members.count >= 30)
    var count = 0
    var correctCount = 0
    for member in members {
      let found = try integrate(member, batch: batch, &random)
      count += found.count
      if found.isCorrect { correctCount += 1 }
    }
    let peers = members.reduce(0) { $0 + $1.evaluationCount }
    #expect(Double(count) <= 1.1 * Double(peers), "\(seed): \(count) against \(peers)")
    #expect(correctCount >= members.count { $0.isCorrect }, "\(seed): \(correctCount)")
  }

  /// Where the tolerance is out of reach, it ends all the same. Of singularities and oscillations
  /// one each, for these take tens of thousands of evaluations.
  @Test func endsWhereRoundingIsInTheWay() throws {
    var random = TestSeed().generator()
    let members = try Member.all().filter { $0.tolerance == 1e-12 }
    for family in 1...6 {
      for member in members.filter({ $0.family == family }).prefix(1) {
        let found = try integrate(member, batch: 20, &random)
        #expect(found.count > 0 && (found.isCorrect || !member.isCorrect), "\(member)")
      }
    }
  }
}
