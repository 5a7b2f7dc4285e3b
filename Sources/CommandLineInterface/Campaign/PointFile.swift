import Delegation
import Foundation

/// A file of points, one a row: comma-separated text, or an array as numpy saves it.
struct PointFile {
  private let path: String

  /// - Parameter path: ends in `.npy` for an array; anything else is text.
  init(_ path: String) { self.path = path }

  /// - Parameter node: where the campaign file names the file, for errors.
  func rows(at node: CampaignNode) throws(EarlyEnd) -> [[Double]] {
    let data: Data
    do {
      data = try Data(contentsOf: URL(fileURLWithPath: path))
    } catch {
      throw EarlyEnd(.fileMissing, "\(node.place): \(node.path): cannot read \(path): \(error)")
    }
    return path.hasSuffix(".npy") ? try array(data, at: node) : try text(data, at: node)
  }

  /// Lines of numbers between commas or spaces. A first line without numbers is a heading; what
  /// follows `#` is skipped.
  private func text(_ data: Data, at node: CampaignNode) throws(EarlyEnd) -> [[Double]] {
    var rows: [[Double]] = []
    let lines = String(decoding: data, as: UTF8.self).split(
      omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    for (index, line) in lines.enumerated() {
      let fields = line.prefix { $0 != "#" }.split { $0 == "," || $0 == ";" || $0.isWhitespace }
      guard !fields.isEmpty else { continue }
      let numbers = fields.compactMap { Double($0) }.filter(\.isFinite)
      if numbers.count == fields.count {
        rows.append(numbers)
      } else if !rows.isEmpty || !numbers.isEmpty {
        throw node.refused(
          "'\(String(line).shortened)' in line \(index + 1) of \(path)",
          allowed: "finite numbers between commas, below one heading at most")
      }
    }
    return rows
  }

  /// The format of numpy's documentation (numpy.lib.format), versions 1 and 2: doubles, little
  /// endian, row by row, in one or two dimensions.
  private func array(_ data: Data, at node: CampaignNode) throws(EarlyEnd) -> [[Double]] {
    let bytes = [UInt8](data)
    let allowed = "a .npy file of float64 ('<f8') in C order, of one or two dimensions"
    let isLong = bytes.count > 12 && bytes[6] >= 2
    let start = isLong ? 12 : 10
    guard bytes.count >= start, bytes.prefix(6) == [0x93, 78, 85, 77, 80, 89] else {
      throw node.refused(path, allowed: allowed)
    }
    let length = (8..<start).reversed().reduce(0) { $0 << 8 | Int(bytes[$1]) }
    guard length <= bytes.count - start else { throw node.refused(path, allowed: allowed) }
    let header = String(decoding: bytes[start..<start + length], as: UTF8.self)
    guard header.contains("'<f8'"), header.contains("'fortran_order': False"),
      let opening = header.lastIndex(of: "("), let closing = header.lastIndex(of: ")"),
      opening < closing
    else { throw node.refused("\(path) with \(header.shortened)", allowed: allowed) }
    let shape = header[header.index(after: opening)..<closing].split(separator: ",").compactMap {
      Int($0.trimmingCharacters(in: .whitespaces))
    }
    let columns = shape.count == 2 ? shape[1] : 1
    let body = bytes[(start + length)...]
    let (count, overflows) = (shape.first ?? 0).multipliedReportingOverflow(by: columns)
    guard (1...2).contains(shape.count), columns > 0, !overflows, count >= 0,
      body.count.isMultiple(of: 8), body.count / 8 == count
    else { throw node.refused("\(path) of shape \(shape)", allowed: allowed) }
    let numbers = (0..<count).map { index in
      Double(
        bitPattern: (0..<8).reversed().reduce(UInt64(0)) {
          $0 << 8 | UInt64(body[body.startIndex + index * 8 + $1])
        })
    }
    return stride(from: 0, to: count, by: columns).map { Array(numbers[$0..<$0 + columns]) }
  }
}
