import AdaptiveCore
import Evaluators

/// The part of a ``WorldPlan`` that says which function is evaluated, and how.
extension PlanWriter {
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
        write(setting.values)
      }
    case .python(let function):
      write(UInt8(2))
      switch function.place {
      case .module(let module):
        write(UInt8(0))
        write(module)
      case .file(let path):
        write(UInt8(1))
        write(path)
      }
      write(function.name)
      write(function.interpreter)
      write(UInt8(function.isBatch ? 1 : 0))
      write(function.folder)
      write([function.setUp].compactMap(\.self))
    case .swift(let name):
      write(UInt8(4))
      write(name)
    case .program(let settings):
      write(UInt8(3))
      write(settings)
    }
  }

  mutating func write(_ conduct: FunctionConduct) {
    write(conduct.isolation.rawValue)
    write(conduct.timeout?.nanoseconds ?? -1)
    write(conduct.residentBytesMax ?? -1)
    write(conduct.threads ?? -1)
    write(conduct.team?.size ?? 0)
    write(UInt8(conduct.team?.spansNodes == true ? 1 : 0))
    write(conduct.team?.learnerSizes.count ?? 0)
    for size in conduct.team?.learnerSizes ?? [] { write(size) }
    write(conduct.nodeSetUp)
    write(conduct.environment.count)
    for variable in conduct.environment {
      write(variable.name)
      write(variable.value)
    }
  }

  private mutating func write(_ settings: ProgramSettings) {
    write(settings.command)
    write(settings.mode.rawValue)
    write([settings.result.file].compactMap(\.self))
    write([settings.result.pattern].compactMap(\.self))
    write(UInt8(settings.keepsFailed ? 1 : 0))
    write(settings.setUp)
  }

  private mutating func write(_ texts: [String]) {
    write(texts.count)
    for text in texts { write(text) }
  }
}

extension ByteReader {
  mutating func readFunction() throws(DecodingError) -> CampaignFunction {
    switch try read(UInt8.self) {
    case 0: return .library(path: try readText(), symbol: try readText())
    case 1:
      let name = try readText()
      var settings: [BuiltinFunction.Setting] = []
      for _ in 0..<(try readCount(max: remaining)) {
        settings.append(.init(key: try readText(), values: try readTexts()))
      }
      return .builtin(name: name, settings: settings)
    case 2: return .python(try readPython())
    case 3: return .program(try readProgram())
    case 4: return .swift(name: try readText())
    case let byte: throw DecodingError("function kind \(byte)")
    }
  }

  mutating func readConduct() throws(DecodingError) -> FunctionConduct {
    var conduct = FunctionConduct()
    guard let isolation = FunctionConduct.Isolation(rawValue: try readText()) else {
      throw DecodingError("an isolation of another build")
    }
    conduct.isolation = isolation
    let timeout = try read(Int64.self)
    conduct.timeout = timeout < 0 ? nil : TimeSpan(nanoseconds: timeout)
    let bytes = try read(Int.self)
    conduct.residentBytesMax = bytes < 0 ? nil : bytes
    let threads = try read(Int.self)
    conduct.threads = threads < 0 ? nil : threads
    let teamSize = try read(Int.self)
    let spansNodes = try read(UInt8.self) == 1
    var sizes: [Int] = []
    for _ in 0..<(try readCount(max: remaining)) { sizes.append(try read(Int.self)) }
    if teamSize >= 1 {
      conduct.team = FunctionConduct.Team(size: teamSize, spansNodes: spansNodes)
      conduct.team?.learnerSizes = sizes
    }
    conduct.nodeSetUp = try readTexts()
    for _ in 0..<(try readCount(max: remaining)) {
      conduct.environment.append(.init(name: try readText(), value: try readText()))
    }
    return conduct
  }

  private mutating func readPython() throws(DecodingError) -> PythonFunction {
    let isFile = try read(UInt8.self) == 1
    let place = try readText()
    let name = try readText()
    let interpreter = try readText()
    let isBatch = try read(UInt8.self) == 1
    var function = PythonFunction(
      isFile ? .file(place) : .module(place), name: name, interpreter: interpreter,
      isBatch: isBatch, folder: try readText())
    function.setUp = try readTexts().first
    return function
  }

  private mutating func readProgram() throws(DecodingError) -> ProgramSettings {
    let command = try readTexts()
    let word = try readText()
    guard !command.isEmpty, let mode = ProgramSettings.Mode(rawValue: word) else {
      throw DecodingError("a program without a command, or of the mode '\(word)'")
    }
    var settings = ProgramSettings(
      command: command, mode: mode,
      result: ProgramSettings.Result(
        file: try readTexts().first, pattern: try readTexts().first),
      keepsFailed: try read(UInt8.self) == 1)
    settings.setUp = try readTexts()
    return settings
  }

  private mutating func readTexts() throws(DecodingError) -> [String] {
    var texts: [String] = []
    for _ in 0..<(try readCount(max: remaining)) { texts.append(try readText()) }
    return texts
  }
}
