import AdaptiveCore
import HDF5
import Learners

/// A learner's definition as attributes of its group, so that a relaunch can tell whether the
/// campaign file still asks for the same learner.
extension CheckpointSchema {
  static func write(
    _ definition: LearnerDefinition, to group: borrowing Group
  ) throws(HDF5Error) {
    try group.setAttribute(Attribute.name, definition.name.withoutNUL)
    try group.setAttribute(Attribute.dimension, Int64(definition.kind.dimension))
    try group.setAttribute(Attribute.valueCount, Int64(definition.valueCount))
    try group.setAttribute(Attribute.seed, definition.seed)
    switch definition.kind {
    case .oneDimensional(let settings):
      try group.setAttribute(Attribute.kind, "Learner1D")
      try group.setAttribute(Attribute.bounds, [settings.lower, settings.upper])
      let (name, parameters) = encoded(settings.loss)
      try group.setAttribute(Attribute.loss, name)
      try group.setAttribute(Attribute.lossParameters, parameters)
    case .counting:
      try group.setAttribute(Attribute.kind, "Counting")
    }
    try group.createTexts(Learner.parameterNames, definition.parameters.map(\.name.withoutNUL))
    try writeNumbers(definition.parameters.map(\.value), Learner.parameterValues, to: group)
  }

  static func readDefinition(_ group: borrowing Group) throws(HDF5Error) -> LearnerDefinition {
    let names = try group.openDataset(Learner.parameterNames).readTexts()
    let values = try group.openDataset(Learner.parameterValues)
      .validated(as: Double.self, shape: [names.count]).read(Double.self)
    let valueCount = try group.attribute(Attribute.valueCount, as: Int64.self)
    guard valueCount > 0, valueCount <= Limits.valueCountMax else {
      throw mismatch(group.path, "a value of \(valueCount) doubles")
    }
    return LearnerDefinition(
      name: try group.textAttribute(Attribute.name), kind: try readKind(group),
      parameters: zip(names, values).map { .init(name: $0, value: $1) },
      valueCount: Int(valueCount), seed: try group.attribute(Attribute.seed, as: UInt64.self))
  }

  private static func readKind(_ group: borrowing Group) throws(HDF5Error) -> LearnerKind {
    let kind = try group.textAttribute(Attribute.kind)
    if kind == "Counting" { return .counting }
    guard kind == "Learner1D" else {
      throw mismatch(group.path, "a learner of the unknown kind \(kind)")
    }
    let bounds = try group.attributeValues(Attribute.bounds, as: Double.self)
    guard bounds.count == 2 else {
      throw mismatch(group.path, "\(bounds.count) bounds instead of 2")
    }
    let lossName = try group.textAttribute(Attribute.loss)
    let parameters = try group.attributeValues(Attribute.lossParameters, as: Double.self)
    guard let loss = loss(lossName, parameters) else {
      throw mismatch(group.path, "the unknown loss \(lossName) \(parameters)")
    }
    do throws(LearnerError) {
      return .oneDimensional(
        try Learner1DSettings(lower: bounds[0], upper: bounds[1], loss: loss))
    } catch {
      throw mismatch(group.path, error.detail)
    }
  }

  private static func encoded(_ loss: Loss1D) -> (String, [Double]) {
    switch loss {
    case .distance: ("distance", [])
    case .uniform: ("uniform", [])
    case .absMinLog: ("abs_min_log", [])
    case .triangle: ("triangle", [])
    case .resolution(let min, let max): ("resolution", [min, max])
    case .curvature(let area, let euclid, let horizontal):
      ("curvature", [area, euclid, horizontal])
    }
  }

  private static func loss(_ name: String, _ parameters: [Double]) -> Loss1D? {
    switch (name, parameters.count) {
    case ("distance", 0): .distance
    case ("uniform", 0): .uniform
    case ("abs_min_log", 0): .absMinLog
    case ("triangle", 0): .triangle
    case ("resolution", 2): .resolution(min: parameters[0], max: parameters[1])
    case ("curvature", 3):
      .curvature(area: parameters[0], euclid: parameters[1], horizontal: parameters[2])
    default: nil
    }
  }
}

/// What in a snapshot is not as `docs/checkpoint-format.md` has it.
func mismatch(_ path: String, _ detail: String) -> HDF5Error {
  HDF5Error(.mismatch, operation: "read snapshot", path: path, detail: detail)
}
