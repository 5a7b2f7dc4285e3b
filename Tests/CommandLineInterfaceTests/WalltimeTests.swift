import AdaptiveCore
import Testing

@testable import CommandLineInterface

@Suite struct WalltimeTests {
  private func remaining(
    asked: Double? = nil, grace: Double = 30, _ environment: [String: String] = [:]
  ) -> TimeSpan? {
    Walltime.remaining(
      asked: asked.map { TimeSpan(seconds: $0) }, grace: TimeSpan(seconds: grace),
      epochSeconds: 1_000_000, environment: { environment[$0] })
  }

  @Test func withoutALimitThereIsNone() {
    #expect(remaining() == nil)
    #expect(remaining(["SLURM_JOB_END_TIME": "soon", "PBS_WALLTIME": ""]) == nil)
  }

  @Test func graceAndMarginAreKept() {
    #expect(remaining(asked: 3600) == TimeSpan(seconds: 3600 - 30 - 10))
    #expect(remaining(["SLURM_JOB_END_TIME": "1003600"]) == TimeSpan(seconds: 3600 - 40))
    #expect(remaining(["PBS_WALLTIME": "3600"]) == TimeSpan(seconds: 3600 - 40))
    #expect(remaining(["PBS_WALLTIME": "01:00:00"]) == TimeSpan(seconds: 3600 - 40))
  }

  @Test func theOptionComesBeforeTheBatchSystem() {
    #expect(remaining(asked: 100, ["SLURM_JOB_END_TIME": "1003600"]) == TimeSpan(seconds: 60))
  }

  @Test func aShortWorldKeepsHalfOfItsTime() {
    #expect(remaining(asked: 20) == TimeSpan(seconds: 10))
    #expect(remaining(["SLURM_JOB_END_TIME": "999000"]) == TimeSpan(seconds: 0))
  }
}
