import Foundation
import Glibc
import Testing
import _TestSupport

extension EndToEndTests {
  /// A loss from a library, in real worlds that are killed, and built again.
  @Suite(.serialized) struct UserLossTests {
    private static let distance = """
      #include <adaptive_mpi.h>
      ADAPTIVE_MPI_LIBRARY;
      ADAPTIVE_MPI_LOSS(cell) {
        return hypot(cell->points[1] - cell->points[0], cell->values[1] - cell->values[0]);
      }
      """

    private func folder(_ loss: String, tree: String = "{}") throws -> CampaignFolder {
      let campaign = try CampaignFolder(
        function: "recorder.c",
        campaign: """
          learners:
            - name: "a={a}"
              kind: 1d
              bounds: [-1.0, 1.0]
              loss: \(loss)
              parameters: {seconds: 0.005}
              sweep: {a: [0.1, 0.3]}
          goal: {npoints: 150}
          tree: \(tree)
          checkpoint: {interval: 0.3, commit: 0.1, grace: 5}
          """)
      try compile(Self.distance, in: campaign)
      return campaign
    }

    private func compile(_ source: String, in campaign: CampaignFolder) throws {
      let path = try campaign.folder.write(source, to: "loss.c")
      try Programs.compileLibrary(path, to: campaign.folder.path("libloss.so"))
    }

    /// The default loss in C, killed three times on one rank: the points of the built-in one.
    @Test func killedAndStartedAgain() throws {
      let builtIn = try folder("default")
      #expect(try builtIn.world(ranks: 1).exitCode == 0)
      let killed = try folder("{library: libloss.so}")
      for round in 1...3 {
        let count = killed.evaluations().count
        let world = try killed.start(ranks: 1)
        try wait(for: "round \(round): points") {
          killed.evaluations().count > count + 40 || !world.isRunning
        }
        killed.launcher.ranks(of: world)[0]?.send(signal: SIGKILL)
        #expect(!world.finish(within: 60).timedOut)
      }
      let last = try killed.world(ranks: 1)
      #expect(last.exitCode == 0, "\(last)")
      let expected = try builtIn.contents().learners
      let found = try killed.contents().learners
      for (mine, other) in zip(found, expected) {
        #expect(mine.points == other.points, "\(mine.name)")
      }
      #expect(found.count == 2)
    }

    @Test func severalRoots() throws {
      let campaign = try folder("{library: libloss.so}", tree: "{roots: 2}")
      let world = try campaign.world(ranks: 4)
      #expect(world.exitCode == 0, "\(world)")
      #expect(try campaign.contents().learners.allSatisfy { $0.points.count >= 150 })
    }

    /// Another loss is another campaign, unless it is accepted as another function is.
    @Test func builtAgain() throws {
      let campaign = try folder("{library: libloss.so}")
      #expect(try campaign.world(ranks: 2).exitCode == 0)
      try compile(Self.distance.replacing("return hypot", with: "return 2 * hypot"), in: campaign)
      let goal = ["--goal-npoints", "200"]
      let refused = try campaign.world(ranks: 2, goal)
      #expect(refused.exitCode == 78, "\(refused)")
      #expect(refused.standardError.contains("loss adaptive_mpi_loss, sha256"), "\(refused)")
      let accepted = try campaign.world(ranks: 2, goal + ["--accept-function"])
      #expect(accepted.exitCode == 0, "\(accepted)")
      // Who only looks needs no library.
      try FileManager.default.removeItem(atPath: campaign.folder.path("libloss.so"))
      let rows = try campaign.look("export").standardOutput.split(separator: "\n")
      #expect(rows.count > 400)
      let missing = try campaign.world(ranks: 2, ["--goal-npoints", "300"])
      #expect(missing.exitCode == 78 && missing.standardError.contains("libloss.so"), "\(missing)")
    }
  }
}
