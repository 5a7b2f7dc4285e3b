import Foundation
import Glibc
import Testing
import _TestSupport

/// A call of the root to the file system, by name, file and how often it was made before.
struct SystemCall: CustomTestStringConvertible {
  let name: String
  /// Relative to the run directory.
  let file: String
  var count = 1

  var testDescription: String { "\(name) \(file) #\(count)" }

  /// Every kind of call with which journals and snapshots are written and removed, in the first
  /// shard of the first world; docs/checkpoint-format.md says in what order.
  static let all: [SystemCall] = {
    let snapshot = "snapshot-0001-000002.h5"
    let written = ["journal-0001-000002", snapshot, "\(snapshot).sha256"]
    var calls: [SystemCall] = []
    for count in 1...4 {
      for name in ["pwrite64", "fsync"] {
        calls.append(
          SystemCall(name: name, file: "shard-0000/journal-0001-000001", count: count))
      }
    }
    for name in ["pwrite64", "fsync", "rename"] {
      for file in written {
        calls.append(SystemCall(name: name, file: "shard-0000/\(file).new"))
      }
    }
    for count in 1...8 { calls.append(SystemCall(name: "fsync", file: "shard-0000", count: count)) }
    for file in ["journal-0001-000001", "snapshot-0001-000001.h5"] {
      calls.append(SystemCall(name: "unlink", file: "shard-0000/\(file)"))
    }
    calls.append(SystemCall(name: "pwrite64", file: "worlds/world-0001.beat"))
    calls.append(SystemCall(name: "rename", file: "status.json"))
    return calls
  }()
}

extension EndToEndTests {
  /// SIGKILL upon entering one call to the file system, by strace(1).
  @Suite(.serialized) struct SystemCallTests {
    @Test(arguments: SystemCall.all)
    func killedAtACall(call: SystemCall) throws {
      let campaign = try CampaignFolder.recorder(seconds: 0.002, goal: 1_000_000)
      let killed = try RunningProcess(
        [
          "strace", "-f", "-q", "-o", campaign.folder.path("calls"),
          "-P", "\(campaign.run)/\(call.file)", "-e", "trace=\(call.name)",
          "-e", "inject=\(call.name):signal=KILL:when=\(call.count)",
          campaign.launcher.program, "run", "campaign.yaml",
          "--set", "checkpoint.interval=0.2", "--set", "checkpoint.commit=0.05",
        ], environment: environment(of: campaign), directory: campaign.folder.path)
      let outcome = killed.finish(within: 60)
      #expect(outcome.exitCode == 128 + SIGKILL, "\(outcome)")
      campaign.expectNothingLeft(of: killed)

      // All that any file holds whole is exported, and is not computed again.
      let count = campaign.evaluations().count
      let saved = try campaign.contents()
      let resultCount = saved.told.reduce(0) { $0 + $1.count }
      if resultCount > 0 {
        let exported = try campaign.look("export")
        #expect(exported.exitCode == 0, "\(exported)")
        #expect(exported.lines.count - 1 == resultCount, "\(exported.standardError)")
      }

      let goal = (saved.told.map(\.count).max() ?? 0) + 20
      let next = try RunningProcess(
        [campaign.launcher.program, "run", "campaign.yaml", "--set", "goal.npoints=\(goal)"],
        environment: environment(of: campaign), directory: campaign.folder.path
      ).finish(within: 60)
      #expect(next.exitCode == 0, "\(next)")
      let repeated = campaign.evaluations().dropFirst(count).filter {
        $0.learner < saved.told.count && saved.told[$0.learner].contains($0.point)
      }
      #expect(repeated.isEmpty, "\(repeated.count) points computed again")
      let final = try campaign.contents()
      #expect(final.learners.allSatisfy { $0.points.count >= goal })
      expectEachPointOnce(in: campaign, final)
    }

    private func environment(of campaign: CampaignFolder) -> [String: String?] {
      var variables = MPILauncher.environment.mapValues(Optional.some)
      variables["RECORDER_FILE"] = campaign.folder.path("evaluations")
      return variables
    }
  }
}
