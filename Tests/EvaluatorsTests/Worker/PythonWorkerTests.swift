import AdaptiveCore
import Evaluators
import Foundation
import Learners
import NodeRuntime
import Testing
import _TestSupport

@Suite struct PythonWorkerTests {
  let folder: WorkerFolder

  init() throws { folder = try WorkerFolder() }

  private func ready(
    _ program: String, parameters: [(String, Double)] = [], valueCount: Int = 1,
    isBatch: Bool = false, timeout: Double? = nil, residentBytesMax: Int? = nil
  ) throws -> WorkerEvaluator {
    let evaluator = try folder.python(
      program, isBatch: isBatch, timeout: timeout, residentBytesMax: residentBytesMax)
    try evaluator.setUp([learner(parameters: parameters, valueCount: valueCount)])
    return evaluator
  }

  @Test func pointsAreEvaluatedWithTheLearnersParameters() throws {
    let evaluator = try ready(
      "def f(x, shift, scale=1): return scale * (x + shift)",
      parameters: [("shift", 0.5), ("scale", 2)])
    defer { evaluator.tearDown() }
    let batch = evaluator.evaluated([1, 2, 3])
    #expect(batch.values == [3, 5, 7])
    #expect(batch.failures.isEmpty)
    #expect(evaluator.greeting.hasPrefix("Python 3."))
  }

  @Test(arguments: [
    ("2", [2.0]), ("True", [1]), ("2.5", [2.5]), ("1+2j", [1, 2]), ("(1, 2.5)", [1, 2.5]),
    ("[1, (2, 3)]", [1, 2, 3]), ("np.float32(0.5)", [0.5]), ("np.int64(7)", [7]),
    ("np.complex128(1-1j)", [1, -1]), ("np.array([1, 2, 3])", [1, 2, 3]),
    ("np.array([[1, 2], [3, 4]])", [1, 2, 3, 4]), ("np.array(4.0)", [4]),
    ("(np.float64(1), 2j)", [1, 0, 2]), ("fractions.Fraction(1, 4)", [0.25]),
  ])
  func numbersOfEveryKindAreValues(expression: String, expected: [Double]) throws {
    let evaluator = try ready(
      "import fractions\nimport numpy as np\ndef f(x): return \(expression)",
      valueCount: expected.count)
    defer { evaluator.tearDown() }
    let batch = evaluator.evaluated([0])
    #expect(batch.failures.isEmpty)
    #expect(batch.values == expected)
  }

  @Test(arguments: [
    ("None", Failure.Kind.raised, "returned NoneType (None); allowed: a float, int or complex"),
    ("'0.5'", .raised, "returned str"), ("{'a': 1}", .wrongCount, "returned a dictionary"),
    ("(1, None)", .raised, "returned NoneType"),
    ("(1, 2)", .wrongCount, "returned 2 numbers; the campaign's outputs: 1"),
    ("[]", .wrongCount, "returned 0 numbers"), ("float('nan')", .notFinite, "value 1 of 1 is nan"),
    ("-float('inf')", .notFinite, "value 1 of 1 is -inf"), ("10**400", .raised, "OverflowError"),
  ])
  func whatIsNoValueIsAFailure(expression: String, kind: Failure.Kind, text: String) throws {
    let evaluator = try ready("def f(x): return \(expression)")
    defer { evaluator.tearDown() }
    let failure = try #require(evaluator.evaluated([0]).failures.first?.failure)
    #expect(failure.kind == kind)
    #expect(failure.text.contains(text), "\(failure.text)")
  }

