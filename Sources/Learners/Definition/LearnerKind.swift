/// Which learner, with its settings.
package enum LearnerKind: Sendable, Equatable {
  /// Python adaptive's Learner1D.
  case oneDimensional(Learner1DSettings)
  /// Python adaptive's Learner2D.
  case twoDimensional(Learner2DSettings)
  /// Python adaptive's LearnerND.
  case simplicial(LearnerNDSettings)
  /// Where a function of several variables takes one value.
  case levelSet(LevelSetSettings)
  /// Python adaptive's IntegratorLearner.
  case integrator(IntegratorSettings)
  /// Python adaptive's AverageLearner.
  case average(AverageSettings)
  /// Python adaptive's AverageLearner1D.
  case average1D(Average1DSettings)
  /// Python adaptive's SequenceLearner.
  case sequence(SequenceSettings)
  /// Points of a Sobol sequence: what adaptive sampling must beat.
  case sobol(SobolSettings)
  /// Asks for 0, 1, 2, …: what delegation costs without a learner.
  case counting

  /// The kinds, by their names in campaign files and checkpoints.
  package enum Name: String, CaseIterable, Sendable {
    case oneDimensional = "1d"
    case twoDimensional = "2d"
    case simplicial = "nd"
    case levelSet = "levelset"
    case integrator
    case average
    case average1D = "average1d"
    case sequence
    case sobol
    case counting
  }

  package var name: Name {
    switch self {
    case .oneDimensional: .oneDimensional
    case .twoDimensional: .twoDimensional
    case .simplicial: .simplicial
    case .levelSet: .levelSet
    case .integrator: .integrator
    case .average: .average
    case .average1D: .average1D
    case .sequence: .sequence
    case .sobol: .sobol
    case .counting: .counting
    }
  }

  package var settings: any LearnerSettings {
    switch self {
    case .oneDimensional(let settings): settings
    case .twoDimensional(let settings): settings
    case .simplicial(let settings): settings
    case .levelSet(let settings): settings
    case .integrator(let settings): settings
    case .average(let settings): settings
    case .average1D(let settings): settings
    case .sequence(let settings): settings
    case .sobol(let settings): settings
    case .counting: CountingSettings()
    }
  }

  /// The kind of that name, with the settings that were stored.
  ///
  /// - Throws: ``LearnerError`` with code `badSettings` for fields that the kind never gives.
  package init(_ name: Name, _ fields: SettingFields) throws(LearnerError) {
    switch name {
    case .oneDimensional: self = .oneDimensional(try Learner1DSettings(fields))
    case .twoDimensional: self = .twoDimensional(try Learner2DSettings(fields))
    case .simplicial: self = .simplicial(try LearnerNDSettings(fields))
    case .levelSet: self = .levelSet(try LevelSetSettings(fields))
    case .integrator: self = .integrator(try IntegratorSettings(fields))
    case .average: self = .average(try AverageSettings(fields))
    case .average1D: self = .average1D(try Average1DSettings(fields))
    case .sequence: self = .sequence(try SequenceSettings(fields))
    case .sobol: self = .sobol(try SobolSettings(fields))
    case .counting: self = .counting
    }
  }

  /// Doubles in a point.
  package var dimension: Int { settings.dimension }
}
