/// A Python function: where it is, and which Python runs it.
package struct PythonFunction: Sendable, Equatable {
  package enum Place: Sendable, Equatable {
    /// As `import` names it, first looked for in the campaign's folder.
    case module(String)
    /// The absolute path of a file.
    case file(String)
  }

  package var place: Place

  /// The function in it, with dots where it is within a class.
  package var name: String

  /// A path, or a name that is looked up in PATH.
  package var interpreter: String

  /// Whether the function takes all points of a batch at once.
  package var isBatch: Bool

  /// A function beside it that is called once on each leaf, before the first point.
  package var setUp: String?

  /// The campaign's folder.
  package var folder: String

  package init(
    _ place: Place, name: String, interpreter: String = "python3", isBatch: Bool = false,
    folder: String
  ) {
    self.place = place
    self.name = name
    self.interpreter = interpreter
    self.isBatch = isBatch
    self.folder = folder
  }

  /// As a worker is told.
  package var texts: [WorkerStart.Setting] {
    var texts: [WorkerStart.Setting] = [.init("name", [name]), .init("folder", [folder])]
    switch place {
    case .module(let module): texts.append(.init("module", [module]))
    case .file(let path): texts.append(.init("file", [path]))
    }
    if let setUp { texts.append(.init("set_up", [setUp])) }
    if isBatch { texts.append(.init("batch", ["true"])) }
    return texts
  }
}
