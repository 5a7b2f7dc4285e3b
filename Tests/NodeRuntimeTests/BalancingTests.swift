import AdaptiveCore
import Delegation
import Foundation
import Learners
import NodeRuntime
import Testing
import _TestSupport

/// Several learners that share what is asked, as Python adaptive's BalancingLearner has them.
@Suite struct BalancingTests {
  private struct Reference: Decodable {
    struct Case: Decodable, CustomTestStringConvertible {
      let id: String
      let offsets: [Double]
      let loss: Double
      /// Of each step the learner, the point, and what it promised.
      let steps: [[Number]]

      enum CodingKeys: String, CodingKey {
        case id, offsets, loss
        case steps = "index_point_improvement"
      }

      var testDescription: String { id }

      var balancing: Balancing {
        id.contains("improvements") ? .lossImprovements : id.contains("npoints") ? .npoints : .loss
      }

      /// Points of one ask, all of which are told before the next.
      var askCount: Int { id.hasSuffix("ask6") ? 6 : 1 }
    }

    let cases: [Case]
  }

  /// Infinities are strings.
  private struct Number: Decodable {
    let value: Double

    init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let text = try? container.decode(String.self) {
        value = Double(text) ?? .nan
      } else {
        value = try container.decode(Double.self)
      }
    }
  }

  private static let cases = Result {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("Reference/balancing.json")
    return try JSONDecoder().decode(Reference.self, from: Data(contentsOf: file)).cases
  }

  /// Learners with a queue, as root and driver keep them.
  private struct Family {
    var state: CampaignState
    var queue: LearnerQueue

    init(count: Int, _ balancing: Balancing) throws {
      state = try CampaignState(
        (0..<count).map {
          LearnerDefinition(
            name: "\($0)",
            kind: .oneDimensional(try Learner1DSettings(lower: -1, upper: 1)))
        })
      queue = LearnerQueue(balancing, learnerCount: count)
      for position in 0..<count {
        queue.setOpen(position, true)
        queue.set(position, state.standing(LearnerIndex(position)))
      }
    }

    /// Asks as the root does: the first learner, until the second comes before it.
    mutating func ask(_ count: Int) -> [(learner: Int, x: Double)] {
      var asked: [(learner: Int, x: Double)] = []
      while asked.count < count, let first = queue.first {
        let learner = LearnerIndex(first)
        let points =
          queue.second.map {
            state.askWhileFirst(
              learner, count: count - asked.count, rival: LearnerIndex($0.position), $0.standing,
              by: queue.balancing)
          } ?? state.ask(learner, count: count - asked.count)
        asked += points.doubles.map { (first, $0) }
        queue.set(first, state.standing(learner))
      }
      return asked
    }

    mutating func tell(_ learner: Int, _ x: Double, _ value: Double) {
      let index = LearnerIndex(learner)
      let isNew = state.tell(
        index, point: [x].span, value: [value].span, seconds: 0, leaf: Rank(1))
      #expect(isNew)
      queue.set(learner, state.standing(index))
    }
  }

  @Test("the same points, of the same learners, as recorded", arguments: try cases.get())
  private func replay(reference: Reference.Case) throws {
    var family = try Family(count: reference.offsets.count, reference.balancing)
    let expected = reference.steps.map { $0.map(\.value) }
    var step = 0
    while step < expected.count {
      let asked = family.ask(min(reference.askCount, expected.count - step))
      for (learner, x) in asked {
        let context = "\(reference.id), point \(step)"
        #expect(learner == Int(expected[step][0]), "\(context)")
        #expect(x == expected[step][1], "\(context)")
        step += 1
      }
      for (learner, x) in asked {
        let distance = x - reference.offsets[learner]
        family.tell(learner, x, x + 1e-4 / (1e-4 + distance * distance))
      }
    }
    let loss = (0..<reference.offsets.count).map { family.state.loss(LearnerIndex($0)) }.max()
    #expect(abs((loss ?? 0) / reference.loss - 1) < 1e-12)
  }

  @Test(
    "the queue's first is who comes before all others, whatever changes",
    arguments: Balancing.allCases)
  func queueAgreesWithLooking(balancing: Balancing) {
    let seed = TestSeed()
    var random = RandomSource(seed: seed.value)
    var queue = LearnerQueue(balancing, learnerCount: 60)
    var isOpen = Array(repeating: false, count: 60)
    var standings = Array(
      repeating: Standing(improvement: .infinity, loss: .infinity, count: 0), count: 60)
    let losses = [0.5, 0.5, 1, .infinity, .nan, 0]
    for step in 0..<5000 {
      let position = Int.random(in: 0..<60, using: &random)
      if random.nextUnit() < 0.3 {
        isOpen[position].toggle()
        queue.setOpen(position, isOpen[position])
      } else {
        standings[position] = Standing(
          improvement: losses.randomElement(using: &random)!,
          loss: losses.randomElement(using: &random)!, count: Int.random(in: 0..<3, using: &random))
        queue.set(position, standings[position])
      }
      let order = isOpen.indices.filter { isOpen[$0] }.sorted {
        balancing.isFirst(standings[$0], at: $0, before: standings[$1], at: $1)
      }
      #expect(queue.first == order.first, "\(seed) step \(step)")
      #expect(queue.second?.position == order.dropFirst().first, "\(seed) step \(step)")
    }
  }
}
