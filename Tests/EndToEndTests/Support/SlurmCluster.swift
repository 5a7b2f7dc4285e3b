import Foundation
import Glibc
import Testing
import _TestSupport

/// A Slurm of three nodes on this machine, for one test: `Slurm/cluster.sh` says which partitions.
final class SlurmCluster {
  private let folder: TemporaryDirectory
  private let process: RunningProcess

  /// Nodes that were started again; each lives as long as this.
  private var nodes: [RunningProcess] = []

  /// Why there is no Slurm here; nil if there is one.
  static let obstacle: String? = {
    let missing = ["munged", "slurmctld", "slurmd", "sbatch"].filter { name in
      !["/usr/sbin", "/usr/bin", "/usr/local/sbin", "/usr/local/bin"].contains {
        FileManager.default.isExecutableFile(atPath: "\($0)/\(name)")
      }
    }
    if !missing.isEmpty { return "\(missing.joined(separator: ", ")) not installed" }
    return geteuid() == 0 ? nil : "only root can start one"
  }()

  init() throws {
    folder = try TemporaryDirectory()
    process = try RunningProcess(
      [Self.script("cluster.sh"), folder.path], environment: ["PATH": Self.path])
    do {
      let process = process
      try wait(for: "all nodes of the cluster to be idle", seconds: 60) {
        process.standardOutput.hasSuffix("ready\n") || !process.isRunning
      }
    } catch let timedOut as WaitingTimedOut {
      throw SlurmFailure(description: "\(timedOut): \(process.standardError)\n\(logs)")
    }
    guard process.isRunning else {
      throw SlurmFailure(description: "cluster.sh ended: \(process.standardError)")
    }
  }

  deinit { process.endAll() }

  /// What the daemons have said.
  private var logs: String {
    (["slurmctld.log"] + (1...3).map { "slurmd.n\($0).log" })
      .map { "\($0):\n\(folder.read($0))" }.joined(separator: "\n")
  }

  private static func script(_ name: String) -> String {
    Programs.repository.appendingPathComponent("Tests/EndToEndTests/Slurm/\(name)").path
  }

  private static let path =
    "/usr/sbin:" + (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin")

  /// For Slurm's commands, and for what a job inherits: Open MPI leaves the loopback out by itself.
  private var environment: [String: String?] {
    var variables = MPILauncher.environment.mapValues(Optional.some)
    variables["SLURM_CONF"] = folder.path("slurm.conf")
    variables["PATH"] = Self.path
    variables["OMPI_MCA_oob_tcp_if_include"] = "lo"
    variables["OMPI_MCA_btl_tcp_if_include"] = "lo"
    return variables
  }

  /// One of Slurm's commands; what it wrote to standard output.
  @discardableResult
  func run(_ command: String...) throws -> String {
    try run(command, directory: nil, environment: [:])
  }

  /// `start` or `kill` for a node.
  func node(_ action: String, _ name: String) throws {
    let script = try RunningProcess(
      [Self.script("node.sh"), folder.path, action, name], environment: environment)
    let outcome = script.finish(within: 60)
    guard outcome.exitCode == 0 else { throw SlurmFailure(description: "node.sh: \(outcome)") }
    nodes.append(script)
  }

  /// Submits `jobscripts/slurm.sh campaign.yaml`, as a user does, from the campaign's folder.
  func submit(
    _ campaign: CampaignFolder, _ options: String..., environment: [String: String] = [:]
  ) throws -> SlurmJob {
    var variables = environment
    variables["RECORDER_FILE"] = campaign.folder.path("evaluations")
    variables["ADAPTIVE_MPI"] = campaign.launcher.program
    let script = Programs.repository.appendingPathComponent("jobscripts/slurm.sh").path
    let id = try run(
      ["sbatch", "--parsable"] + options + [script, "campaign.yaml"],
      directory: campaign.folder.path, environment: variables)
    return SlurmJob(cluster: self, id: id, folder: campaign.folder)
  }

  private func run(
    _ command: [String], directory: String?, environment added: [String: String]
  ) throws -> String {
    var variables = environment
    for (name, value) in added { variables[name] = value }
    let outcome = try RunningProcess(command, environment: variables, directory: directory)
      .finish(within: 60)
    guard outcome.exitCode == 0 else {
      throw SlurmFailure(description: "\(command): \(outcome)")
    }
    return outcome.standardOutput.trimmingCharacters(in: .whitespacesAndNewlines)
  }
}

/// A job as Slurm tells of it.
struct SlurmJob {
  let cluster: SlurmCluster
  let id: String
  let folder: TemporaryDirectory

  private func field(_ name: String) throws -> String {
    let text = try cluster.run("scontrol", "show", "job", id)
    return text.split(whereSeparator: \.isWhitespace)
      .first { $0.hasPrefix("\(name)=") }.map { String($0.dropFirst(name.count + 1)) } ?? ""
  }

  func state() throws -> String { try field("JobState") }

  func restarts() throws -> Int { Int(try field("Restarts")) ?? 0 }

  /// The exit code of the script's last life.
  func exitCode() throws -> Int { Int(try field("ExitCode").prefix { $0 != ":" }) ?? -1 }

  /// What all lives have written.
  var output: String { folder.read("slurm-\(id).out") }

  /// Waits until the job has ended for good; its state then.
  func end(within seconds: Double) throws -> String {
    var state = ""
    do {
      try wait(for: "job \(id) to end", seconds: seconds, every: 0.2) {
        state = try self.state()
        return !["PENDING", "RUNNING", "COMPLETING", "REQUEUED", "SUSPENDED"].contains(state)
      }
    } catch let timedOut as WaitingTimedOut {
      let nodes = try cluster.run("sinfo", "--Node", "--long")
      throw SlurmFailure(
        description: "\(timedOut): \(state), \(try field("Reason"))\n\(nodes)\n\(output)")
    }
    return state
  }
}

/// A part of Slurm did not do what was asked of it.
struct SlurmFailure: Error, CustomStringConvertible {
  let description: String
}
