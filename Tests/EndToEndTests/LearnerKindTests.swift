import Foundation
import Glibc
import Testing
import _TestSupport

/// A kind of learner whose points do not depend on the order in which values come, or whose result
/// does not.
enum KilledKind: String, CaseIterable, CustomTestStringConvertible {
  case integrator, average, sequence, sobol

  var testDescription: String { rawValue }

  private static let grid = (0..<300).map { "\(Double($0) / 300)" }.joined(separator: ", ")

  /// The learner's keys, and the goal.
  fileprivate var campaign: (learner: String, goal: String) {
    switch self {
    case .integrator: ("bounds: [-1, 1], relative_tolerance: 1.0e-9", "{loss: 1}")
    case .average: ("absolute_tolerance: 0.001", "{npoints: 300}")
    case .sequence: ("grid: [[\(Self.grid)]]", "{loss: 0.001}")
    case .sobol: ("bounds: [-1, 1]", "{npoints: 300}")
    }
  }
}

extension EndToEndTests {
  /// Every kind of learner on four ranks, killed at random moments and started again, ends as a
  /// world that nobody disturbed.
  @Suite(.serialized) struct LearnerKindTests {
    private func folder(_ kind: KilledKind) throws -> CampaignFolder {
      let (learner, goal) = kind.campaign
      return try CampaignFolder(
        function: "recorder.c",
        campaign: """
          learners:
            - {name: one, kind: \(kind), \(learner), parameters: {a: 0.1, seconds: 0.01}}
          goal: \(goal)
          checkpoint: {interval: 0.5, commit: 0.1, grace: 5}
          """)
    }

    @Test(arguments: KilledKind.allCases) func endsAsUndisturbed(kind: KilledKind) throws {
      let seed = TestSeed()
      var generator = seed.generator(stream: UInt64(kind.rawValue.utf8.count))
      let undisturbed = try folder(kind)
      let whole = try undisturbed.world(ranks: 4)
      #expect(whole.exitCode == 0, "\(whole)")

      let killed = try folder(kind)
      for round in 1...4 {
        let count = killed.evaluations().count
        let world = try killed.start(ranks: 4)
        try wait(for: "\(seed) round \(round): an evaluation") {
          killed.evaluations().count > count || !world.isRunning
        }
        // The moment is what is drawn here; there is nothing to wait for.
        usleep(UInt32.random(in: 20_000...400_000, using: &generator))
        let ranks = killed.launcher.ranks(of: world).sorted { $0.key < $1.key }.map(\.value)
        ranks.randomElement(using: &generator)?.send(signal: SIGKILL)
        #expect(!world.finish(within: 60).timedOut, "\(seed) round \(round)")
        killed.expectNothingLeft(of: world)
      }
      let last = try killed.world(ranks: 4)
      #expect(last.exitCode == 0, "\(seed) \(last)")
      let expected = try undisturbed.contents().learners[0]
      let contents = try killed.contents()
      expectEachPointOnce(in: killed, contents)
      switch kind {
      case .integrator:
        let (a, b) = (try estimate(undisturbed), try estimate(killed))
        #expect(abs(a.value - b.value) <= a.error + b.error, "\(seed): \(a), \(b)")
        // By hand: x is odd, and 0.01 / (0.01 + (x − 0.1)²) has an arctangent for its integral.
        let exact = 0.1 * (atan(9) + atan(11))
        #expect(abs(b.value - exact) < 1e-8, "\(seed): \(b)")
      case .average, .sequence, .sobol:
        // What was pending at a death comes first; so a few points may follow those of the goal.
        // Of a world that was killed once it had all points, the journal alone holds the last ones,
        // and those after it have nothing to save.
        let missing = Set(expected.points).subtracting(contents.told[0]).map(\.double)
        #expect(missing.isEmpty, "\(seed)")
        #expect(expected.points.count == 300 && contents.told[0].count < 310, "\(seed)")
      }
    }

    private func estimate(_ campaign: CampaignFolder) throws -> (value: Double, error: Double) {
      struct Status: Decodable {
        struct Learner: Decodable {
          struct Estimate: Decodable {
            var value: Double
            var error: Double
          }
          var estimate: Estimate
        }
        var learners: [Learner]
      }
      let status = try campaign.look("status", ["--json"])
      let document = try JSONDecoder().decode(Status.self, from: Data(status.standardOutput.utf8))
      let estimate = document.learners[0].estimate
      return (estimate.value, estimate.error)
    }
  }
}
