import Testing

/// The rules of the house, held against the repository as it is. Each failure names file and line.
@Suite struct HouseTests {
  @Test func modulesImportWhatTheTableAllows() throws {
    let document = try #require(SourceTree.text("docs/architecture.md"))
    let rule = try #require(ImportRule(document: document))
    expectNone(SourceTree.swiftFiles(in: "Sources").flatMap(rule.violations))
  }

  @Test func sizes() {
    let sources = SourceTree.swiftFiles(in: "Sources", "Tests", "benchmarks", "examples")
    #expect(sources.count > 10)
    expectNone(sources.flatMap(SizeRule.violations), except: Exemptions.sizes)
  }

  @Test func namesKeepToTheGlossary() throws {
    let glossary = try #require(SourceTree.text("docs/glossary.md"))
    let rule = try #require(WordRule(glossary: glossary))
    expectNone(
      SourceTree.swiftFiles(in: "Sources").flatMap(rule.violations), except: Exemptions.words)
  }

  @Test func nothingIsLeftOver() {
    expectNone(
      SourceTree.files.flatMap { path in
        SourceTree.text(path).map { WordRule.marks(in: path, text: $0) } ?? []
      })
    expectNone(SourceTree.swiftFiles(in: "Sources", "Tests").flatMap(WordRule.shortcuts))
  }

  @Test func pureModulesArePure() {
    let sources = SourceTree.swiftFiles(in: "Sources")
      .filter { PurityRule.modules.contains($0.module ?? "") }
    let types = Dictionary(grouping: sources) { $0.path.prefix { !"+.".contains($0) } }
    expectNone(types.values.flatMap(PurityRule.violations))
  }

  @Test func placesAreNotNamed() {
    expectNone(
      SourceTree.files.flatMap { path in
        SourceTree.text(path).map { PlaceRule.violations(in: path, text: $0) } ?? []
      })
  }

  @Test func linksLeadSomewhere() {
    let files = Set(SourceTree.files)
    expectNone(
      SourceTree.files.filter { $0.hasSuffix(".md") }.flatMap { path in
        LinkRule.violations(in: path, text: SourceTree.text(path) ?? "", files: files)
      })
  }

  private func expectNone(
    _ violations: [Violation], except exemptions: [Exemption] = [],
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let left = violations.excepting(exemptions)
    let text = left.map(\.description).sorted().joined(separator: "\n")
    #expect(left.isEmpty, "\(text)", sourceLocation: sourceLocation)
  }
}
