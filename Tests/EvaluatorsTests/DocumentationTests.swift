import AdaptiveCore
import Evaluators
import Foundation
import Learners
import NodeRuntime
import Testing

/// Every program in docs/writing-a-function.md is a complete library for the same peak: it must
/// compile as it stands there, and give the built-in peak's values.
@Suite struct DocumentationTests {
  @Test(arguments: [("c", 0), ("c", 1), ("cpp", 0)])
  func theProgramsInTheDocumentationWork(language: String, index: Int) throws {
    try check(program(language, index), language)
  }

  @Test(.enabled(if: hasFortran, "gfortran is not installed"))
  func theFortranProgramWorks() throws {
    try check(program("fortran", 0), "fortran")
  }

  @Test func noProgramIsLeftOut() throws {
    #expect(try programs("c").count == 2)
    #expect(try programs("cpp").count == 1)
    #expect(try programs("fortran").count == 1)
  }

  @Test func theExceptionOfThePlusPlusProgramBecomesAFailure() throws {
    let batch = try evaluate(Compiler.library(program("cpp", 0), language: "cpp"), width: 0)
    #expect(batch.failures.count == points.count)
    #expect(batch.failures.allSatisfy { $0.failure.text == "a peak needs a width" })
  }

  /// The tables name every built-in function, setting and parameter.
  @Test func theTablesAreComplete() throws {
    let text = try documentation()
    let names =
      BuiltinFunction.Shape.allCases.map(\.rawValue)
      + BuiltinFunction.SettingKey.allCases.map(\.rawValue)
      + BuiltinFunction.ParameterName.allCases.map(\.rawValue)
    for name in names {
      #expect(text.contains("`\(name)`") || text.contains("`\(name):"), "\(name) is missing")
    }
  }

  private static let hasFortran = (try? Compiler.run("gfortran", ["--version"]))?.status == 0
  private let points = [-0.9, -0.01, 0, 0.02, 1]

  private func check(_ program: String, _ language: String) throws {
    let batch = try evaluate(Compiler.library(program, language: language), width: 0.02)
    #expect(batch.failures.isEmpty)
    let function = BuiltinFunction(.peak)
    let arguments = try function.arguments(for: [.init(name: "width", value: 0.02)])
    for (point, value) in zip(points, batch.values) {
      #expect(abs(value - function.value(at: [point].span, arguments)) < 1e-15)
    }
  }

  private func evaluate(_ path: String, width: Double) throws -> EvaluationBatch {
    let evaluator = PluginEvaluator(try PluginLibrary(path: path), rank: 0, rankCount: 1)
    try evaluator.setUp([learner(parameters: [("width", width)])])
    var batch = EvaluationBatch(learner: LearnerIndex(0), count: points.count, points: points)
    evaluator.evaluate(&batch)
    evaluator.tearDown()
    return batch
  }

  private func program(_ language: String, _ index: Int) throws -> String {
    let programs = try programs(language)
    return try #require(index < programs.count ? programs[index] : nil)
  }

  /// The fenced blocks of one language.
  private func programs(_ language: String) throws -> [String] {
    try documentation().components(separatedBy: "\n```\(language)\n").dropFirst().map {
      $0.components(separatedBy: "\n```")[0] + "\n"
    }
  }

  private func documentation() throws -> String {
    let path = Compiler.packageFolder.appending(path: "docs/writing-a-function.md")
    return try String(contentsOf: path, encoding: .utf8)
  }
}
