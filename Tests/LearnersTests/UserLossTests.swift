import AdaptiveCore
import Foundation
import Testing

@testable import Learners

private func ask(_ learner: inout CampaignLearner, _ count: Int) -> [[Double]] {
  var points = PointBuffer(dimension: learner.dimension)
  var improvements: [Double] = []
  learner.ask(count, appendingTo: &points, improvements: &improvements)
  return (0..<points.count).map { Array(points[$0]) }
}

private func peak(_ point: [Double]) -> Double {
  let x = point[0] - (point.count > 1 ? 0.5 * point[1] : 0)
  return x + 0.01 / (0.01 + (x - 0.3) * (x - 0.3))
}

@Suite struct UserLossTests {
  private func points(_ kind: LearnerKind, count: Int) throws -> [[Double]] {
    var learner = try CampaignLearner(LearnerDefinition(name: "a", kind: kind))
    var all: [[Double]] = []
    while all.count < count {
      for point in ask(&learner, 3) {
        all.append(point)
        learner.tell(point.span, value: [peak(point)].span)
      }
    }
    return all
  }

  private func kind1D(
    _ loss: Loss1D, _ function: UserLossFunction? = nil
  ) throws -> LearnerKind {
    .oneDimensional(
      try Learner1DSettings(
        lower: -2, upper: 1, loss: loss,
        userLoss: function.map { UserLoss(name: "mine", origin: .swift, function: $0) }))
  }

  /// Built-in losses, written as a user would: the same points.
  @Test func intervals() throws {
    let distance: UserLossFunction = { cell in
      hypot(cell.points[1] - cell.points[0], cell.values[1] - cell.values[0])
    }
    #expect(
      try points(kind1D(.user(neighborCount: 0), distance), count: 200)
        == points(kind1D(.distance), count: 200))
    let triangle: UserLossFunction = { cell in
      let known = (0..<4).filter { !cell.points[$0].isNaN }
      let areas = known.dropLast(2).enumerated().map { place, first in
        let (a, b, c) = (first, known[place + 1], known[place + 2])
        let (x, y) = (cell.points, cell.values)
        return abs((x[a] - x[c]) * (y[b] - y[c]) - (y[a] - y[c]) * (x[b] - x[c])) / 2
      }
      if areas.isEmpty { return cell.points[known[1]] - cell.points[known[0]] }
      return areas.reduce(0, +) / Double(areas.count)
    }
    #expect(
      try points(kind1D(.user(neighborCount: 1), triangle), count: 200)
        == points(kind1D(.triangle), count: 200))
  }

  @Test func simplices() throws {
    let domain = LearnerNDSettings.Domain.box([0, 2, -1, 1])
    let area: UserLossFunction = { cell in
      let p = cell.points
      return abs((p[2] - p[0]) * (p[5] - p[1]) - (p[4] - p[0]) * (p[3] - p[1])) / 2
    }
    let mine = LearnerKind.simplicial(
      try LearnerNDSettings(
        domain: domain, loss: .user,
        userLoss: UserLoss(name: "area", origin: .swift, function: area)))
    let own = LearnerKind.simplicial(try LearnerNDSettings(domain: domain, loss: .uniform))
    #expect(try points(mine, count: 150) == points(own, count: 150))
  }

  /// Whatever a loss returns, points go on coming, each once, all over the domain.
  @Test(arguments: [Double.nan, .infinity, -.infinity, -3, 0, 1e308, 1e-300])
  func whateverItReturns(loss: Double) throws {
    let function: UserLossFunction = { _ in loss }
    let domain = LearnerNDSettings.Domain.box([-2, 1, 0, 1])
    let kinds: [LearnerKind] = [
      try kind1D(.user(neighborCount: 1), function),
      .simplicial(
        try LearnerNDSettings(
          domain: domain, loss: .user,
          userLoss: UserLoss(name: "a", origin: .swift, function: function))),
      .average1D(
        try Average1DSettings(
          curve: Learner1DSettings(
            lower: -2, upper: 1, loss: .user(neighborCount: 0),
            userLoss: UserLoss(name: "a", origin: .swift, function: function)),
          sampleCountMin: 2)),
    ]
    for kind in kinds {
      let points = try points(kind, count: 120)
      #expect(Set(points).count == points.count, "\(kind.name)")
      let xs = points.map { $0[kind.name == .average1D ? 1 : 0] }
      #expect(xs.min() == -2 && xs.max() == 1, "\(kind.name)")
    }
    // What is not a number, or infinite, counts by length: then points are even.
    guard !loss.isFinite, loss > 0 || loss.isNaN else { return }
    let sorted = try points(kinds[0], count: 129).map { $0[0] }.sorted()
    let gaps = zip(sorted.dropFirst(), sorted).map { $0 - $1 }
    #expect(gaps.max()! <= 2 * gaps.min()! + 1e-12)
  }

  /// A loss is known by its name, in settings that were stored too; a learner without the function
  /// can be looked at.
  @Test func theNameIsWhatIsStored() throws {
    let kind = try kind1D(.user(neighborCount: 1)) { _ in 1 }
    let stored = try LearnerKind(kind.name, kind.settings.fields)
    #expect(stored == kind)
    #expect(stored.userLoss?.name == "mine" && stored.userLoss?.function == nil)
    var other = kind
    other.userLoss = UserLoss(name: "another", origin: .swift)
    #expect(other != kind)
    #expect(try points(stored, count: 50).count >= 50)
  }
}
