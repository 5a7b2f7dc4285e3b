import AdaptiveCore
import Delegation
import Evaluators
import Testing
import _TestSupport

@testable import CommandLineInterface

@Suite struct LauncherTests {
  @Test(
    arguments: [
      (["OMPI_COMM_WORLD_RANK": "3", "OMPI_COMM_WORLD_SIZE": "8", "PMIX_RANK": "3"], 3, 8),
      (["PMI_RANK": "0", "PMI_SIZE": "2"], 0, 2),
      ([:], nil, nil),
      (["PMI_RANK": "x"], nil, nil),
    ] as [([String: String], Int?, Int?)])
  func ranksAreKnownFromTheEnvironment(environment: [String: String], rank: Int?, count: Int?) {
    let launcher = Launcher(environment: environment)
    #expect(launcher.rank == rank)
    #expect(launcher.rankCount == count)
    #expect(launcher.isSpeaker == ((rank ?? 0) == 0))
  }
}

@Suite struct BatchJobTests {
  @Test func theJobIsKnownFromTheEnvironment() {
    let job = BatchJob(environment: ["SLURM_JOB_ID": "12", "ADAPTIVE_MPI_PREVIOUS_WORLD": "4"])
    #expect(job.name == "slurm 12")
    #expect(job.previousWorld == WorldNumber(4))
    #expect(BatchJob(environment: ["PBS_JOBID": "7.host"]).name == "pbs 7.host")
    #expect(BatchJob(environment: [:]).name == nil)
  }
}

@Suite struct FunctionIdentityTests {
  @Test func aLibraryIsKnownByItsContentAndSymbol() throws {
    let directory = try TemporaryDirectory()
    func identity(_ content: String, symbol: String = "f") throws -> FunctionIdentity {
      let path = try directory.write(content, to: "library")
      return try FunctionIdentity(of: .library(path: path, symbol: symbol))
    }
    // The digest of "abc" is the example of FIPS 180-2, appendix B.1.
    #expect(
      try identity("abc").text == "symbol f, sha256 "
        + "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    #expect(try identity("abc") == identity("abc"))
    #expect(try identity("abc") != identity("abd"))
    #expect(try identity("abc") != identity("abc", symbol: "g"))
  }

  @Test func aLibraryThatIsNotThereIsACampaignThatIsWrong() {
    do throws(EarlyEnd) {
      _ = try FunctionIdentity(of: .library(path: "/nowhere/lib.so", symbol: "f"))
      Issue.record("no error")
    } catch {
      #expect(error.exitCode == .campaignWrong)
      #expect(error.detail.contains("/nowhere/lib.so"))
    }
  }

  @Test func aBuiltinIsKnownByItsSettings() throws {
    let settings = [BuiltinFunction.Setting("seconds", "0.01")]
    #expect(
      try FunctionIdentity(of: .builtin(name: "peak", settings: settings)).text
        == "builtin peak, seconds 0.01")
  }
}

@Suite struct CampaignFileTests {
  @Test func pathsAreRelativeToTheFile() throws {
    let directory = try TemporaryDirectory()
    let path = try directory.write(
      smallCampaign(function: "function: {library: lib.so}"), to: "c.yaml")
    let campaign = try CampaignFile(path).read()
    #expect(campaign.directory.hasSuffix("/runs/small"))
    #expect(campaign.directory == CampaignFile(path).folder + "/runs/small")
    #expect(
      campaign.function
        == .library(
          path: CampaignFile(path).folder + "/lib.so", symbol: "adaptive_mpi_function"))
  }

  @Test func aFileThatIsNotThereAndAFolderAreMissing() throws {
    let directory = try TemporaryDirectory()
    for path in [directory.path + "/nothing.yaml", directory.path] {
      do throws(EarlyEnd) {
        _ = try CampaignFile(path).read()
        Issue.record("no error for \(path)")
      } catch {
        #expect(error.exitCode == .fileMissing)
        #expect(error.detail.hasPrefix(path))
      }
    }
  }
}
