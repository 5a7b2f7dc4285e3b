import Foundation
import Glibc
import Testing
import _TestSupport

@Suite struct RunningProcessTests {
  @Test func outputAndCodeOfAShortProcess() throws {
    let process = try RunningProcess(["sh", "-c", "echo one; echo two >&2; exit 3"])
    let outcome = process.finish(within: 30)
    #expect(outcome.exitCode == 3)
    #expect(outcome.standardOutput == "one\n")
    #expect(outcome.standardError == "two\n")
    #expect(outcome.lines == ["one"])
    #expect(!outcome.timedOut)
  }

  @Test func moreOutputThanAPipeHolds() throws {
    let process = try RunningProcess(["sh", "-c", "head -c 300000 /dev/zero | tr '\\0' x"])
    #expect(process.finish(within: 30).standardOutput.utf8.count == 300_000)
  }

  @Test func standardInputIsEmpty() throws {
    #expect(try RunningProcess(["cat"]).finish(within: 30).exitCode == 0)
  }

  @Test func aSignalCountsFrom128() throws {
    let process = try RunningProcess(["sleep", "60"])
    process.send(signal: SIGKILL)
    #expect(process.finish(within: 30).exitCode == 128 + SIGKILL)
  }

  @Test func aDeafProcessIsEndedWithItsChildren() throws {
    let process = try RunningProcess(
      ["sh", "-c", "trap '' TERM; sleep 60 & echo ready; while :; do wait; done"])
    try wait(for: "the shell", until: { process.standardOutput == "ready\n" })
    let before = process.processes
    #expect(before.count == 2)
    let outcome = process.finish(within: 0.1)
    #expect(outcome.timedOut)
    #expect(outcome.exitCode == 128 + SIGKILL)
    #expect(process.processes.isEmpty)
    #expect(before.allSatisfy { !$0.isAlive })
  }

  @Test func orphansBelongToTheRun() throws {
    let process = try RunningProcess(["sh", "-c", "sleep 60 & exit 0"])
    #expect(process.finish(within: 30).exitCode == 0)
    let orphans = process.processes
    #expect(orphans.map(\.executableName) == ["sleep"])
    process.endAll()
    #expect(orphans.allSatisfy { !$0.isAlive })
  }

  @Test func environmentIsAddedAndRemoved() throws {
    let process = try RunningProcess(
      ["sh", "-c", "echo $GIVEN; echo ${HOME-unset}"], environment: ["GIVEN": "1", "HOME": nil])
    #expect(process.finish(within: 30).lines == ["1", "unset"])
  }

  @Test func mpiVariablesAroundTheTestAreNotInherited() throws {
    setenv("OMPI_COMM_WORLD_RANK", "7", 1)
    defer { unsetenv("OMPI_COMM_WORLD_RANK") }
    let process = try RunningProcess(["sh", "-c", "echo ${OMPI_COMM_WORLD_RANK-unset}"])
    #expect(process.finish(within: 30).lines == ["unset"])
  }
}

@Suite struct ProcessTableTests {
  @Test func thisProcessIsAlive() throws {
    let entry = try #require(ProcessEntry(pid: getpid()))
    #expect(entry.isAlive)
    #expect(ProcessTable.all().contains(entry))
    #expect(entry.commandLine.contains("Tests"))
  }

  @Test func theDeadAreNotListed() throws {
    let process = try RunningProcess(["sleep", "60"])
    let entry = try #require(ProcessEntry(pid: process.pid))
    entry.send(signal: SIGKILL)
    _ = process.finish(within: 30)
    #expect(!entry.isAlive)
    #expect(!ProcessTable.all().contains(entry))
  }

  @Test func rankComesFromEitherMPI() throws {
    let openMPI = try RunningProcess(["sleep", "60"], environment: ["OMPI_COMM_WORLD_RANK": "3"])
    let mpich = try RunningProcess(["sleep", "60"], environment: ["PMI_RANK": "4"])
    try wait(for: "both to run sleep") {
      (openMPI.processes + mpich.processes).map(\.executableName) == ["sleep", "sleep"]
    }
    #expect(openMPI.processes.map(\.rank) == [3])
    #expect(mpich.processes.map(\.rank) == [4])
  }
}

@Suite struct SmallThingsTests {
  @Test func theTemporaryDirectoryGoesWithItsOwner() throws {
    var directory: TemporaryDirectory? = try TemporaryDirectory()
    let path = try #require(directory).write("text", to: "inner/file")
    #expect(directory?.read("inner/file") == "text")
    directory = nil
    #expect(!FileManager.default.fileExists(atPath: path))
  }

  @Test func oneSeedGivesTheSameNumbers() {
    var first = TestSeed(5).generator(stream: 1)
    var second = TestSeed(5).generator(stream: 1)
    var other = TestSeed(5).generator(stream: 2)
    let numbers = (0..<4).map { _ in first.next() }
    #expect(numbers == (0..<4).map { _ in second.next() })
    #expect(numbers != (0..<4).map { _ in other.next() })
  }

  @Test func waitingEndsWithTheSubject() {
    #expect(throws: WaitingTimedOut.self) { try wait(for: "never", seconds: 0.01) { false } }
  }

  @Test func aPythonWithH5pyIsFound() throws {
    let python = try Programs.pythonWithH5py()
    let probe = try RunningProcess([python, "-c", "import h5py; print(h5py.version.hdf5_version)"])
    #expect(probe.finish(within: 60).exitCode == 0)
  }

  @Test func theRepositoryIsFound() {
    let manifest = Programs.repository.appendingPathComponent("Package.swift").path
    #expect(FileManager.default.fileExists(atPath: manifest))
  }
}
