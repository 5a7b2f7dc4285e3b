import AdaptiveCore
import Evaluators
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
    write(learner.seed)
  }

  mutating func write(_ function: CampaignFunction) {
    switch function {
    case .library(let path, let symbol):
      write(UInt8(0))
      write(path)
      write(symbol)
    case .builtin(let name, let settings):
      write(UInt8(1))
      write(name)
      write(settings.count)
      for setting in settings {
        write(setting.key)
        write(setting.values.count)
        for value in setting.values { write(value) }
      }
    }
  }

  private mutating func write(_ kind: LearnerKind) {
    switch kind {
    case .oneDimensional(let settings):
      write(UInt8(1))
      write(settings.lower)
      write(settings.upper)
      write(settings.loss)
    case .counting: write(UInt8(0))
    }
  }

  private mutating func write(_ loss: Loss1D) {
    switch loss {
    case .distance: write(UInt8(0))
    case .uniform: write(UInt8(1))
    case .absMinLog: write(UInt8(2))
    case .triangle: write(UInt8(3))
    case .resolution(let min, let max):
      write(UInt8(4))
      write(min)
      write(max)
    case .curvature(let area, let euclid, let horizontal):
      write(UInt8(5))
      write(area)
      write(euclid)
      write(horizontal)
    }
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
    return LearnerDefinition(
      name: name, kind: kind, parameters: parameters, valueCount: valueCount,
      seed: try read(UInt64.self))
  }

  mutating func readFunction() throws(DecodingError) -> CampaignFunction {
    switch try read(UInt8.self) {
    case 0: return .library(path: try readText(), symbol: try readText())
    case 1:
      let name = try readText()
      var settings: [BuiltinFunction.Setting] = []
      for _ in 0..<(try readCount(max: remaining)) {
        let key = try readText()
        var values: [String] = []
        for _ in 0..<(try readCount(max: remaining)) { values.append(try readText()) }
        settings.append(.init(key: key, values: values))
      }
      return .builtin(name: name, settings: settings)
    case let byte: throw DecodingError("function kind \(byte)")
    }
  }

  private mutating func readKind() throws(DecodingError) -> LearnerKind {
    switch try read(UInt8.self) {
    case 0: return .counting
    case 1:
      let lower = try read(Double.self)
      let upper = try read(Double.self)
      let loss = try readLoss1D()
      do {
        return .oneDimensional(try Learner1DSettings(lower: lower, upper: upper, loss: loss))
      } catch { throw DecodingError(error.detail) }
    case let byte: throw DecodingError("learner kind \(byte)")
    }
  }

  private mutating func readLoss1D() throws(DecodingError) -> Loss1D {
    switch try read(UInt8.self) {
    case 0: return .distance
    case 1: return .uniform
    case 2: return .absMinLog
    case 3: return .triangle
    case 4: return .resolution(min: try read(Double.self), max: try read(Double.self))
    case 5:
      return .curvature(
        area: try read(Double.self), euclid: try read(Double.self),
        horizontal: try read(Double.self))
    case let byte: throw DecodingError("loss \(byte)")
    }
  }
}
