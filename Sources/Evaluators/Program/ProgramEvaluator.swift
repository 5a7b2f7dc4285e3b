import AdaptiveCore
import Glibc
package import Learners
package import NodeRuntime

/// Evaluates points by a program, inside the leaf's worker.
package final class ProgramEvaluator: Evaluator {
  private let settings: ProgramSettings
  private let learners: [WorkerStart.Learner]
  private let rank: Int
  private let folder: String
  private let socket: Int32
  private let arguments: [ProgramTemplate]
  private let variables: [(name: String, value: ProgramTemplate)]
  private let pattern: ProgramTemplate?
  private let inherited = ChildEnvironment.texts()

  private var program: ProgramChild?
  private var pointNumber = 0
  private var kept: [PointFolder] = []

  /// - Parameters:
  ///   - folder: where the folders of points are made.
  ///   - socket: the leaf's end; when it closes, the program is ended and so is this process.
  package init(
    _ settings: ProgramSettings, _ start: WorkerStart, folder: String, socket: Int32
  ) throws(EvaluatorError) {
    self.settings = settings
    self.folder = folder
    self.socket = socket
    learners = start.learners
    rank = start.rank
    var arguments: [ProgramTemplate] = []
    for text in settings.command.dropFirst() { arguments.append(try Self.template(text)) }
    self.arguments = arguments
    var variables: [(name: String, value: ProgramTemplate)] = []
    for variable in settings.environment {
      variables.append((variable.name, try Self.template(variable.value)))
    }
    self.variables = variables
    if let text = settings.result.pattern {
      pattern = try Self.template(text)
    } else {
      pattern = nil
    }
  }

  private static func template(_ text: String) throws(EvaluatorError) -> ProgramTemplate {
    guard let template = ProgramTemplate(text) else {
      throw EvaluatorError("'\(text)': a brace is open or closes nothing; {{ and }} are braces")
    }
    return template
  }

  package func setUp(_ learners: [LearnerDefinition]) throws(EvaluatorError) {
    if let program = settings.setUp.first {
      let variables = settings.environment.filter { !$0.value.contains("{") }
      try NodeSetUp.run(
        ChildProgram(
          program, Array(settings.setUp.dropFirst()),
          environment: ChildEnvironment.texts(inherited: inherited, added: variables)),
        socket: socket, what: "setting up the leaf")
    }
    guard settings.mode == .persistent else { return }
    do throws(ChildError) {
      program = try startPersistent()
    } catch {
      throw EvaluatorError(error.description)
    }
  }

  package func tearDown() {
    program.take()?.finish()
    for folder in kept where !settings.keepsFailed { folder.remove() }
  }

  package func evaluate(_ batch: inout EvaluationBatch) {
    let learner = learners[batch.learner.position]
    let answer = ProgramAnswer(valueCount: learner.valueCount)
    batch.values.removeAll(keepingCapacity: true)
    batch.failures.removeAll(keepingCapacity: true)
    for index in 0..<batch.count {
      let start = index * learner.dimension
      let point = batch.points[start..<start + learner.dimension]
      do throws(ProgramAnswer.Fault) {
        switch settings.mode {
        case .persistent: batch.values += try line(point, learner, answer, &batch)
        case .perPoint: batch.values += try run(point, learner, answer, batch.seeds[index])
        }
      } catch {
        batch.values.append(contentsOf: repeatElement(0, count: learner.valueCount))
        batch.failures.append(.init(index: index, failure: error.failure))
      }
    }
  }
}

// MARK: - Persistent

extension ProgramEvaluator {
  private func startPersistent() throws(ChildError) -> ProgramChild {
    let nothing: (String) -> String? = { _ in nil }
    return try ProgramChild(
      ChildProgram(
        settings.command[0], arguments.map { $0.filled(nothing) },
        environment: ChildEnvironment.texts(
          inherited: inherited, added: filledVariables(nothing))),
      takesInput: true, socket: socket)
  }