  @Test func anExceptionFailsItsPointAndSaysWhere() throws {
    let evaluator = try ready(
      """
      def solve(x):
          if x == 2: raise ValueError("no convergence\\nat all")
          return x
      def f(x): return solve(x)
      """)
    let batch = evaluator.evaluated([1, 2, 3])
    #expect([batch.values[0], batch.values[2]] == [1, 3])
    try #require(batch.failures.map(\.index) == [1])
    #expect(
      batch.failures[0].failure
        == Failure(
          .raised,
          "ValueError: no convergence at all (function.py:2 in solve, "
            + "called from function.py:4 in f)"))
    #expect(batch.restartCount == 0)
    // What is in the pipes is taken in by then.
    evaluator.tearDown()
    #expect(folder.log.contains("Traceback"))
  }

  /// It may write to every descriptor that a careless program writes to.
  @Test func whatItPrintsGoesToTheLog() throws {
    let evaluator = try ready(
      """
      import os, sys
      def f(x):
          print("printed", x)
          sys.stderr.write("complained\\n")
          os.write(1, b"written\\n")
          return x
      """)
    let batch = evaluator.evaluated([1, 2])
    #expect(batch.values == [1, 2])
    // What is in the pipes is taken in by then.
    evaluator.tearDown()
    for text in ["printed 1.0", "printed 2.0", "complained", "written"] {
      #expect(folder.log.contains(text))
    }
  }

  @Test(arguments: [
    ("os._exit(3)", "exit code 3"), ("os.kill(os.getpid(), 11)", "signal 11"),
    ("os.abort()", "signal 6"),
    (
      "(print('out of luck', file=sys.stderr), os._exit(1))",
      "exit code 1: out of luck"
    ),
  ])
  func aDeathCostsOnePointOnly(expression: String, text: String) throws {
    let evaluator = try ready(
      """
      import os, sys
      def f(x):
          if x == 3: \(expression)
          return x
      """)
    defer { evaluator.tearDown() }
    let batch = evaluator.evaluated([1, 2, 3, 4, 5])
    #expect(batch.failures.map(\.index) == [2])
    #expect(batch.failures.first?.failure.kind == .ended)
    let said = batch.failures.first?.failure.text ?? ""
    #expect(said.contains(text), "\(said)")
    #expect([batch.values[0], batch.values[1], batch.values[3], batch.values[4]] == [1, 2, 4, 5])
    #expect(batch.restartCount == 2)
    #expect(evaluator.evaluated([6]).values == [6])
  }

  @Test func sysExitIsAFailureAndNoDeath() throws {
    let evaluator = try ready("import sys\ndef f(x): sys.exit('enough')")
    defer { evaluator.tearDown() }
    let batch = evaluator.evaluated([1])
    #expect(batch.failures.first?.failure.kind == .raised)
    #expect(batch.restartCount == 0)
  }

  @Test func aHangIsEndedInTime() throws {
    let evaluator = try ready(
      """
      import signal, time
      signal.signal(signal.SIGTERM, signal.SIG_IGN)
      def f(x):
          while x == 2: time.sleep(1)
          return x
      """, timeout: 0.3)
    defer { evaluator.tearDown() }
    let start = ContinuousClock.now
    let batch = evaluator.evaluated([1, 2, 3])
    #expect(ContinuousClock.now - start < .seconds(10))
    #expect(batch.failures.map(\.index) == [1])
    #expect(batch.failures.first?.failure == Failure(.timedOut, "no answer within 0.3 s"))
    #expect([batch.values[0], batch.values[2]] == [1, 3])
  }

  /// A child of the function may hold the connection open when the function's process dies.
  @Test func aForkedChildDoesNotHideADeath() throws {
    let evaluator = try ready(
      """
      import os, signal, time
      def f(x):
          if os.fork() == 0: time.sleep(60)
          os.kill(os.getpid(), signal.SIGKILL)
      """)
    defer { evaluator.tearDown() }
    let batch = evaluator.evaluated([1])
    #expect(batch.failures.first?.failure.text == "signal 9, Killed")
  }

  @Test func memoryIsGivenBackBetweenPoints() throws {
    let evaluator = try ready(
      """
      import os, time
      hoard = []
      def f(x):
          hoard.append(bytearray(30 << 20))
          time.sleep(0.06)
          return os.getpid()
      """, residentBytesMax: 120 << 20)
    defer { evaluator.tearDown() }
    var pids: Set<Double> = []
    var restarts = 0
    for point in 0..<10 {
      let batch = evaluator.evaluated([Double(point)])
      #expect(batch.failures.isEmpty)
      pids.insert(batch.values[0])
      restarts += batch.restartCount
    }
    #expect((2...6).contains(pids.count))
    #expect((1...6).contains(restarts))
  }

  @Test(arguments: [true, false])
  func aBatchIsHandedOverAtOnce(hasNumpy: Bool) throws {
    let hidden = hasNumpy ? "" : "import sys\nsys.modules['numpy'] = None\n"
    let evaluator = try ready(
      hidden + """
        calls = 0
        def f(points, a):
            global calls
            calls += 1
            shape = points.shape if hasattr(points, "shape") else (len(points), len(points[0]))
            if any(p[0] == 7 for p in points): raise ValueError("seven")
            return [(p[0] * a, shape[0], calls) for p in points]
        """, parameters: [("a", 10)], valueCount: 3, isBatch: true)
    defer { evaluator.tearDown() }
    #expect(evaluator.evaluated([1, 2, 3]).values == [10, 3, 1, 20, 3, 1, 30, 3, 1])
    let batch = evaluator.evaluated([1, 7])
    #expect(batch.failures.map(\.index) == [1])
    #expect(batch.failures.first?.failure.text.contains("seven") == true)
    #expect(batch.values[0] == 10)
  }

  @Test(arguments: [
    ("def g(x): return x", "has no 'f'; callable there: g"), ("f = 3", "cannot be called"),
    ("import no_such_module", "No module named 'no_such_module'"), ("def f(:", "SyntaxError"),
    ("def f(x, b): return x", "to be called with a point and a"),
    ("def f(): return 1", "too many positional"),
    ("import os\nos._exit(5)", "exit code 5"),
  ])
  func whatCannotBeUsedIsRefusedAtTheStart(program: String, text: String) throws {
    let evaluator = try folder.python(program)
    let error = #expect(throws: EvaluatorError.self) {
      try evaluator.setUp([learner(parameters: [("a", 1)])])
    }
    #expect(error?.detail.contains(text) == true, "\(String(describing: error))")
  }

  @Test func anInterpreterThatIsNotThereIsNamed() throws {
    let evaluator = try folder.python("def f(x): return x", interpreter: "/no/such/python")
    let error = #expect(throws: EvaluatorError.self) { try evaluator.setUp([learner()]) }
    #expect(error?.detail.contains("/no/such/python: No such file") == true)
  }

  @Test func seedsDependOnThePointAlone() throws {
    let program = "def f(x, seed): return seed % 1000003"
    let one = try ready(program)
    let first = one.evaluated([1, 2, 1])
    one.tearDown()
    let other = try ready(program)
    defer { other.tearDown() }
    #expect(first.values[0] == first.values[2])
    #expect(first.values[0] != first.values[1])
    #expect(other.evaluated([2]).values == [first.values[1]])
  }
}
