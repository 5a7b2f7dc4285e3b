import AdaptiveCore
import Delegation
import Testing

/// Conversations of whole small trees, kept as text files beside this one.
@Suite struct TranscriptTests {
  private func plan(
    _ goals: [Goal], retries: Int = 1, grace: TimeSpan = .milliseconds(100),
    failureLimit: FailureLimit = .inRow(10)
  ) -> RootMachine.Plan {
    RootMachine.Plan(
      learners: goals.map { RootMachine.LearnerPlan(dimension: 1, goal: $0) }, retries: retries,
      grace: grace, failureLimit: failureLimit, elapsedBefore: .zero)
  }

  private let two = Topology(rankCount: 2, ranksPerNode: 2)
  private let three = Topology(rankCount: 3, ranksPerNode: 3)
  private let five = Topology(rankCount: 5, ranksPerNode: 5)

  @Test("start-up of a small tree, and the way to its goal") func startUp() throws {
    var tree = MachineTree(five, plan([.npoints(5)]))
    tree.start()
    tree.run()
    try Transcript(name: "start-up").check(tree.lines)
  }

  @Test("one point's journey through root, sub-master and leaf") func journey() throws {
    var tree = MachineTree(three, plan([.npoints(1)]))
    tree.start()
    tree.run()
    try Transcript(name: "journey").check(tree.lines)
  }

  @Test("a failure is tried again, and given up after its last attempt") func failures() throws {
    var tree = MachineTree(two, plan([.npoints(2)]))
    var tries = 0
    tree.function = { x in
      tries += 1
      // 0 fails once, 1 always.
      return x == 1 || x == 0 && tries == 1
        ? .failure("singular at \(x)", seconds: 0.001) : .value(x, seconds: 0.001)
    }
    tree.start()
    tree.run()
    try Transcript(name: "failures").check(tree.lines)
  }

  @Test("answers that are late, repeated or unknown are dropped") func strayAnswers() throws {
    var tree = MachineTree(two, plan([.npoints(100)]))
    tree.function = { _ in .never }
    tree.start()
    tree.run(until: .microseconds(50))
    func answer(_ slot: UInt32, use: UInt32, attempt: UInt32, isFailure: Bool = false)
      -> MachineTree.Event
    {
      var batch = ResultBatch()
      batch.entries.append(
        ResultBatch.Entry(
          id: PointID(slot: slot, root: 0, use: use), attempt: Attempt(attempt), leaf: Rank(1),
          seconds: 1,
          valueCount: isFailure ? -1 : 1))
      if isFailure {
        batch.failures.append(Failure(.raised, "no"))
      } else {
        batch.values.append(4)
      }
      return .root(.resultsArrived(from: Rank(1), batch, Upward(window: 5, stamp: .origin)))
    }
    tree.remark("the only point fails, and is tried again beside four more")
    tree.happen(to: Rank(0), answer(0, use: 1, attempt: 1, isFailure: true))
    tree.remark("a late answer to its first attempt")
    tree.happen(to: Rank(0), answer(0, use: 1, attempt: 1))
    tree.remark("the answer to its second attempt, and the same once more")
    tree.happen(to: Rank(0), answer(0, use: 1, attempt: 2))
    tree.happen(to: Rank(0), answer(0, use: 1, attempt: 2))
    tree.remark("an answer to a point that nobody asked for")
    tree.happen(to: Rank(0), answer(77, use: 1, attempt: 1))
    try Transcript(name: "stray-answers").check(tree.lines)
  }

  @Test("a stop while a point runs: it may finish within the grace") func graceSuffices() throws {
    var tree = MachineTree(three, plan([.npoints(100)]))
    tree.function = { x in .value(x, seconds: 0.08) }
    tree.start()
    tree.run(until: .milliseconds(120))
    tree.happen(to: Rank(2), .leaf(.stopRequested(.signal)))
    tree.run()
    try Transcript(name: "stop-within-grace").check(tree.lines)
  }

