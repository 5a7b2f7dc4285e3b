import AdaptiveCore
import HDF5
import Learners

/// A learner's definition in its group, so that a relaunch can tell whether the campaign file still
/// asks for the same learner.
extension CheckpointSchema {
  static func write(
    _ definition: LearnerDefinition, to group: borrowing Group
  ) throws(HDF5Error) {
    try group.setAttribute(Attribute.name, definition.name.withoutNUL)
    try group.setAttribute(Attribute.kind, definition.kind.name.rawValue)
    try group.setAttribute(Attribute.dimension, Int64(definition.kind.dimension))
    try group.setAttribute(Attribute.valueCount, Int64(definition.valueCount))
    try group.setAttribute(Attribute.seed, definition.seed)
    if let layout = definition.outputs {
      try group.createTexts(Learner.outputNames, layout.outputs.map(\.name.withoutNUL))
      try writeNumbers(layout.outputs.map { Int64($0.size) }, Learner.outputSizes, to: group)
      try group.setAttribute(
        Attribute.learnedOutput, layout.outputs[layout.learnedPlace].name.withoutNUL)
    }
    try write(definition.kind.settings.fields, to: group)
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
    let name = try group.textAttribute(Attribute.name)
    let kind = try readKind(group)
    let parameters = zip(names, values).map { LearnerDefinition.Parameter(name: $0, value: $1) }
    let seed = try group.attribute(Attribute.seed, as: UInt64.self)
    guard let layout = try readLayout(group) else {
      return LearnerDefinition(
        name: name, kind: kind, parameters: parameters, valueCount: Int(valueCount), seed: seed)
    }
    guard layout.valueCount == Int(valueCount) else {
      throw mismatch(
        group.path, "outputs of \(layout.valueCount) numbers in a value of \(valueCount)")
    }
    return LearnerDefinition(
      name: name, kind: kind, parameters: parameters, outputs: layout, seed: seed)
  }

  /// The named parts of a value; nil where there are none.
  private static func readLayout(_ group: borrowing Group) throws(HDF5Error) -> OutputLayout? {
    guard try group.hasAttribute(Attribute.learnedOutput) else { return nil }
    let names = try group.openDataset(Learner.outputNames).readTexts()
    let sizes = try group.openDataset(Learner.outputSizes)
      .validated(as: Int64.self, shape: [names.count]).read(Int64.self)
    let learned = try group.textAttribute(Attribute.learnedOutput)
    guard sizes.allSatisfy({ (1...Int64(Limits.valueCountMax)).contains($0) }),
      let place = names.firstIndex(of: learned),
      let layout = OutputLayout(
        zip(names, sizes).map { .init(name: $0, size: Int($1)) }, learnedPlace: place)
    else { throw mismatch(group.path, "outputs \(names) of sizes \(sizes)") }
    return layout
  }

  private static func readKind(_ group: borrowing Group) throws(HDF5Error) -> LearnerKind {
    let name = try group.textAttribute(Attribute.kind)
    guard let known = LearnerKind.Name(rawValue: name) else {
      throw mismatch(group.path, "a learner of the unknown kind \(name)")
    }
    let fields = try readFields(group)
    do throws(LearnerError) {
      return try LearnerKind(known, fields)
    } catch {
      throw mismatch(group.path, error.detail)
    }
  }
}

// MARK: - Settings

/// Each setting under its own name: what is short as an attribute of the learner, lists of texts
/// and rows as datasets of a group. One attribute says which there are, in which order and form.
extension CheckpointSchema {
  private enum Form: String {
    case text, doubles, integers, texts, rows
  }

  private static func write(
    _ settings: SettingFields, to group: borrowing Group
  ) throws(HDF5Error) {
    let list = settings.fields.map { "\($0.name)=\(form($0.content).rawValue)" }
    try group.setAttribute(Attribute.settings, list.joined(separator: " "))
    let lists = try group.createGroup(Learner.settings)
    for field in settings.fields {
      switch field.content {
      case .text(let text): try group.setAttribute(field.name, text.withoutNUL)
      case .doubles(let doubles): try group.setAttribute(field.name, doubles)
      case .integers(let integers): try group.setAttribute(field.name, integers)
      case .texts(let texts): try lists.createTexts(field.name, texts.map(\.withoutNUL))
      case .rows(let rows): try writeRows(rows.doubles, rows.dimension, field.name, to: lists)
      }
    }
    try lists.close()
  }

  private static func readFields(_ group: borrowing Group) throws(HDF5Error) -> SettingFields {
    let lists = try group.openGroup(Learner.settings)
    var settings = SettingFields()
    let list = try group.textAttribute(Attribute.settings)
    for entry in list.split(separator: " ") {
      let parts = entry.split(separator: "=", maxSplits: 1).map(String.init)
      guard parts.count == 2, let form = Form(rawValue: parts[1]) else {
        throw mismatch(group.path, "the unknown setting \(entry)")
      }
      settings.append(parts[0], try content(parts[0], form, of: group, lists))
    }
    return settings
  }

  private static func content(
    _ name: String, _ form: Form, of group: borrowing Group, _ lists: borrowing Group
  ) throws(HDF5Error) -> SettingFields.Content {
    switch form {
    case .text: return .text(try group.textAttribute(name))
    case .doubles: return .doubles(try group.attributeValues(name, as: Double.self))
    case .integers: return .integers(try group.attributeValues(name, as: Int64.self))
    case .texts: return .texts(try lists.openDataset(name).readTexts())
    case .rows:
      let dataset = try lists.openDataset(name)
      let shape = try dataset.shape
      guard shape.count == 2, (1...Limits.dimensionMax).contains(shape[1]) else {
        throw mismatch(dataset.path, "rows of the shape \(shape)")
      }
      return .rows(PointBuffer(dimension: shape[1], doubles: try dataset.read(Double.self)))
    }
  }

  private static func form(_ content: SettingFields.Content) -> Form {
    switch content {
    case .text: .text
    case .doubles: .doubles
    case .integers: .integers
    case .texts: .texts
    case .rows: .rows
    }
  }
}

/// What in a snapshot is not as `docs/checkpoint-format.md` has it.
func mismatch(_ path: String, _ detail: String) -> HDF5Error {
  HDF5Error(.mismatch, operation: "read snapshot", path: path, detail: detail)
}
