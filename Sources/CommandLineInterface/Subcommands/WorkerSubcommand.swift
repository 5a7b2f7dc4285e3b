import AdaptiveCore
import ArgumentParser
import Delegation
import Evaluators
import Foundation
import Learners
import NodeRuntime

/// The process beside a leaf in which a library's function or a program runs. Leaves start it, with
/// a socket as descriptor 3.
struct WorkerSubcommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "worker", abstract: "Evaluate points for a leaf, which starts this.",
    shouldDisplay: false)

  func run() throws {
    ParentDeath.resetSignals()
    let socket = WorkerSocket.descriptor
    do throws(DecodingError) {
      guard let (kind, body) = try WorkerSocket.receive(over: socket) else { return }
      guard kind == .start else { throw DecodingError("a leaf begins with \(kind)") }
      let start = try WorkerSocket.read(body) { (reader) throws(DecodingError) in
        try reader.readWorkerStart()
      }
      try host(start, socket)
    } catch {
      throw EarlyEnd(.crashed, "adaptive-mpi worker: \(error.detail)")
    }
  }

  private func host(_ start: WorkerStart, _ socket: Int32) throws(DecodingError) {
    do {
      switch start.function {
      case "library":
        ParentDeath.bind()
        let library = try PluginLibrary(
          path: start["path"].first ?? "", symbol: start["symbol"].first ?? "")
        let function = PluginEvaluator(library, rank: start.rank, rankCount: start.rankCount)
        try function.setUp(start.learners)
        var server = WorkerServer(socket: socket, start: start, function: function)
        try server.serve(greeting: "library \(library.path)")
      case "swift":
        ParentDeath.bind()
        let name = start["name"].first ?? ""
        let function = ClosureEvaluator(try ClosureFunctions.function(named: name))
        function.setUp(start.learners)
        var server = WorkerServer(socket: socket, start: start, function: function)
        try server.serve(greeting: "Swift function \(name)")
      case "program":
        guard let settings = ProgramSettings(start) else {
          throw EvaluatorError("the worker of another build: install one everywhere")
        }
        // The leaf ends it with the program in it; the program must not be left alone.
        signal(SIGTERM, SIG_IGN)
        let folder = start["folder"].first ?? NSTemporaryDirectory() + "adaptive-mpi-\(getpid())"
        let function = try ProgramEvaluator(settings, start, folder: folder, socket: socket)
        try function.setUp([])
        var server = WorkerServer(socket: socket, start: start, function: function)
        try server.serve(greeting: "program \(settings.command[0])")
      default: throw EvaluatorError("no function of the kind '\(start.function)'")
      }
    } catch let error as DecodingError {
      throw error
    } catch {
      WorkerSocket.send(.refused, "\(error)", over: socket)
    }
  }
}