  private func filledVariables(_ value: (String) -> String?) -> [EnvironmentVariable] {
    variables.map { EnvironmentVariable(name: $0.name, value: $0.value.filled(value)) }
  }

  /// A line of the coordinates, then the learner's parameters in the campaign's order.
  private func line(
    _ point: ArraySlice<Double>, _ learner: WorkerStart.Learner, _ answer: ProgramAnswer,
    _ batch: inout EvaluationBatch
  ) throws(ProgramAnswer.Fault) -> [Double] {
    if program == nil {
      do throws(ChildError) {
        program = try startPersistent()
      } catch {
        throw ProgramAnswer.Fault(failure: Failure(.ended, error.description))
      }
      batch.restartCount += 1
    }
    let numbers = point.map { "\($0)" } + learner.parameters.map { "\($0.value)" }
    let line = Array((numbers.joined(separator: " ") + "\n").utf8)
    guard let program, let text = program.answer(line) else {
      let ended = program.take()
      ended?.end()
      throw ProgramAnswer.Fault(failure: Failure(.ended, ended?.endingText ?? "no program"))
    }
    if text == "error" || text.hasPrefix("error ") {
      throw ProgramAnswer.Fault(failure: Failure(.raised, String(text.dropFirst(6))))
    }
    return try answer.numbers(in: text)
  }
}

// MARK: - Per point

extension ProgramEvaluator {
  private func run(
    _ point: ArraySlice<Double>, _ learner: WorkerStart.Learner, _ answer: ProgramAnswer,
    _ seed: UInt64
  ) throws(ProgramAnswer.Fault) -> [Double] {
    pointNumber += 1
    let place: PointFolder
    do throws(ChildError) {
      place = try PointFolder("\(folder)/leaf-\(rank)-\(pointNumber)", in: folder)
    } catch {
      throw ProgramAnswer.Fault(failure: Failure(.ended, error.description))
    }
    do throws(ProgramAnswer.Fault) {
      let numbers = try run(
        in: place,
        ProgramPlaceholders(point: point, learner: learner, seed: seed, folder: place.path), answer)
      place.remove()
      return numbers
    } catch {
      keep(place)
      throw error
    }
  }

  private func run(
    in place: PointFolder, _ values: ProgramPlaceholders, _ answer: ProgramAnswer
  ) throws(ProgramAnswer.Fault) -> [Double] {
    let command = ChildProgram(
      settings.command[0], arguments.map { $0.filled { values[$0] } },
      environment: ChildEnvironment.texts(
        inherited: inherited,
        added: filledVariables { values[$0] }),
      directory: place.path)
    let program: ProgramChild
    do throws(ChildError) {
      program = try ProgramChild(command, takesInput: false, socket: socket)
    } catch {
      throw ProgramAnswer.Fault(failure: Failure(.ended, error.description))
    }
    guard let printed = program.wholeAnswer() else {
      throw ProgramAnswer.Fault(
        failure: Failure(
          .wrongCount, "wrote more than \(Limits.programAnswerBytesMax) bytes to standard output"))
    }
    guard program.child.wait() == .exited(0) else {
      throw ProgramAnswer.Fault(failure: Failure(.ended, program.endingText))
    }
    var text = printed
    if let file = settings.result.file {
      guard let content = place.text(file) else {
        throw ProgramAnswer.Fault(failure: Failure(.wrongCount, "wrote no file '\(file)'"))
      }
      text = content
    }
    guard let pattern else { return try answer.numbers(in: text) }
    return try answer.numbers(in: text, matching: pattern)
  }

  /// Keeps the last few folders of failed points, if they are to stay.
  private func keep(_ place: PointFolder) {
    guard settings.keepsFailed else { return place.remove() }
    kept.append(place)
    if kept.count > Limits.programFoldersKept { kept.removeFirst().remove() }
  }
}
