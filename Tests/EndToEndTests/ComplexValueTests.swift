import Foundation
import Testing
import _TestSupport

extension EndToEndTests {
  /// A Python function of complex values under learners of every kind that takes them, chosen
  /// between by `balancing`.
  @Suite(.serialized) struct ComplexValueTests {
    @Test(arguments: ["loss_improvements", "loss", "npoints"])
    func integratorsUnderBalancing(balancing: String) throws {
      let folder = try TemporaryDirectory()
      try folder.write(
        """
        import cmath

        def wave(x, k):
            return cmath.exp(1j * k * x)
        """, to: "wave.py")
      try folder.write(
        """
        name: wave
        function: {python: "wave.py:wave"}
        outputs: 2
        balancing: \(balancing)
        learners:
          - name: "k={k}"
            kind: integrator
            bounds: [0, 3]
            relative_tolerance: 1.0e-9
            values: complex
            sweep: {k: [1, 5, 20]}
          - {name: picture, kind: 1d, bounds: [0, 3], values: complex, parameters: {k: 2}}
        goal: {any: [{loss: 1}, {npoints: 400}]}
        """, to: "campaign.yaml")
      let launcher = try CampaignFolder.openMPI.get()
      let world = try launcher.start(
        ranks: 3, ["run", "campaign.yaml"], directory: folder.path)
      let outcome = world.finish(within: 120)
      #expect(outcome.exitCode == 0, "\(outcome)")

      struct Status: Decodable {
        struct Learner: Decodable {
          struct Estimate: Decodable {
            var value: Double
            var imaginary: Double?
            var error: Double
          }
          var name: String
          var estimate: Estimate?
        }
        var learners: [Learner]
      }
      let data = try Data(contentsOf: URL(fileURLWithPath: folder.path("runs/wave/status.json")))
      let learners = try JSONDecoder().decode(Status.self, from: data).learners
      for (k, learner) in zip([1.0, 5, 20], learners) {
        // (exp(3ik) - 1) / (ik), by hand
        let estimate = try #require(learner.estimate, "\(learner)")
        #expect(abs(estimate.value - sin(3 * k) / k) < 1e-8, "\(learner)")
        #expect(abs((estimate.imaginary ?? .nan) - (1 - cos(3 * k)) / k) < 1e-8, "\(learner)")
      }
      #expect(learners.count == 4 && learners[3].estimate == nil)
    }
  }
}
