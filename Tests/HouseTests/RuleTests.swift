import Testing

private func source(_ text: String, path: String = "Sources/Delegation/File.swift") -> SourceText {
  SourceText(path: path, text: text)
}

@Suite struct SourceTextTests {
  @Test(arguments: [
    ("a // b", "a     "),
    ("a /* b /* c */ d */ e", "a                   e"),
    (#"f("{") + 1"#, "f(   ) + 1"),
    (#"f("\"{") {"#, "f(     ) {"),
    (##"f(#"\"{"#) {"##, "f(       ) {"),
    (#"f("\(g(x))")"#, "f(   g(x)  )"),
    (#"f("\(g("{"))}")"#, "f(   g(   )   )"),
    ("x = \"\"\"\n  { \"q\" \\\n  \"\"\" + 1", "x =    \n         \n      + 1"),
  ])
  func commentsAndStringsAreBlank(text: String, code: String) {
    #expect(source(text).code.joined(separator: "\n") == code)
  }

  @Test func theModuleIsTheFolderUnderSources() {
    #expect(source("", path: "Sources/MPI/Inner/File.swift").module == "MPI")
    #expect(source("", path: "Tests/MPITests/File.swift").module == nil)
  }
}

@Suite struct ImportRuleTests {
  let document = """
    text
    | module | own modules | outside |
    |---|---|---|
    | CMPI, CHDF5 | – | – |
    | Delegation | AdaptiveCore | Glibc (clock, Signals) |

    | Delegation | MPI | – |
    """

  @Test func onlyWhatTheTableNames() throws {
    let rule = try #require(ImportRule(document: document))
    let lines = [
      "import AdaptiveCore", "package import Glibc", "@_spi(X) public import MPI",
      "@preconcurrency import Signals", "// import Yams", "let text = \"\"\"", "import Yams",
      "\"\"\"", "internal import struct Foundation.Date",
    ]
    let found = rule.violations(in: source(lines.joined(separator: "\n")))
    #expect(found.map(\.line) == [3, 4, 9])
    #expect(found.last?.message == "Delegation may not import Foundation")
  }

  @Test func aModuleThatIsNotInTheTable() throws {
    let rule = try #require(ImportRule(document: document))
    #expect(rule.violations(in: source("", path: "Sources/New/File.swift")).count == 1)
    #expect(rule.violations(in: source("import MPI", path: "Sources/CMPI/F.swift")).count == 1)
  }

  @Test func aDocumentWithoutTheTable() { #expect(ImportRule(document: "| a | b |") == nil) }
}

@Suite struct SizeRuleTests {
  @Test func aFunctionIsCountedFromItsKeywordToItsBrace() {
    let text = """
      struct Thing {
        init(a: Int) { self.a = a }
        func first<T>(_ x: T = { 1 }()) throws(E) -> [T]
        where T: Sendable {
          if true { print("}") } // }
        }
        subscript(i: Int) -> Int { i }
        deinit {
        }
      }
      protocol Asking {
        func ask(_ count: Int) -> Int
        init(x: Int)
        var x: Int { get }
      }
      func last() { Thing.init(a: 1); self.init(b) }
      """
    #expect(
      SizeRule.functions(in: source(text)) == [
        .init(name: "init", line: 2, lineCount: 1), .init(name: "first", line: 3, lineCount: 4),
        .init(name: "subscript", line: 7, lineCount: 1),
        .init(name: "deinit", line: 8, lineCount: 2),
        .init(name: "last", line: 16, lineCount: 1),
      ])
  }

  @Test func longFunctions() {
    func function(lines: Int) -> String {
      "func f() {\n" + String(repeating: "  g()\n", count: lines - 2) + "}\n"
    }
    #expect(SizeRule.violations(in: source(function(lines: 70))).isEmpty)
    #expect(
      SizeRule.violations(in: source(function(lines: 71))).map(\.message) == ["f has 71 lines"])
  }

  @Test func longFilesAndLines() {
    func file(lines: Int) -> SourceText { source(String(repeating: "let a = 1\n", count: lines)) }
    #expect(SizeRule.violations(in: file(lines: 400)).isEmpty)
    #expect(SizeRule.violations(in: file(lines: 401)).map(\.message) == ["file of 401 lines"])
    #expect(SizeRule.violations(in: file(lines: 801)).first?.message.contains("any limit") == true)
    let wide = source(String(repeating: "a", count: 101) + "\n")
    #expect(SizeRule.violations(in: wide).map(\.message) == ["line of 101 columns"])
  }
}

@Suite struct WordRuleTests {
  let glossary = """
    | word | meaning | not |
    |---|---|---|
    | rank | as in MPI | node id, channel |
    | failure | what | sample, error (for a failure) |
    | goal | when | – |
    """

  @Test func wordsOfAName() {
    #expect(WordRule.words(of: "HDF5FileReader+Next") == ["hdf5", "file", "reader", "next"])
    #expect(WordRule.words(of: "nextMPIRank") == ["next", "mpi", "rank"])
    #expect(WordRule.words(of: "node_id") == ["node", "id"])
  }

  @Test func bannedNames() throws {
    let rule = try #require(WordRule(glossary: glossary))
    #expect(rule.bannedWord(in: "nodeID") == "node id")
    #expect(rule.bannedWord(in: "ChannelTable") == "channel")
    #expect(rule.bannedWord(in: "AMPITransport") == "ampi")
    #expect(rule.bannedWord(in: "AMPI") == "ampi")
    #expect(rule.bannedWord(in: "StringUtils") == "utils")
    for name in ["MPIError", "nodeCount", "channeling", "Sampling", "Rank"] {
      #expect(rule.bannedWord(in: name) == nil)
    }
  }

  @Test func namesOfTypesFunctionsAndFiles() throws {
    let rule = try #require(WordRule(glossary: glossary))
    let text = """
      struct ChannelTable { let channel = 1 }
      func sample() { use(channel) }
      """
    let found = rule.violations(in: source(text, path: "Sources/MPI/CommonTypes.swift"))
    #expect(found.map(\.line) == [0, 1, 2])
  }

  @Test func marksAndShortcuts() {
    let mark = "// TO" + "DO later"
    #expect(WordRule.marks(in: "a.c", text: "int a;\n\(mark)\n").map(\.line) == [2])
    let text = "let a = try! f()\nlet b = c as! D\n// try! that\nlet e = try? f()"
    #expect(WordRule.shortcuts(in: source(text)).map(\.line) == [1, 2])
  }
}

@Suite struct PurityRuleTests {
  @Test func whatPureModulesDoNotKnow() {
    let text = """
      import Foundation
      func f() async { await g() }
      let now = Date()
      let a = Int.random(in: 0..<3)
      let b = Int.random(in: 0..<3, using: &source)
      // Task
      """
    #expect(PurityRule.violations(in: [source(text)]).map(\.line) == [1, 2, 2, 3, 4])
  }

  @Test func hashedCollectionsAreNotIterated() {
    let declarations = """
      var ranks: Set<Int> = []
      let table: [Int: String]
      var other = [Int: Double]()
      let list: [Int] = []
      var pairs: [(x: Double, slot: Int)] = []
      func f(_ lookup: [Int: Int]) {}
      """
    #expect(
      PurityRule.hashedNames(in: source(declarations)) == ["ranks", "table", "other", "lookup"])
    let uses = """
      for rank in ranks { }
      for (a, b) in table where a > 1 { }
      for x in list { }
      for key in other.keys { }
      let v = table.values.sorted()
      let w = self.ranks.map { $0 }
      if ranks.contains(1), table[1] != nil, list.map({ $0 }).isEmpty { }
      let found = points.table.map { $0 }
      """
    let found = PurityRule.violations(in: [source(declarations), source(uses, path: "b")])
    #expect(found.map(\.line) == [1, 2, 4, 5, 6])
  }
}

@Suite struct PlaceRuleTests {
  @Test func registriesAndLocalPlaces() {
    let text = "see pypi" + ".org\nfine\n/" + "work/main\n"
    #expect(PlaceRule.violations(in: "README.md", text: text).map(\.line) == [1, 3])
    #expect(PlaceRule.violations(in: "Package.swift", text: "github" + ".com/apple").isEmpty)
  }

  @Test func linksWithoutAFile() {
    let files: Set = ["docs/a.md", "README.md", "src/b/c.txt"]
    let text = """
      [a](a.md#part) [up](../README.md) [folder](../src/b)
      [gone](b.md) [web](https://x.y) [here](#part)
      """
    #expect(LinkRule.violations(in: "docs/a.md", text: text, files: files).map(\.line) == [2])
  }
}

@Suite struct ExemptionTests {
  @Test func anExemptionCoversAndMustBeNeeded() {
    let violations = [Violation(path: "a", line: 1, message: "x is named y")]
    let covering = Exemption(path: "a", message: "named y", reason: "because")
    let idle = Exemption(path: "b", message: "named y", reason: "because")
    #expect(violations.excepting([covering]).isEmpty)
    #expect(violations.excepting([covering, idle]).map(\.path) == ["b"])
    #expect(violations.excepting([]).count == 1)
  }
}
