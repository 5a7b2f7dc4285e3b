import Testing

@testable import CommandLineInterface

@Suite struct SpellingTests {
  // The distances of the textbook examples, and of a swap of neighbours.
  @Test(arguments: [
    ("kitten", "sitting", 3), ("", "abc", 3), ("abc", "", 3), ("same", "same", 0),
    ("bonuds", "bounds", 1), ("flaw", "lawn", 2), ("CA", "ABC", 3),
  ])
  func distances(a: String, b: String, distance: Int) {
    #expect(Spelling.distance(a, b) == distance)
  }

  @Test func aHintIsGivenOnlyForANearWord() {
    #expect(Spelling.hint(for: "bonuds", among: ["name", "bounds"]) == " (did you mean 'bounds'?)")
    #expect(Spelling.hint(for: "qqqqqq", among: ["name", "bounds"]) == "")
    #expect(Spelling.hint(for: String(repeating: "a", count: 1_000_000), among: ["a"]) == "")
  }
}
