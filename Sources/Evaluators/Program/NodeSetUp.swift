package import NodeRuntime

/// A program that is run once on each node before any leaf there is set up: it stages data, say.
package enum NodeSetUp {
  /// Runs it to its end; what it prints to standard output is dropped, what it complains of goes to
  /// our own standard error.
  ///
  /// - Parameters:
  ///   - command: the program and its arguments, never given to a shell.
  ///   - conduct: the function's, whose environment it shares.
  package static func run(
    _ command: [String], _ conduct: FunctionConduct
  ) throws(EvaluatorError) {
    let inherited = ChildEnvironment.current()
    let program = ChildProgram(
      command[0], Array(command.dropFirst()),
      environment: ChildEnvironment.texts(
        inherited: inherited, added: conduct.variables(inherited: inherited)))
    try run(program, socket: -1, what: "setting up the node")
  }

  /// - Parameter socket: when it closes, the program is ended and so are we; -1 for none.
  static func run(
    _ program: ChildProgram, socket: Int32, what: String
  ) throws(EvaluatorError) {
    let child: ProgramChild
    do throws(ChildError) {
      child = try ProgramChild(program, takesInput: false, socket: socket)
    } catch {
      throw EvaluatorError("\(what): \(error.description)")
    }
    _ = child.wholeAnswer()
    guard child.child.wait() == .exited(0) else {
      throw EvaluatorError("\(what) (\(program.program)): \(child.endingText)")
    }
  }
}
