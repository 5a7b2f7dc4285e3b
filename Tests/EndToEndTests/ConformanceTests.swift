import Testing
import _TestSupport

extension EndToEndTests {
  /// The conformance program on every MPI that there is a build for.
  @Suite(.serialized) struct ConformanceTests {
    @Test(arguments: try MPILauncher.all("MPIConformance"), [1, 2, 3, 5])
    func everyCasePasses(launcher: MPILauncher, ranks: Int) throws {
      let world = try launcher.start(ranks: ranks, [])
      let outcome = world.finish(within: 150)
      #expect(outcome.exitCode == 0, "\(outcome)")
      #expect(outcome.lines.last?.hasSuffix("0 failed on \(ranks) ranks") == true, "\(outcome)")
      #expect(world.processes.isEmpty)
    }

    @Test(arguments: try MPILauncher.all("MPIConformance"))
    func abortGivesItsCode(launcher: MPILauncher) throws {
      let world = try launcher.start(ranks: 3, ["abort", "42"])
      let outcome = world.finish(within: 60)
      #expect(outcome.exitCode == 42, "\(outcome)")
    }

    @Test(arguments: try MPILauncher.all("MPIConformance"))
    func anUnfinishedRequestIsNotDroppedInSilence(launcher: MPILauncher) throws {
      let outcome = try launcher.start(ranks: 1, ["drop"]).finish(within: 60)
      #expect(outcome.exitCode != 0, "\(outcome)")
    }
  }
}
