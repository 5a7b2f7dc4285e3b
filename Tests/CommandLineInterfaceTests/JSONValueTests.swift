import Testing
import _TestSupport

@testable import CommandLineInterface

/// What is written is read by Python, which shares no code with the writer.
@Suite struct JSONValueTests {
  @Test func pythonReadsTheSameNumbersBitForBit() throws {
    let seed = TestSeed()
    var generator = seed.generator()
    var numbers: [Double] = [
      0, -0.0, 1, 0.1, .leastNonzeroMagnitude, .greatestFiniteMagnitude, 1e16, 1e-7, 2e22,
    ]
    while numbers.count < 2000 {
      let number = Double(bitPattern: generator.next())
      if number.isFinite { numbers.append(number) }
    }
    let text = String(decoding: JSONValue.list(numbers.map { .number($0) }).bytes, as: UTF8.self)
    let folder = try TemporaryDirectory()
    let printed = try Python.run(
      "import json, struct, sys\n"
        + "for x in json.load(open(sys.argv[1])): print(struct.pack('>d', float(x)).hex())",
      try folder.write(text, to: "numbers.json"))
    let bits = printed.split(separator: "\n").map { UInt64($0, radix: 16) }
    #expect(bits == numbers.map(\.bitPattern), "\(seed)")
  }

  @Test func pythonReadsTheSameTexts() throws {
    let texts = [
      "", "plain", "\"quoted\" \\ back", "line\nfeed\ttab\r", "\u{0}\u{1}\u{1f}\u{7f}", "Grüße µ=½",
      "𝛼 👩‍👩‍👧", "</script>", "\u{2028}\u{FEFF}",
    ]
    let value = JSONValue.object(texts.map { .init(key: $0, value: .text($0)) })
    let folder = try TemporaryDirectory()
    let printed = try Python.run(
      "import json, sys\n"
        + "for k, v in json.load(open(sys.argv[1], encoding='utf-8')).items():\n"
        + "  assert k == v; print(v.encode().hex())",
      try folder.write(String(decoding: value.bytes, as: UTF8.self), to: "texts.json"))
    let expected = texts.map { text in
      text.utf8.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
    #expect(
      printed.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) == expected)
  }

  @Test func theFormIsOneForPeopleToo() {
    let value = JSONValue.members([
      "a": .list([]), "b": .members(["x": .integer(1), "y": .number(.nan)]),
      "c": .list([.members(["z": .bool(true)])]), "d": .text(orNull: nil), "e": .number(-.infinity),
    ])
    #expect(
      String(decoding: value.bytes, as: UTF8.self) == """
        {
          "a": [],
          "b": {"x": 1, "y": null},
          "c": [
            {"z": true}
          ],
          "d": null,
          "e": null
        }

        """)
  }
}
