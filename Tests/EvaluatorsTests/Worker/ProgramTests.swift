import AdaptiveCore
import Evaluators
import Foundation
import Glibc
import Learners
import NodeRuntime
import Testing
import _TestSupport

@Suite struct ProgramTests {
  let folder: WorkerFolder

  init() throws { folder = try WorkerFolder() }

  private func script(_ text: String) throws -> String {
    let path = try folder.folder.write("#!/bin/sh\n" + text + "\n", to: "program")
    chmod(path, 0o700)
    return path
  }

  private func ready(
    _ settings: ProgramSettings, valueCount: Int = 1, timeout: Double? = nil,
    environment: [EnvironmentVariable] = []
  ) throws -> WorkerEvaluator {
    let evaluator = folder.program(settings, timeout: timeout, environment: environment)
    try evaluator.setUp([learner(parameters: [("a", 10)], valueCount: valueCount)])
    return evaluator
  }

  @Test func aPersistentProgramAnswersLineByLine() throws {
    let program = try script("echo started >&2; while read x a; do echo $x $a; done")
    let evaluator = try ready(
      ProgramSettings(command: [program], mode: .persistent), valueCount: 2)
    defer { evaluator.tearDown() }
    #expect(evaluator.evaluated([0.5, 1e-20]).values == [0.5, 10, 1e-20, 10])
    #expect(evaluator.evaluated([3]).values == [3, 10])
    #expect(folder.log.split(separator: "\n").filter { $0 == "started" }.count == 1)
  }

  @Test(arguments: [
    ("echo 1 2", Failure.Kind.wrongCount, "found 2 numbers, allowed: 1"),
    ("echo", .wrongCount, "found 0 numbers"), ("echo x", .wrongCount, "'x' is not a number"),
    ("echo nan", .notFinite, "nan"), ("echo error no convergence", .raised, "no convergence"),
    ("echo bad luck >&2; exit 4", .ended, "exit code 4: bad luck"),
    ("kill -9 $$", .ended, "signal 9"),
  ])
  func wrongAnswersAreFailures(answer: String, kind: Failure.Kind, text: String) throws {
    let program = try script(
      "while read x a; do if [ $x = 2.0 ]; then \(answer); else echo $x; fi; done")
    let evaluator = try ready(ProgramSettings(command: [program], mode: .persistent))
    defer { evaluator.tearDown() }
    let batch = evaluator.evaluated([1, 2, 3])
    #expect(batch.failures.map(\.index) == [1])
    let failure = try #require(batch.failures.first?.failure)
    #expect(failure.kind == kind)
    #expect(failure.text.contains(text), "\(failure.text)")
    #expect([batch.values[0], batch.values[2]] == [1, 3])
    #expect(batch.restartCount == (kind == .ended ? 1 : 0))
  }

  @Test func aHangIsEndedInTimeWithAllThatItStarted() throws {
    let pids = folder.folder.path("pids")
    let program = try script("while read x a; do sleep 1000 & echo $$ $! > \(pids); wait; done")
    let evaluator = try ready(
      ProgramSettings(command: [program], mode: .persistent), timeout: 0.3)
    defer { evaluator.tearDown() }
    #expect(evaluator.evaluated([1]).failures.first?.failure.kind == .timedOut)
    let started = folder.folder.read("pids").split(separator: " ").compactMap {
      pid_t($0.trimmingCharacters(in: .whitespacesAndNewlines))
    }
    #expect(started.count == 2)
    try wait(for: "the program to end", seconds: 10) {
      started.allSatisfy { ProcessEntry(pid: $0) == nil }
    }
  }

  @Test func aProgramIsRunForEachPointInAFolderOfItsOwn() throws {
    let program = try script(
      "pwd >> \(folder.folder.path("places")); echo \"ran $1 $2 $MU\" >> here\n"
        + "[ $(wc -l < here) = 1 ] && echo \"energy is  $1 eV,\" gap $2 > out.txt")
    let evaluator = try ready(
      ProgramSettings(
        command: [program, "{x}", "{a}"], mode: .perPoint,
        result: ProgramSettings.Result(file: "out.txt", pattern: "energy is {} eV, gap {}")),
      valueCount: 2, environment: [EnvironmentVariable(name: "MU", value: "mu={x0}")])
    defer { evaluator.tearDown() }
    let batch = evaluator.evaluated([0.25, -1e-9])
    #expect(batch.failures.isEmpty, "\(batch.failures)")
    #expect(batch.values == [0.25, 10, -1e-9, 10])
    let places = folder.folder.read("places").split(separator: "\n")
    #expect(Set(places).count == 2)
    #expect(places.allSatisfy { !FileManager.default.fileExists(atPath: String($0)) })
  }

