import Crypto
import Delegation
import Evaluators
import Foundation
import Learners

/// Which function a campaign's values come from, in one line that a checkpoint records: a rebuilt
/// library is noticed by its digest, wherever it lies.
package struct FunctionIdentity: Sendable, Equatable {
  package var text: String

  package init(text: String) { self.text = text }

  /// `symbol adaptive_mpi_function, sha256 …` of a library, `builtin peak, seconds 0.01` otherwise.
  package init(of function: CampaignFunction) throws(EarlyEnd) {
    switch function {
    case .library(let path, let symbol):
      text = "symbol \(symbol), sha256 \(try Self.digest(ofFile: path))"
    case .swift(let name):
      text = "swift \(name), sha256 \(try Self.digest(ofFile: PythonWorker.executablePath))"
    case .python(let function):
      let path =
        switch function.place {
        case .file(let path): path
        case .module(let module): Self.file(ofModule: module, in: function.folder)
        }
      // A module from elsewhere is part of the installation, which nobody digests.
      text = "\(function.text)" + (path == nil ? "" : ", sha256 \(try Self.digest(ofFile: path!))")
    case .program(let settings):
      let program = settings.command[0]
      let digest = program.contains("/") ? ", sha256 \(try Self.digest(ofFile: program))" : ""
      text = "program \(settings.command.joined(separator: " "))" + digest
    case .builtin(let name, let settings):
      text =
        (["builtin \(name)"] + settings.map { "\($0.key) \($0.values.joined(separator: " "))" })
        .joined(separator: ", ")
    }
  }

  /// With the losses that its users brought, which belong to what shaped the points.
  package init(of campaign: Campaign) throws(EarlyEnd) {
    try self.init(of: campaign.function)
    var losses: [String] = []
    for loss in campaign.learners.compactMap(\.kind.userLoss) {
      let path =
        if case .library(let path) = loss.origin { path } else { PythonWorker.executablePath }
      let text = "\(Self.lossMark)\(loss.name), sha256 \(try Self.digest(ofFile: path))"
      if !losses.contains(text) { losses.append(text) }
    }
    text += losses.joined()
  }

  private static let lossMark = "; loss "

  /// Without the losses, which roots alone have.
  var functionText: String {
    text.range(of: Self.lossMark).map { String(text[..<$0.lowerBound]) } ?? text
  }

  /// The file of a module of the campaign's own folder.
  private static func file(ofModule module: String, in folder: String) -> String? {
    let path = "\(folder)/\(module.replacing(".", with: "/"))"
    return ["\(path).py", "\(path)/__init__.py"].first {
      FileManager.default.isReadableFile(atPath: $0)
    }
  }

  private static func digest(ofFile path: String) throws(EarlyEnd) -> String {
    guard let handle = FileHandle(forReadingAtPath: path) else {
      throw EarlyEnd(
        .campaignWrong,
        "loading \(path): the file cannot be read; build it, or correct 'library:'")
    }
    var hash = SHA256()
    do {
      while let piece = try handle.read(upToCount: 1 << 20), !piece.isEmpty {
        hash.update(data: piece)
      }
    } catch {
      throw EarlyEnd(.campaignWrong, "reading \(path): \(error)")
    }
    return hexadecimal(hash.finalize())
  }

  /// Two digits a byte.
  static func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }
}