  @Test("a stop while a point runs longer than the grace") func graceEnds() throws {
    var tree = MachineTree(three, plan([.npoints(100)]))
    tree.function = { x in x == 0 ? .value(x, seconds: 0.01) : .never }
    tree.start()
    tree.run(until: .milliseconds(40))
    tree.happen(to: Rank(0), .root(.stopRequested(.walltime)))
    tree.happen(to: Rank(0), .root(.stopRequested(.signal)))
    tree.run()
    try Transcript(name: "stop-after-grace").check(tree.lines)
  }

  @Test("pending points of an earlier world go out before new ones") func pendingFirst() throws {
    var tree = MachineTree(two, plan([.npoints(4), .npoints(1)]))
    tree.start(pending: [0.5, 0.25])
    tree.run()
    try Transcript(name: "pending-first").check(tree.lines)
  }

  @Test("a function that fails everywhere ends the world with 76") func failsEverywhere() throws {
    var tree = MachineTree(two, plan([.npoints(100)], retries: 0, failureLimit: .inRow(3)))
    tree.function = { _ in .failure("library is not licensed", seconds: 0.001) }
    tree.start()
    tree.run()
    try Transcript(name: "fails-everywhere").check(tree.lines)
  }

  @Test("a world that cannot save ends with 74") func notSaved() throws {
    var tree = MachineTree(two, plan([.npoints(1)]))
    tree.isDurable = false
    tree.start()
    tree.run()
    try Transcript(name: "not-saved").check(tree.lines)
  }

  @Test("learners that have nothing more to offer end the world, time goal or not")
  func exhausted() throws {
    let goals = [Goal.npoints(10), .any([.loss(0), .time(TimeSpan(seconds: 3600))])]
    var tree = MachineTree(two, plan(goals), supply: 1)
    tree.start()
    tree.run()
    try Transcript(name: "exhausted").check(tree.lines)
  }

  @Test("a goal that is reached already ends the world before a point is asked")
  func reachedAtStart() throws {
    var tree = MachineTree(three, plan([.npoints(0)]))
    tree.start()
    tree.run()
    try Transcript(name: "reached-at-start").check(tree.lines)
  }

  @Test("a world whose campaign was taken over ends at once, even while it drains")
  func fenced() throws {
    var tree = MachineTree(two, plan([.npoints(100)]))
    tree.function = { _ in .never }
    tree.start()
    tree.run(until: .milliseconds(1))
    tree.happen(to: Rank(0), .root(.stopRequested(.signal)))
    tree.happen(to: Rank(0), .root(.stopRequested(.fenced)))
    tree.run()
    try Transcript(name: "fenced").check(tree.lines)
  }

  @Test("a lost leaf's points are evaluated elsewhere, under the next attempt") func leafLost()
    throws
  {
    var tree = MachineTree(Topology(rankCount: 4, ranksPerNode: 4), plan([.npoints(3)]))
    tree.function = { x in .value(x, seconds: 0.04) }
    tree.start()
    tree.run(until: .milliseconds(30))
    tree.lose(Rank(2))
    tree.run()
    try Transcript(name: "leaf-lost").check(tree.lines)
  }

  @Test("with a lost sub-master are lost all points below it, and none of them for ever")
  func submasterLost() throws {
    let topology = Topology(rankCount: 5, ranksPerNode: 2)
    var tree = MachineTree(topology, plan([.npoints(4)]))
    tree.function = { x in .value(x, seconds: 0.04) }
    tree.start()
    tree.run(until: .milliseconds(30))
    tree.lose(topology.children(of: Rank(0))[0])
    tree.run()
    try Transcript(name: "sub-master-lost").check(tree.lines)
  }

  @Test("a leaf whose function hangs gives its points back and takes no more") func leafHangs()
    throws
  {
    var tree = MachineTree(Topology(rankCount: 4, ranksPerNode: 4), plan([.npoints(3)]))
    tree.function = { x in x == 0 ? .abandoned(seconds: 0.03) : .value(x, seconds: 0.01) }
    tree.start()
    tree.run()
    try Transcript(name: "leaf-hangs").check(tree.lines)
  }

  @Test("a world without a leaf ends, whoever was lost before having said a word")
  func allLost() throws {
    var tree = MachineTree(Topology(rankCount: 4, ranksPerNode: 4), plan([.npoints(3)]))
    tree.start()
    tree.lose(Rank(2))
    tree.lose(Rank(3))
    tree.run()
    try Transcript(name: "all-leaves-lost").check(tree.lines)
  }

