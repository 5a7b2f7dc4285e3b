import AdaptiveCore
import Testing

@testable import CommandLineInterface
@testable import Delegation
@testable import NodeRuntime

@Suite struct NumbersTests {
  @Test(arguments: [
    (0, "0"), (999, "999"), (1000, "1 000"), (1_234_567, "1 234 567"), (-12345, "-12 345"),
    (Int.max, "9 223 372 036 854 775 807"), (Int.min, "-9 223 372 036 854 775 808"),
  ])
  func thousandsAreApart(number: Int, text: String) {
    #expect(Numbers.grouped(number) == text)
  }

  @Test(arguments: [
    (0.0, "0"), (1, "1.00"), (0.01234, "0.0123"), (0.000987, "0.000987"), (12.345, "12.3"),
    (99999, "99999"), (1e5, "1.00e+05"), (4.5e-7, "4.50e-07"), (1e-300, "1.00e-300"),
    (-0.5, "-0.500"), (.infinity, "—"), (.nan, "—"),
  ])
  func aLossHasThreeDigits(loss: Double, text: String) {
    #expect(Numbers.loss(loss) == text)
  }

  @Test(arguments: [
    (0.251, "0.25"), (8.14, "8.14"), (12.34, "12.3"), (1239.6, "1 240"), (.nan, "—"),
  ])
  func aRateIsShort(rate: Double, text: String) {
    #expect(Numbers.rate(rate) == text)
  }

  @Test(arguments: [(0.0, "0 %"), (0.974, "97 %"), (1.2, "100 %"), (-1, "0 %"), (.nan, "—")])
  func aShareIsInPercent(share: Double, text: String) {
    #expect(Numbers.percent(share) == text)
  }
}

@Suite struct ProgressLineTests {
  private func progress(points: Int, told: Int, busySeconds: Double) -> RootProgress {
    var statistics = NodeStatistics()
    statistics.leafCount = 4
    statistics.busySeconds = busySeconds
    return RootProgress(
      learners: [
        .init(name: "a", pointCount: points - 10, failedCount: 0, loss: 0.0123),
        .init(name: "b", pointCount: 10, failedCount: 2, loss: 0.001),
      ],
      counts: .init(told: told), leaves: statistics, inFlightCount: 0,
      elapsed: TimeSpan(seconds: 725), commitAge: TimeSpan(seconds: 0.42), storeTrouble: nil)
  }

  @Test func rateAndBusyShareAreOfTheTimeSinceTheLastLine() {
    let start = Instant.origin
    var line = ProgressLine(at: start)
    _ = line.line(
      progress(points: 100, told: 50, busySeconds: 8), at: start + TimeSpan(seconds: 2))
    // 5 s later: 1000 points more, and 4 leaves were busy for 15 s of 20 s.
    let text = line.line(
      progress(points: 1204, told: 1050, busySeconds: 23), at: start + TimeSpan(seconds: 7))
    #expect(
      text == " 12m 05s        1 204 points      +200/s  loss 0.0123    leaves  75 %"
        + "  saved  0.4 s ago  2 given up")
  }

  @Test func linesComeLessOftenLater() {
    let start = Instant.origin
    func at(_ seconds: Double) -> Instant { start + TimeSpan(seconds: seconds) }
    var line = ProgressLine(at: start)
    let state = progress(points: 10, told: 0, busySeconds: 0)
    #expect(!line.isDue(at: at(1)) && line.isDue(at: at(2)))
    _ = line.line(state, at: at(2))
    #expect(!line.isDue(at: at(6)) && line.isDue(at: at(7)))
    _ = line.line(state, at: at(599))
    #expect(!line.isDue(at: at(628)) && line.isDue(at: at(629)))
  }

  @Test func troubleWithSavingIsShownInstead() {
    var line = ProgressLine(at: .origin)
    var state = progress(points: 10, told: 0, busySeconds: 0)
    state.storeTrouble = "disk full"
    #expect(line.line(state, at: .origin + TimeSpan(seconds: 2)).contains("NOT SAVED: disk full"))
  }
}

@Suite struct SummaryTests {
  @Test func columnsAreAligned() {
    let lines = Summary.lines([
      .init(name: "mu=0.0", pointCount: 1112, failedCount: 0, loss: 0.00931),
      .init(name: "a longer name", pointCount: 8, failedCount: 3, loss: .infinity),
    ])
    #expect(
      lines == [
        "learner             points   failed  loss",
        "mu=0.0               1 112        0  0.00931",
        "a longer name            8        3  —",
      ])
  }

  @Test func ofManyLearnersTheWorstAreShown() {
    let lines = Summary.lines(
      (0..<1000).map {
        .init(name: "l\($0)", pointCount: 1, failedCount: 0, loss: Double($0))
      })
    #expect(lines.count == 42)
    #expect(lines[1].hasPrefix("l999 "))
    #expect(lines.last == "… and 960 more with less loss")
  }
}

@Suite struct GoalTextTests {
  @Test func goalsReadAsSentences() {
    #expect(
      Goal.any([.loss(0.01), .all([.npoints(2000), .time(TimeSpan(seconds: 7200))])]).text
        == "loss ≤ 0.01 or (2 000 points and 2h 00m of run time)")
    #expect(Goal.all([.any([.npoints(5)])]).text == "5 points")
  }
}
