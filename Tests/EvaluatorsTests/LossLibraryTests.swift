import Evaluators
import Learners
import Testing

@Suite struct LossLibraryTests {
  @Test func aCellArrivesWhole() throws {
    let path = try Compiler.function("losses")
    let loss = try LossLibrary.function(path: path, symbol: LossLibrary.symbolDefault)
    #expect(
      loss(LossCell(dimension: 1, valueCount: 1, points: [1, 4], values: [0, -4])) == 5)
    let digits = try LossLibrary.function(path: path, symbol: "digits")
    let cell = LossCell(
      dimension: 2, valueCount: 1, points: [1, 2, 3, 4, 5, 6], values: [7, 8, 9])
    #expect(abs(digits(cell) - 321000.123456789) < 1e-9)
  }

  @Test func whatIsMissingIsSaid() throws {
    let path = try Compiler.function("losses")
    let missing = #expect(throws: FunctionError.self) {
      try LossLibrary.function(path: path, symbol: "steep")
    }
    #expect(missing?.code == .symbolMissing)
    #expect("\(try #require(missing))".contains("'steep' in \(path)"))
    let absent = #expect(throws: FunctionError.self) {
      try LossLibrary.function(path: "/nowhere/libloss.so", symbol: "steep")
    }
    #expect(absent?.code == .libraryMissing)
    let wrong = try Compiler.function("wrong_version")
    let version = #expect(throws: FunctionError.self) {
      try LossLibrary.function(path: wrong, symbol: "steep")
    }
    #expect(version?.code == .versionUnknown)
  }
}