  /// Two roots: 0 with sub-master 1 and leaf 2, 3 with sub-master 4 and leaf 5.
  private let twoRoots = Topology(rankCount: 6, ranksPerNode: 3, levels: 1, roots: 2)

  @Test("of two roots one finishes first, and its sub-master goes to the other") func moved()
    throws
  {
    var tree = MachineTree(twoRoots, plan([.npoints(1), .npoints(5)]))
    tree.function = { x in .value(x, seconds: 0.02) }
    tree.start()
    tree.run()
    try Transcript(name: "two-roots").check(tree.lines)
  }

  @Test("a stop of two roots while a sub-master is on its way between them") func stopOnTheWay()
    throws
  {
    var tree = MachineTree(twoRoots, plan([.npoints(1), .npoints(5)]))
    tree.function = { x in .value(x, seconds: 0.02) }
    tree.start()
    while !tree.lines.contains(where: { $0.contains("move to root") }) {
      let goesOn = tree.runOne()
      try #require(goesOn, "no sub-master was moved")
    }
    tree.happen(to: Rank(0), .root(.stopRequested(.walltime)))
    tree.run()
    try Transcript(name: "two-roots-stopped").check(tree.lines)
  }

  @Test("one of two roots has lost its directory: neither writes any more") func oneFenced()
    throws
  {
    var tree = MachineTree(twoRoots, plan([.npoints(100), .npoints(100)]))
    tree.function = { _ in .never }
    tree.start()
    tree.run(until: .milliseconds(50))
    tree.happen(to: Rank(3), .root(.stopRequested(.fenced)))
    tree.run()
    try Transcript(name: "two-roots-fenced").check(tree.lines)
  }

  @Test("a root that only waits for answers lends a child, which finishes what it holds")
  func twoRootsLent() throws {
    let topology = Topology(
      rankCount: 12, ranksPerNode: 6, leavesPerSubmaster: 2, levels: 1, roots: 2)
    var tree = MachineTree(topology, plan([.npoints(4), .npoints(9)]))
    // The first point of each learner takes long.
    tree.function = { .value($0, seconds: $0 == 0 ? 0.08 : 0.02) }
    tree.start()
    tree.run()
    try Transcript(name: "two-roots-lent").check(tree.lines)
  }

  @Test("a value larger than a frame goes up in pieces") func pieces() throws {
    var batch = ResultBatch()
    for (id, valueCount) in [(1, 2), (2, 10_000), (3, 1)] {
      batch.entries.append(
        ResultBatch.Entry(
          id: PointID(UInt64(id)), attempt: .first, leaf: Rank(9), seconds: 0.5,
          valueCount: valueCount))
      batch.values += (0..<valueCount).map { Double($0) }
    }
    var lines: [String] = []
    var memory = [UInt8](repeating: 0, count: Limits.frameBytesMax)
    var cursor = ResultCursor()
    var assembly = ResultBatch()
    while cursor.entry < batch.count {
      try memory.withUnsafeMutableBytes { bytes in
        var writer = ByteWriter(bytes)
        MessageCodec.write(
          batch, from: &cursor, upTo: batch.count, Upward(window: 4, stamp: .origin), to: &writer)
        var reader = ByteReader(UnsafeRawBufferPointer(rebasing: bytes[..<writer.count]))
        let kind = try MessageCodec.kind(&reader)
        if kind == .piece {
          let isWhole = try MessageCodec.readPiece(&reader, into: &assembly) != nil
          lines.append(
            "piece, \(writer.count) bytes: \(assembly.values.count) of "
              + "\(assembly.entries[0].valueCount) doubles\(isWhole ? ", whole" : "")")
          if isWhole { #expect(assembly.values == (0..<10_000).map { Double($0) }) }
        } else {
          var results = ResultBatch()
          _ = try MessageCodec.readResults(&reader, into: &results)
          lines.append("results, \(writer.count) bytes: \(results.entries.map(\.id.rawValue))")
        }
      }
    }
    try Transcript(name: "pieces").check(lines)
  }
}
