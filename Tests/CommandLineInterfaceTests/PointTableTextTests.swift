import AdaptiveCore
import Foundation
import Learners
import NodeRuntime
import Testing
import _TestSupport

@testable import CommandLineInterface

/// What is written is read by Python's csv module.
@Suite struct PointTableTextTests {

  /// Rows as Python reads them; cells of numbers as the bits of the double.
  private func rows(_ bytes: [UInt8], numberColumns: [Int] = []) throws -> [[String]] {
    let folder = try TemporaryDirectory()
    let path = folder.path("table.csv")
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    let text = try Python.run(
      """
      import csv, json, struct, sys
      numbers = json.loads(sys.argv[2])
      def cell(i, row, text):
          return struct.pack('>d', float(text)).hex() if row and i in numbers and text else text
      with open(sys.argv[1], newline='', encoding='utf-8') as file:
          print(json.dumps([[cell(i, n, t) for i, t in enumerate(r)]
                            for n, r in enumerate(csv.reader(file, strict=True))]))
      """, path, "\(numberColumns)")
    return try JSONDecoder().decode([[String]].self, from: Data(text.utf8))
  }

  private func learner(
    _ name: String, parameters: [LearnerDefinition.Parameter], points: [(Double, [Double])],
    failed: [FailedPoint] = [], pending: [Double] = []
  ) -> SavedLearner {
    let valueCount = points.first?.1.count ?? 1
    var results = ResultLog(dimension: 1, valueCount: valueCount)
    for (index, point) in points.enumerated() {
      results.append(
        point: [point.0].span, value: point.1.span, seconds: Double(index) / 7,
        leaf: Rank(index % 5))
    }
    return SavedLearner(
      definition: LearnerDefinition(
        name: name, kind: .counting, parameters: parameters, valueCount: valueCount),
      results: results, failed: failed, pending: PointBuffer(dimension: 1, doubles: pending),
      state: LearnerSnapshot(fields: []))
  }

  private func text(_ table: PointTableText) -> [UInt8] {
    var bytes: [UInt8] = []
    table.write { piece, _ in bytes += piece }
    return bytes
  }

  @Test func anyTextReadsBackAsItWas() throws {
    let names = [
      "plain", "a,b", "\"", "\"\"", "a \"quoted\" word", "line\nfeed", "return\rhere", "\r\n",
      " edge ",
      "µ=½ 𝛼", "'", ";", "\t", "=1+1", "#",
    ]
    let learners = names.map { learner($0, parameters: [], points: [(1, [2])]) }
    let read = try rows(text(PointTableText(learners, with: [])))
    #expect(read.dropFirst().map { $0[0] } == names)
  }

  @Test func doublesReadBackBitForBit() throws {
    let seed = TestSeed()
    var generator = seed.generator()
    var numbers: [Double] = [0, -0.0, .leastNonzeroMagnitude, .greatestFiniteMagnitude, 0.1, 1e22]
    numbers += [.infinity, -.infinity]
    while numbers.count < 10_000 {
      let number = Double(bitPattern: generator.next())
      if number.isFinite { numbers.append(number) }
    }
    let points = numbers.indices.map { (numbers[$0], [numbers[numbers.count - 1 - $0]]) }
    let table = PointTableText([learner("one", parameters: [], points: points)], with: [])
    let read = try rows(text(table), numberColumns: [1, 2, 3])
    #expect(read.count == numbers.count + 1 && table.rowCount == numbers.count)
    let bits = read.dropFirst().map { $0[1...3].map { UInt64($0, radix: 16) } }
    let expected = points.enumerated().map { index, point in
      [point.0, point.1[0], Double(index) / 7].map { Optional($0.bitPattern) }
    }
    #expect(bits == expected, "\(seed)")
  }

  @Test func learnersThatDifferShareColumns() throws {
    let failed = FailedPoint(
      point: [0.5], failure: Failure(.timedOut, "no, \"never\"\nat all"), attempts: 3)
    let learners = [
      learner(
        "one", parameters: [.init(name: "a", value: 0.1), .init(name: "x0", value: 7)],
        points: [(1, [2, .nan])], failed: [failed], pending: [0.25, 0.75]),
      learner("two", parameters: [.init(name: "b", value: 4)], points: [(3, [4])]),
    ]
    let all = try rows(text(PointTableText(learners, with: [.pending, .failed])))
    #expect(
      all == [
        [
          "learner", "parameter.a", "parameter.x0", "parameter.b", "x0", "y0", "y1", "seconds",
          "leaf", "state", "attempts", "failure", "reason",
        ],
        ["one", "0.1", "7.0", "", "1.0", "2.0", "nan", "0.0", "0", "told", "", "", ""],
        [
          "one", "0.1", "7.0", "", "0.5", "", "", "", "", "failed", "3", "timed out",
          "no, \"never\"\nat all",
        ],
        ["one", "0.1", "7.0", "", "0.25", "", "", "", "", "pending", "", "", ""],
        ["one", "0.1", "7.0", "", "0.75", "", "", "", "", "pending", "", "", ""],
        ["two", "", "", "4.0", "3.0", "4.0", "", "0.0", "0", "told", "", "", ""],
      ])
    let told = try rows(text(PointTableText(learners, with: [])))
    #expect(told.map(\.count) == [9, 9, 9])
    #expect(told.dropFirst().map { $0[0] } == ["one", "two"])
  }

  @Test func piecesAreBounded() {
    let points = (0..<40_000).map { (Double($0), [Double($0)]) }
    let table = PointTableText([learner("one", parameters: [], points: points)], with: [])
    var pieces: [(bytes: Int, rows: Int)] = []
    table.write { piece, rows in pieces.append((piece.count, rows)) }
    #expect(pieces.count > 2 && pieces.last?.rows == table.rowCount)
    #expect(pieces.allSatisfy { $0.bytes < Limits.exportPieceBytes + 4096 })
  }
}
