import AdaptiveCore
import Learners

/// Writes the parts of a ``WorldPlan`` one after another, each text and list after its length.
struct PlanWriter {
  private(set) var bytes: [UInt8] = []

  mutating func write<Number: BitwiseCopyable>(_ number: Number) {
    unsafe withUnsafeBytes(of: number) { unsafe bytes.append(contentsOf: $0) }
  }

  mutating func write(_ text: String) {
    write(text.utf8.count)
    bytes.append(contentsOf: text.utf8)
  }

  mutating func write(_ learner: LearnerDefinition) {
    write(learner.name)
    write(learner.kind)
    write(learner.parameters.count)
    for parameter in learner.parameters {
      write(parameter.name)
      write(parameter.value)
    }
    write(learner.valueCount)
    write(learner.outputs?.outputs.count ?? 0)
    if let layout = learner.outputs {
      for output in layout.outputs {
        write(output.name)
        write(output.size)
      }
      write(layout.learnedPlace)
    }
    write(learner.seed)
  }

  private mutating func write(_ kind: LearnerKind) {
    write(kind.name.rawValue)
    let fields = kind.settings.fields.fields
    write(fields.count)
    for field in fields {
      write(field.name)
      switch field.content {
      case .text(let text):
        write(UInt8(0))
        write(text)
      case .doubles(let doubles):
        write(UInt8(1))
        write(doubles)
      case .integers(let integers):
        write(UInt8(2))
        write(integers)
      case .texts(let texts):
        write(UInt8(3))
        write(texts.count)
        for text in texts { write(text) }
      case .rows(let rows):
        write(UInt8(4))
        write(rows.dimension)
        write(rows.doubles)
      }
    }
  }

  private mutating func write<Number: BitwiseCopyable>(_ numbers: [Number]) {
    write(numbers.count)
    for number in numbers { write(number) }
  }
}

extension ByteReader {
  /// A count of things that take a byte each at least, so that no count can exceed what is left.
  mutating func readCount(max: Int) throws(DecodingError) -> Int {
    let count = try read(Int.self)
    guard count >= 0, count <= max, count <= remaining else {
      throw DecodingError("count \(count)")
    }
    return count
  }

  mutating func readText() throws(DecodingError) -> String {
    let count = try readCount(max: remaining)
    return unsafe String(decoding: try read(bytes: count), as: UTF8.self)
  }

  mutating func readLearner() throws(DecodingError) -> LearnerDefinition {
    let name = try readText()
    let kind = try readKind()
    var parameters: [LearnerDefinition.Parameter] = []
    for _ in 0..<(try readCount(max: remaining)) {
      parameters.append(.init(name: try readText(), value: try read(Double.self)))
    }
    let valueCount = try read(Int.self)
    guard (1...Limits.valueCountMax).contains(valueCount) else {
      throw DecodingError("\(valueCount) outputs")
    }
    guard let layout = try readLayout() else {
      return LearnerDefinition(
        name: name, kind: kind, parameters: parameters, valueCount: valueCount,
        seed: try read(UInt64.self))
    }
    guard layout.valueCount == valueCount else {
      throw DecodingError("outputs of \(layout.valueCount) numbers in \(valueCount)")
    }
    return LearnerDefinition(
      name: name, kind: kind, parameters: parameters, outputs: layout,
      seed: try read(UInt64.self))
  }

  private mutating func readLayout() throws(DecodingError) -> OutputLayout? {
    let count = try readCount(max: Limits.valueCountMax)
    guard count > 0 else { return nil }
    var outputs: [OutputLayout.Output] = []
    for _ in 0..<count {
      let name = try readText()
      let size = try read(Int.self)
      guard (1...Limits.valueCountMax).contains(size) else {
        throw DecodingError("an output of \(size) numbers")
      }
      outputs.append(.init(name: name, size: size))
    }
    guard let layout = OutputLayout(outputs, learnedPlace: try read(Int.self)) else {
      throw DecodingError("outputs that are none")
    }
    return layout
  }

  private mutating func readKind() throws(DecodingError) -> LearnerKind {
    let text = try readText()
    guard let name = LearnerKind.Name(rawValue: text) else {
      throw DecodingError("learner kind \(text)")
    }
    var fields = SettingFields()
    for _ in 0..<(try readCount(max: remaining)) {
      fields.append(try readText(), try readContent())
    }
    do {
      return try LearnerKind(name, fields)
    } catch { throw DecodingError(error.detail) }
  }

  private mutating func readContent() throws(DecodingError) -> SettingFields.Content {
    switch try read(UInt8.self) {
    case 0: return .text(try readText())
    case 1: return .doubles(try readNumbers())
    case 2: return .integers(try readNumbers())
    case 3:
      var texts: [String] = []
      for _ in 0..<(try readCount(max: remaining)) { texts.append(try readText()) }
      return .texts(texts)
    case 4:
      let dimension = try read(Int.self)
      let doubles: [Double] = try readNumbers()
      guard (1...Limits.dimensionMax).contains(dimension), doubles.count.isMultiple(of: dimension)
      else { throw DecodingError("\(doubles.count) numbers in rows of \(dimension)") }
      return .rows(PointBuffer(dimension: dimension, doubles: doubles))
    case let byte: throw DecodingError("setting of form \(byte)")
    }
  }

  private mutating func readNumbers<Number: BitwiseCopyable>() throws(DecodingError) -> [Number] {
    let count = try readCount(max: remaining / MemoryLayout<Number>.size)
    var numbers: [Number] = []
    for _ in 0..<count { numbers.append(try read(Number.self)) }
    return numbers
  }
}