  /// Nothing is ever given to a shell.
  @Test func argumentsArriveAsTheyAre() throws {
    let program = try script("printf '%s\\n' \"$@\" > \(folder.folder.path("arguments")); echo 1")
    let hostile = [
      "a b", "$(touch \(folder.folder.path("touched")))", "`id`", "; false", "*", "'\"",
    ]
    let evaluator = try ready(
      ProgramSettings(command: [program] + hostile + ["{{{x}}}"], mode: .perPoint))
    defer { evaluator.tearDown() }
    #expect(evaluator.evaluated([1]).values == [1])
    let arguments = folder.folder.read("arguments").split(separator: "\n").map(String.init)
    #expect(arguments == hostile + ["{1.0}"])
    #expect(folder.folder.read("touched").isEmpty)
    #expect(!FileManager.default.fileExists(atPath: folder.folder.path("touched")))
  }

  @Test(arguments: [
    ("echo sorry >&2; exit 7", Failure.Kind.ended, "exit code 7: sorry"),
    ("true", .wrongCount, "found 0 numbers"), ("kill -11 $$", .ended, "signal 11"),
    ("sleep 100", .timedOut, "within 0.5 s"),
  ])
  func failuresOfARunSayWhy(text: String, kind: Failure.Kind, reason: String) throws {
    let evaluator = try ready(
      ProgramSettings(
        command: [try script("echo kept > note; " + text)], mode: .perPoint, keepsFailed: true),
      timeout: 0.5)
    defer { evaluator.tearDown() }
    let failure = try #require(evaluator.evaluated([1]).failures.first?.failure)
    #expect(failure.kind == kind)
    #expect(failure.text.contains(reason), "\(failure.text)")
    #expect(folder.folder.read("points/leaf-3-1/note") == "kept\n")
  }

  @Test func aProgramThatIsNotThereIsNamed() throws {
    let persistent = ProgramSettings(command: ["/no/such/program"], mode: .persistent)
    let error = #expect(throws: EvaluatorError.self) { try ready(persistent) }
    #expect(error?.detail.contains("/no/such/program: No such file") == true)
    let each = ProgramSettings(command: ["/no/such/program"], mode: .perPoint)
    let evaluator = try ready(each)
    defer { evaluator.tearDown() }
    #expect(evaluator.evaluated([1]).failures.first?.failure.kind == .ended)
  }

  @Test(arguments: [
    ("E = {} eV", "step 1 E = 1 eV\nstep 2 E = 2.5 eV\n", [2.5]),
    ("E={}", "E=1 E=3.0D-2 x", [0.03]), ("{} {}", "1 2 3", [2, 3]),
    ("({},{})", "z: (1.5,-2e3)", [1.5, -2000]),
  ])
  func patternsFindTheLastMatch(pattern: String, text: String, expected: [Double]) throws {
    let template = try #require(ProgramTemplate(pattern))
    let found = try ProgramAnswer(valueCount: expected.count).numbers(in: text, matching: template)
    #expect(found == expected)
  }

  @Test(arguments: [("E = {}", "E = x"), ("E = {}", "F = 1"), ("E = {}", ""), ("a{}b", "ab")])
  func whatDoesNotMatchIsAFailure(pattern: String, text: String) throws {
    let template = try #require(ProgramTemplate(pattern))
    #expect(throws: ProgramAnswer.Fault.self) {
      try ProgramAnswer(valueCount: 1).numbers(in: text, matching: template)
    }
  }

  @Test(arguments: ["{", "}", "{x", "x}", "{{}", "{a{b}}"])
  func bracesThatMeanNothingAreRefused(text: String) {
    #expect(ProgramTemplate(text) == nil)
  }
}
