import AdaptiveCore
import CheckpointHDF5
import Testing

@testable import CommandLineInterface

@Suite struct StatusTableTests {
  private func run(
    _ fate: RunObservation.Fate, source: RunObservation.Source = .status, age: Double = 1
  ) -> RunObservation {
    let learners = [
      StatusDocument.Learner(
        index: 0, name: "mu=0.0", points: 1112, perSecond: 12.4, failed: 0, loss: 0.00931,
        shareOfGoal: 0.996),
      StatusDocument.Learner(
        index: 1, name: "a longer name", points: 8, perSecond: nil, failed: 3, loss: nil,
        shareOfGoal: nil),
    ]
    let document = StatusDocument(
      campaign: .init(name: "wire", id: "00", goal: "1 000 points"),
      world: .init(
        number: 3, host: "node17", pid: 1, job: "slurm 4711", ranks: 6, started: 1_795_563_612),
      state: .running, updated: 2e9, updateIntervalSeconds: 2, elapsedSeconds: 725,
      shareOfGoal: 0.996, loss: nil,
      points: .init(
        total: 1120, told: 120, perSecond: 12.4, inFlight: 5, dropped: 1, attempts: 125),
      leaves: .init(count: 4, evaluating: 3, busyShare: 0.97, isolated: 3, restarts: 2),
      failures: .init(
        retried: 2, givenUp: 3,
        reasons: [.init(kind: "raised", text: "no\nconvergence\u{1b}[2J", count: 2)],
        otherReasons: 1, attemptReasons: [.init(kind: "timed out", text: "slow", count: 4)],
        otherAttempts: 0), saving: .init(commitAgeSeconds: 0.4, trouble: nil), learnerCount: 2,
      learners: learners, end: nil)
    return RunObservation(
      directory: "runs/wire", document: document, source: source, fate: fate,
      worldNumber: WorldNumber(3), endBefore: nil, seenAt: 2e9 + age, remarks: [])
  }

  @Test func aRunningWorld() {
    #expect(
      StatusTable.lines(run(.living("its process runs"))) == [
        "campaign   wire: 1 000 points",
        "world      3, running in slurm 4711 on node17 with 6 ranks, since 2026-11-24T23:40:12Z",
        "goal       ███████████████████░  99 %",
        "points     1 120, of them 120 in this world; 12.4/s; 5 in flight",
        "leaves     4, 97 % busy; 3 evaluate now",
        "function   in processes of its own on 3 of 4 leaves; 2 of its processes started again",
        "attempts   125 in this world; 1 answer dropped",
        "           4 × timed out: slow",
        "failures   2 tried again, 3 given up",
        "           2 × raised: no convergence [2J",
        "           1 for other reasons",
        "time       12m 05s, all worlds together",
        "saved      1.4 s ago",
        "directory  runs/wire",
        "",
        "learner             points        rate   failed       loss  goal",
        "mu=0.0               1 112      12.4/s        0    0.00931  █████████░  99 %",
        "a longer name            8           —        3          —  —",
      ])
  }

  private func text(_ run: RunObservation) -> String {
    StatusTable.lines(run).joined(separator: "\n")
  }

  @Test func whatIsStaleIsCalledStale() {
    let stalled = run(.living("its process runs"), age: 100)
    #expect(stalled.isStale && text(stalled).contains("STALE: its process runs, but the last"))
    let dead = run(.died("its process is gone from this host"))
    #expect(dead.isStale && text(dead).contains("died: its process is gone"))
    #expect(run(.silent, age: 60).isStale)
    #expect(!run(.living("its process runs"), age: 9).isStale && !run(.updating, age: 9).isStale)
  }

  @Test func anEndedWorldSaysWhy() throws {
    let end = try #require(
      WorldEnd(
        text: "ended utc: 2026-11-24T23:50:12Z\nexit code: 75\nreason: stopped\nfor more\n"))
    let ended = run(.ended(end), age: 1e6)
    #expect(!ended.isStale)
    #expect(
      Array(StatusTable.lines(ended)[1...4]) == [
        "world      3, ended 2026-11-24T23:50:12Z with exit code 75", "           stopped",
        "           for more",
        "           was in slurm 4711 on node17 with 6 ranks, since 2026-11-24T23:40:12Z",
      ])
  }

  @Test func troubleWithSnapshotsIsShownBesideTheJournal() {
    var state = run(.updating)
    state.document.saving.snapshotTrouble = "write run: no space"
    #expect(text(state).contains("ago; NO SNAPSHOT: write run: no space"))
  }

  @Test func troubleWithSavingIsShownInstead() {
    var state = run(.updating)
    state.document.saving.trouble = "write run: no space"
    #expect(text(state).contains("saved      NOT SAVED: write run: no space"))
  }

  @Test func theWholeIsSaidOfReachedGoalsOnly() {
    #expect(StatusTable.percent(1) == "100 %" && StatusTable.percent(1.nextDown) == "99 %")
    #expect(StatusTable.bar(1, width: 4) == "████" && StatusTable.bar(0.99, width: 4) == "███░")
  }

  @Test func ofManyLearnersTheFurthestAreShown() {
    var state = run(.updating)
    state.document.learnerCount = 5000
    state.document.learners = (0..<1000).map {
      .init(
        index: $0, name: "l\($0)", points: 1, failed: 0, shareOfGoal: 1 - Double($0) / 1000)
    }
    let lines = StatusTable.lines(state)
    #expect(lines.suffix(41).first?.hasPrefix("l999 ") == true)
    #expect(lines.last == "… and 4 960 more that are nearer to their goals")
  }
}
