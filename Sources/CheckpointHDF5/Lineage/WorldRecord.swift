package import AdaptiveCore

/// What a world writes down when it takes a run directory: who it is, and for which campaign.
package struct WorldRecord: Sendable, Equatable {
  package var world: WorldNumber
  package var campaign: CampaignID
  package var learnerCount: Int
  package var process: HostIdentity
  /// The batch job, `slurm 4711`; nil outside of one.
  package var job: String?
  package var ranks: Int
  /// Seconds since 1970, UTC.
  package var started: Int64
  package var build: String
  /// SHA-256 of the user's function's file, or what stands for it.
  package var functionDigest: String
  /// For each shard which root has it; empty where there is one root. Shards of one root are cut at
  /// the same moments.
  package var rootOfShard: [Int] = []

  package init(
    world: WorldNumber, campaign: CampaignID, learnerCount: Int, process: HostIdentity,
    job: String?, ranks: Int, started: Int64, build: String, functionDigest: String
  ) {
    self.world = world
    self.campaign = campaign
    self.learnerCount = learnerCount
    self.process = process
    self.job = job
    self.ranks = ranks
    self.started = started
    self.build = build
    self.functionDigest = functionDigest
  }

  private static let title = "adaptive-mpi world, format 1"

  /// Lines of `key: value`, made to be read by people too; the last holds the check of the others.
  package var text: String { "\(lines)check: \(Self.check(of: lines))\n" }

  private var lines: String {
    """
    \(Self.title)
    world: \(world.rawValue)
    campaign: \(campaign.hexadecimal)
    learners: \(learnerCount)
    host: \(process.host.onOneLine)
    boot: \(process.bootID.onOneLine)
    processes: \(process.pidNamespace.onOneLine)
    pid: \(process.pid)
    pid started: \(process.startTicks)
    job: \(job?.onOneLine ?? "none")
    ranks: \(ranks)
    started: \(started)
    started utc: \(utc(started))
    build: \(build.onOneLine)
    function: \(functionDigest.onOneLine)

    """ + (rootOfShard.isEmpty ? "" : "root of each shard: \(roots)\n")
  }

  private var roots: String { rootOfShard.map { "\($0)" }.joined(separator: " ") }

  /// CRC32C of lines, in hexadecimal: one changed digit would make another campaign of this one.
  private static func check(of lines: some StringProtocol) -> String {
    hexadecimal(CRC32C.checksum(Array(lines.utf8)[...]).bigEndianBytes)
  }

  /// - Throws: ``CheckpointError/Code/damaged`` unless `text` is exactly of this form.
  package init(text: String, path: String) throws(CheckpointError) {
    func damage(_ detail: String) -> CheckpointError {
      CheckpointError(.damaged, operation: "read world record", path: path, detail: detail)
    }
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false)[...]
    guard lines.popFirst().map(String.init) == Self.title, lines.popLast() == "",
      let check = lines.popLast()
    else {
      throw damage("the first line is not \"\(Self.title)\", or the last is cut off")
    }
    guard check == "check: \(Self.check(of: text[..<check.startIndex]))" else {
      throw damage("its lines are not those that were written: \"\(check.prefix(80))\"")
    }
    func value(_ key: String) throws(CheckpointError) -> String {
      guard let line = lines.popFirst(), line.hasPrefix("\(key): ") else {
        throw damage("\"\(key)\" was expected in its place")
      }
      return String(line.dropFirst(key.utf8.count + 2))
    }
    func number<Number: FixedWidthInteger>(_ key: String) throws(CheckpointError) -> Number {
      let text = try value(key)
      guard let number = Number(text) else { throw damage("\(key) is \"\(text)\"") }
      return number
    }
    world = WorldNumber(try number("world"))
    let id = try value("campaign")
    guard let campaign = CampaignID(hexadecimal: id) else { throw damage("campaign is \"\(id)\"") }
    self.campaign = campaign
    learnerCount = try number("learners")
    let host = try value("host")
    let bootID = try value("boot")
    let pidNamespace = try value("processes")
    process = HostIdentity(
      host: host, bootID: bootID, pidNamespace: pidNamespace, pid: try number("pid"),
      startTicks: try number("pid started"))
    let job = try value("job")
    self.job = job == "none" ? nil : job
    ranks = try number("ranks")
    started = try number("started")
    _ = try value("started utc")
    build = try value("build")
    functionDigest = try value("function")
    if !lines.isEmpty {
      let text = try value("root of each shard")
      rootOfShard = text.split(separator: " ").compactMap { Int($0) }
      let shardCount = ShardMap(learnerCount: max(1, learnerCount)).shardCount
      guard roots == text, rootOfShard.count == shardCount else {
        throw damage("the roots of \(shardCount) shards are \"\(text)\"")
      }
    }
    guard learnerCount > 0, learnerCount <= Limits.learnersMax, lines.isEmpty else {
      throw damage("\(learnerCount) learners, \(lines.count) more lines")
    }
  }

  /// For people: which host, job and process, since when.
  package var holder: String {
    let job = job.map { "job \($0)" } ?? "no batch job"
    return "world \(world.rawValue) on host \(process.host), \(job), "
      + "process \(process.pid), since \(utc(started))"
  }
}

extension String {
  /// The text with everything outside of printable ASCII replaced, cut to 256 characters: names
  /// come from the environment.
  fileprivate var onOneLine: String {
    String(
      String.UnicodeScalarView(
        unicodeScalars.prefix(256).map { (" "..."~").contains($0) ? $0 : "?" }))
  }
}

/// `seconds` since 1970 as `2026-11-23T23:40:12Z`, by the proleptic Gregorian calendar
/// (Hinnant, "chrono-compatible low-level date algorithms", 2013).
package func utc(_ seconds: Int64) -> String {
  let (days, second) = floorDivide(seconds, by: 86_400)
  let (era, dayOfEra) = floorDivide(days + 719_468, by: 146_097)
  let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
  let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
  let monthFromMarch = (5 * dayOfYear + 2) / 153
  let day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
  let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
  let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))T"
    + "\(padded(second / 3600, 2)):\(padded(second / 60 % 60, 2)):\(padded(second % 60, 2))Z"
}

private func floorDivide(_ value: Int64, by divisor: Int64) -> (quotient: Int64, rest: Int64) {
  let rest = (value % divisor + divisor) % divisor
  return ((value - rest) / divisor, rest)
}
