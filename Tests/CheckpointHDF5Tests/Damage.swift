import Foundation
import _TestSupport

/// What may happen to one file of a run directory, or to two.
enum Damage: CaseIterable {
  case bitFlipped, bytesChanged, cutAtRandom, cutAtABlock, pageZeroed, garbageAppended, emptied,
    removed, swappedWithOtherGeneration, swappedWithOtherShard, swappedWithOtherCampaign

  /// Whether a file that has it can look as if less had been written.
  var canLookWhole: Bool { self == .cutAtABlock || self == .cutAtRandom || self == .removed }
}

/// A run directory whose files are links to those of an original, until they are damaged.
struct DamagedRun {
  let path: String
  /// What was done, for a failure's message.
  private(set) var story: [String] = []
  private(set) var damages: [Damage] = []
  /// Files that no longer are what they were, with what they are now.
  private(set) var changed: [String: Data] = [:]

  /// Links every file of `original`, of which no file is ever changed in place.
  init(copying original: String, to path: String) throws {
    self.path = path
    let manager = FileManager.default
    for folder in ["", "/worlds"] + Self.shards(of: original).map({ "/" + $0 }) {
      try manager.createDirectory(atPath: path + folder, withIntermediateDirectories: true)
      for name in try manager.contentsOfDirectory(atPath: original + folder) {
        var isFolder: ObjCBool = false
        let from = "\(original)\(folder)/\(name)"
        guard manager.fileExists(atPath: from, isDirectory: &isFolder), !isFolder.boolValue
        else { continue }
        try manager.linkItem(atPath: from, toPath: "\(path)\(folder)/\(name)")
      }
    }
    try manager.setAttributes([.posixPermissions: 0o700], ofItemAtPath: path)
  }

  static func shards(of path: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? [])
      .filter { $0.hasPrefix("shard-") }.sorted()
  }

  /// Every file, relative to the run directory.
  static func files(of path: String) -> [String] {
    (["worlds"] + shards(of: path)).flatMap { folder in
      ((try? FileManager.default.contentsOfDirectory(atPath: "\(path)/\(folder)")) ?? [])
        .sorted().map { "\(folder)/\($0)" }
    }
  }

  mutating func apply(
    _ damage: Damage, to file: String, foreign: String, _ generator: inout SeededGenerator
  ) throws {
    let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: "\(path)/\(file)")))
    var other: String?
    var result: [UInt8]? = bytes
    switch damage {
    case .bitFlipped:
      guard let place = bytes.indices.randomElement(using: &generator) else { return }
      result?[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
    case .bytesChanged:
      guard let place = bytes.indices.randomElement(using: &generator) else { return }
      for index in place..<min(place + 16, bytes.count) {
        result?[index] = UInt8.random(in: 0...255, using: &generator)
      }
    case .cutAtRandom:
      result = Array(bytes.prefix(Int.random(in: 0...bytes.count, using: &generator)))
    case .cutAtABlock:
      result = Array(bytes.prefix(structuralPlaces(bytes).randomElement(using: &generator)!))
    case .pageZeroed:
      let page = [64, 512, 4096].randomElement(using: &generator)!
      let start = Int.random(in: 0...bytes.count / page, using: &generator) * page
      for index in start..<min(start + page, bytes.count) { result?[index] = 0 }
    case .garbageAppended:
      let count = Int.random(in: 1...3000, using: &generator)
      result? += (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
    case .emptied: result = []
    case .removed: result = nil
    case .swappedWithOtherGeneration:
      let folder = file.split(separator: "/")[0]
      other = Self.files(of: path).filter {
        $0 != file && $0.hasPrefix(folder) && kind(of: $0) == kind(of: file)
      }.randomElement(using: &generator)
    case .swappedWithOtherShard:
      let name = file.split(separator: "/")[1]
      other = Self.files(of: path).filter { $0 != file && $0.hasSuffix("/\(name)") }
        .randomElement(using: &generator)
    case .swappedWithOtherCampaign:
      let place = URL(fileURLWithPath: "\(foreign)/\(file)")
      guard let stranger = try? Data(contentsOf: place) else { return }
      result = [UInt8](stranger)
    }
    if let other {
      let others = try Data(contentsOf: URL(fileURLWithPath: "\(path)/\(other)"))
      try replace(other, by: bytes)
      result = [UInt8](others)
    } else if damage == .swappedWithOtherShard || damage == .swappedWithOtherGeneration {
      return
    }
    guard result != bytes else { return }
    try replace(file, by: result)
    damages.append(damage)
    story.append("\(file): \(damage)\(other.map { " \($0)" } ?? "")")
  }

  private mutating func replace(_ file: String, by bytes: [UInt8]?) throws {
    let url = URL(fileURLWithPath: "\(path)/\(file)")
    try FileManager.default.removeItem(at: url)
    changed[file] = bytes.map { Data($0) }
    try bytes.map { try Data($0).write(to: url) }
  }

  /// Whether each damaged file is still there, as it was found: under its name or one beside it.
  func keepsWhatWasFound() -> Bool {
    changed.allSatisfy { file, bytes in
      let folder = file.split(separator: "/")[0]
      return Self.files(of: path).contains {
        $0.hasPrefix(file) && $0.hasPrefix(folder)
          && FileManager.default.contents(atPath: "\(path)/\($0)") == bytes
      }
    }
  }

  private func kind(of file: String) -> [String] {
    let name = file.split(separator: "/")[1]
    return [String(name.prefix { $0 != "-" })]
      + name.split(separator: ".").dropFirst().map(String.init)
  }

  /// Places where something begins or ends: by a journal's lengths, and round numbers for others.
  private func structuralPlaces(_ bytes: [UInt8]) -> [Int] {
    var places = [0, 64, 128, bytes.count / 2, bytes.count - 1].filter {
      $0 >= 0 && $0 <= bytes.count
    }
    var offset = 128
    while offset + 16 <= bytes.count {
      let length = (0..<4).reduce(0) { $0 | Int(bytes[offset + $1]) << (8 * $1) }
      offset += 16 + length
      if offset <= bytes.count { places.append(offset) }
      if length == 0 { break }
    }
    return places
  }
}
