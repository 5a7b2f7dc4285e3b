package import AdaptiveCore

/// A point that was being evaluated, or waited for that, when worlds died without a word: what
/// ended them may have been the function at this point.
package struct Suspect: Sendable, Equatable {
  package var learner: LearnerIndex
  package var point: [Double]

  /// Worlds that died while the point was pending.
  package var deathCount: Int

  package init(learner: LearnerIndex, point: [Double], deathCount: Int) {
    self.learner = learner
    self.point = point
    self.deathCount = deathCount
  }
}

/// The suspects of a world, as it writes them down when it begins: lines of text, of which the last
/// holds the check of the others.
package struct SuspectList: Equatable {
  package var suspects: [Suspect]

  private static let title = "adaptive-mpi suspects, format 1"

  package init(_ suspects: [Suspect]) { self.suspects = suspects }

  /// `learner 0, deaths 1, point 3fe0000000000000`: the bits of each coordinate.
  package var text: String {
    let lines = ([Self.title] + suspects.map(Self.line)).joined(separator: "\n") + "\n"
    return lines + "check: \(Self.check(of: lines))\n"
  }

  /// Nil unless `text` is exactly of this form.
  package init?(text: String) {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    guard lines.popLast() == "", let check = lines.popLast(),
      lines.first.map(String.init) == Self.title,
      check == "check: \(Self.check(of: text[..<check.startIndex]))"
    else { return nil }
    suspects = []
    for line in lines.dropFirst() {
      guard let suspect = Self.suspect(line) else { return nil }
      suspects.append(suspect)
    }
  }

  private static func line(_ suspect: Suspect) -> String {
    let point = suspect.point.map { String($0.bitPattern, radix: 16) }
    return "learner \(suspect.learner.position), deaths \(suspect.deathCount), "
      + "point \(point.joined(separator: " "))"
  }

  private static func suspect(_ line: Substring) -> Suspect? {
    let parts = line.split(separator: ", ").map { $0.split(separator: " ") }
    guard parts.count == 3, parts[0].count == 2, parts[1].count == 2, parts[2].count > 1,
      let learner = Int32(parts[0][1]), learner >= 0, let deaths = Int(parts[1][1]), deaths > 0
    else { return nil }
    let bits = parts[2].dropFirst().compactMap { UInt64($0, radix: 16) }
    guard bits.count == parts[2].count - 1 else { return nil }
    return Suspect(
      learner: LearnerIndex(learner), point: bits.map { Double(bitPattern: $0) },
      deathCount: deaths)
  }

  private static func check(of lines: some StringProtocol) -> String {
    hexadecimal(CRC32C.checksum(Array(lines.utf8)[...]).bigEndianBytes)
  }
}

// MARK: - Worlds

extension Lineage {
  func suspectsPath(_ world: WorldNumber) -> String { recordPath(world) + ".suspects" }

  /// What a world wrote down; nothing where it wrote nothing, or nothing that can be read: then
  /// counting begins anew.
  func suspects(of world: WorldNumber) throws(CheckpointError) -> [Suspect] {
    let path = suspectsPath(world)
    guard try files.exists(path) else { return [] }
    let bytes = try files.beginning(path, byteCountMax: Limits.suspectBytesMax)
    return SuspectList(text: String(decoding: bytes, as: UTF8.self))?.suspects ?? []
  }
}

extension WorldClaim {
  /// Whether the world before ended without a word, or because its launcher ended it.
  package func followsDeath() throws(CheckpointError) -> Bool {
    guard let previous else { return false }
    guard let end = try lineage.end(of: previous.world) else { return true }
    return WorldEnd(text: end)?.reason == WorldEnd.endedByLauncher
  }

  /// The pending points that were pending when earlier worlds died, with how often that was.
  ///
  /// - Parameter pending: of each learner, in the campaign's order.
  package func suspects(among pending: [PointBuffer]) throws(CheckpointError) -> [Suspect] {
    guard let previous else { return [] }
    struct Key: Hashable {
      var learner: LearnerIndex
      var point: [UInt64]
    }
    var deaths: [Key: Int] = [:]
    for suspect in try lineage.suspects(of: previous.world) {
      let key = Key(learner: suspect.learner, point: suspect.point.map(\.bitPattern))
      deaths[key] = suspect.deathCount
    }
    let hasDied = try followsDeath()
    var suspects: [Suspect] = []
    for (position, points) in pending.enumerated() {
      let learner = LearnerIndex(position)
      for index in 0..<points.count {
        let point = Array(points[index])
        let before = deaths[Key(learner: learner, point: point.map(\.bitPattern))] ?? 0
        let count = before + (hasDied ? 1 : 0)
        guard count > 0, suspects.count < Limits.suspectsMax else { continue }
        suspects.append(Suspect(learner: learner, point: point, deathCount: count))
      }
    }
    return suspects
  }

  /// Writes them down for the next world.
  package func record(_ suspects: [Suspect]) throws(CheckpointError) {
    guard !suspects.isEmpty else { return }
    let path = lineage.suspectsPath(record.world)
    try DurableReplace(
      lineage.files, folder: lineage.folder,
      name: String(path.dropFirst(lineage.folder.count + 1))
    ).write(Array(SuspectList(suspects).text.utf8))
  }
}
