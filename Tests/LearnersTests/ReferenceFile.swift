import Foundation
import Learners

/// A JSON value of the reference data, where infinities and NaN are strings.
///
/// Decoded by `JSONDecoder`, which rounds numbers correctly; `JSONSerialization` does not on Linux.
enum Reference: Decodable {
  case null
  case flag(Bool)
  case number(Double)
  case text(String)
  case list([Reference])
  case object([String: Reference])

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .null
    } else if let number = try? container.decode(Double.self) {
      self = .number(number)
    } else if let text = try? container.decode(String.self) {
      self = .text(text)
    } else if let list = try? container.decode([Reference].self) {
      self = .list(list)
    } else if let flag = try? container.decode(Bool.self) {
      self = .flag(flag)
    } else {
      self = .object(try container.decode([String: Reference].self))
    }
  }

  /// The files beside the tests, then those of the folder that `ADAPTIVE_MPI_REFERENCE` names.
  static func files() throws -> [(name: String, content: Reference)] {
    let own = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("Reference")
    var folders = [own]
    if let other = ProcessInfo.processInfo.environment["ADAPTIVE_MPI_REFERENCE"], !other.isEmpty {
      folders.append(URL(fileURLWithPath: other, isDirectory: true))
    }
    return try folders.flatMap { folder in
      try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        .filter { $0.pathExtension == "json" }
        .sorted { $0.path < $1.path }
        .map { url in
          let content = try JSONDecoder().decode(Reference.self, from: Data(contentsOf: url))
          return (url.lastPathComponent, content)
        }
    }
  }

  subscript(key: String) -> Reference? {
    guard case .object(let members) = self else { return nil }
    return members[key]
  }

  subscript(index: Int) -> Reference { array.indices.contains(index) ? array[index] : .null }

  var isNull: Bool { if case .null = self { true } else { false } }

  var isArray: Bool { if case .list = self { true } else { false } }

  var array: [Reference] { if case .list(let list) = self { list } else { [] } }

  var text: String { if case .text(let text) = self { text } else { "" } }

  var integer: Int { Int(double) }

  var double: Double {
    switch self {
    case .number(let number): number
    case .text(let text): Double(text) ?? .nan
    default: .nan
    }
  }

  var doubles: [Double] { array.map(\.double) }

  /// A value of the function: one number or several.
  var value: [Double] { isArray ? doubles : [double] }
}

extension Loss1D {
  /// The loss that a reference file means by a name such as `resolution_0.01_0.2`.
  init?(referenceName name: String) {
    let numbers = name.split(separator: "_").compactMap { Double($0) }
    let word = name.split(separator: "_").filter { Double($0) == nil }.joined(separator: "_")
    switch (word, numbers.count) {
    case ("default", 0): self = .distance
    case ("uniform", 0): self = .uniform
    case ("triangle", 0): self = .triangle
    case ("abs_min_log", 0): self = .absMinLog
    case ("resolution", 2): self = .resolution(min: numbers[0], max: numbers[1])
    case ("curvature", 0): self = .curvature(area: 1, euclid: 0.02, horizontal: 0.02)
    case ("curvature", 3):
      self = .curvature(area: numbers[0], euclid: numbers[1], horizontal: numbers[2])
    default: return nil
    }
  }
}
