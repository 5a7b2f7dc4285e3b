import Evaluators
import Testing

@Suite struct PluginLibraryTests {
  @Test func theDefaultSymbolIsFound() throws {
    let path = try Compiler.function("sums")
    let library = try PluginLibrary(path: path)
    #expect(library.symbol == "adaptive_mpi_function")
    #expect(library.path == path)
  }

  @Test func aMissingSymbolSaysNameAndFile() throws {
    let path = try Compiler.function("other_symbol")
    let error = #expect(throws: FunctionError.self) { try PluginLibrary(path: path) }
    #expect(error?.code == .symbolMissing)
    #expect("\(try #require(error))".contains("'adaptive_mpi_function' in \(path)"))
    #expect(throws: Never.self) { try PluginLibrary(path: path, symbol: "other") }
  }

  @Test func anotherVersionSaysWhatIsFoundAndAllowed() throws {
    let path = try Compiler.function("wrong_version")
    let error = #expect(throws: FunctionError.self) { try PluginLibrary(path: path) }
    #expect(error?.code == .versionUnknown)
    #expect("\(try #require(error))".contains("found version 99, allowed is version 1"))
  }

  @Test func aLibraryWithoutAVersionIsRefusedBeforeItIsCalled() throws {
    let path = try Compiler.function("no_version")
    let error = #expect(throws: FunctionError.self) { try PluginLibrary(path: path) }
    #expect(error?.code == .versionUnknown)
    #expect("\(try #require(error))".contains("found no 'adaptive_mpi_interface_version'"))
  }

  @Test func aMissingFileSaysItsPath() throws {
    let error = #expect(throws: FunctionError.self) {
      try PluginLibrary(path: "/nowhere/libabsent.so")
    }
    #expect(error?.code == .libraryMissing)
    #expect("\(try #require(error))".contains("loading /nowhere/libabsent.so"))
  }

  @Test func aRelativePathIsRefused() {
    let error = #expect(throws: FunctionError.self) { try PluginLibrary(path: "libm.so.6") }
    #expect(error?.code == .libraryMissing)
  }

  @Test func whatIsNoLibraryIsRefused() throws {
    let error = #expect(throws: FunctionError.self) { try PluginLibrary(path: #filePath) }
    #expect(error?.code == .libraryUnloadable)
    #expect(error?.cause?.isEmpty == false)
  }

  @Test func whatTheLibraryLacksIsNamedAtLoad() throws {
    let path = try Compiler.function("unresolved")
    let error = #expect(throws: FunctionError.self) { try PluginLibrary(path: path) }
    #expect(error?.code == .libraryUnloadable)
    #expect(error?.cause?.contains("from_nowhere") == true)
  }
}
