import Learners

/// How the settings of one kind stand in a campaign file.
struct KindReader {
  /// The keys that this kind has beside those of every learner.
  let keys: [String]

  let read: (CampaignReader, CampaignMapping) throws(EarlyEnd) -> LearnerKind

  init(
    keys: [String],
    read: @escaping (CampaignReader, CampaignMapping) throws(EarlyEnd) -> LearnerKind
  ) {
    self.keys = keys
    self.read = read
  }

  static func of(_ name: LearnerKind.Name) -> KindReader {
    switch name {
    case .oneDimensional:
      KindReader(keys: ["bounds", "loss", "values"]) { (reader, mapping) throws(EarlyEnd) in
        .oneDimensional(try reader.settings1D(mapping))
      }
    case .twoDimensional:
      KindReader(keys: ["bounds", "loss", "aspect_ratio", "stack", "compatible", "values"]) {
        (reader, mapping) throws(EarlyEnd) in .twoDimensional(try reader.settings2D(mapping))
      }
    case .simplicial:
      KindReader(keys: ["bounds", "hull", "loss", "anisotropic", "compatible", "values"]) {
        (reader, mapping) throws(EarlyEnd) in .simplicial(try reader.settingsND(mapping))
      }
    case .levelSet:
      KindReader(keys: ["bounds", "hull", "level", "exploration"]) {
        (reader, mapping) throws(EarlyEnd) in .levelSet(try reader.levelSet(mapping))
      }
    case .integrator:
      KindReader(keys: ["bounds", "relative_tolerance", "absolute_tolerance", "values"]) {
        (reader, mapping) throws(EarlyEnd) in .integrator(try reader.integrator(mapping))
      }
    case .average:
      KindReader(keys: ["relative_tolerance", "absolute_tolerance", "min_points", "values"]) {
        (reader, mapping) throws(EarlyEnd) in .average(try reader.average(mapping))
      }
    case .average1D:
      KindReader(
        keys: [
          "bounds", "loss", "delta", "alpha", "neighbor_sampling", "min_samples", "max_samples",
          "absolute_tolerance", "relative_tolerance",
        ]
      ) { (reader, mapping) throws(EarlyEnd) in .average1D(try reader.average1D(mapping)) }
    case .sequence:
      KindReader(keys: ["points", "grid", "file"]) { (reader, mapping) throws(EarlyEnd) in
        .sequence(try reader.sequence(mapping))
      }
    case .sobol:
      KindReader(keys: ["bounds", "scramble"]) { (reader, mapping) throws(EarlyEnd) in
        .sobol(try reader.sobol(mapping))
      }
    case .counting:
      KindReader(keys: []) { (_, _) throws(EarlyEnd) in .counting }
    }
  }

  /// The keys of all kinds, each once.
  static let allKeys: [String] = LearnerKind.Name.allCases.reduce(into: []) { keys, name in
    keys += KindReader.of(name).keys.filter { !keys.contains($0) }
  }
}
