import Crypto
import Delegation
import Evaluators
import Foundation

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
    case .builtin(let name, let settings):
      text =
        (["builtin \(name)"] + settings.map { "\($0.key) \($0.values.joined(separator: " "))" })
        .joined(separator: ", ")
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
