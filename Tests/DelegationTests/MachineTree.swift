import AdaptiveCore
import Delegation

/// The machines of a small tree, joined without drivers: messages take 10 µs, a save takes 1 ms,
/// and every event with its effects becomes lines of text.
struct MachineTree {
  enum Event {
    case root(RootEvent)
    case submaster(SubmasterEvent)
    case leaf(LeafEvent)
    case coordinator(CoordinatorEvent)
  }

  /// What the user's function does at a point.
  enum Answer {
    case value(Double, seconds: Double)
    case failure(String, seconds: Double)
    /// The process that evaluates it ends.
    case ended(String, seconds: Double)
    case never
    /// The function has not returned, and is given up.
    case abandoned(seconds: Double)
  }

  /// A learner that offers 0, 1, 2, … and no more than `supply` points.
  private struct Learner {
    var next = 0.0
    var supply: Int
    var pointCount = 0
  }

  private(set) var lines: [String] = []
  private(set) var now = Instant.origin
  let topology: Topology
  private var roots: [RootMachine?]
  private var coordinator: CoordinatorMachine?
  /// Whose child each rank is now.
  private var parents: [Rank?]
  private var submasters: [SubmasterMachine?]
  private var leaves: [LeafMachine?]
  private var learners: [Learner]
  private var queue: [(at: Instant, rank: Rank, event: Event)] = []
  private let valueCount: Int
  private var hasEnded: [Bool]
  /// When each rank's function has done all that it was given.
  private var isFreeAt: [Instant]

  /// Every evaluation that has begun, in order.
  private(set) var evaluations: [(point: Double, leaf: Rank)] = []

  var function: (Double) -> Answer = { .value($0 * $0, seconds: 0.001) }
  var isDurable = true

  static let hop = TimeSpan.microseconds(10)

  init(_ topology: Topology, _ plan: RootMachine.Plan, supply: Int = .max, valueCount: Int = 1) {
    self.topology = topology
    self.valueCount = valueCount
    learners = plan.learners.map { _ in Learner(supply: supply) }
    parents = (0..<topology.rankCount).map { topology.parent(of: Rank($0)) }
    roots = Array(repeating: nil, count: topology.rankCount)
    for (index, root) in topology.roots.enumerated() {
      var plan = plan
      plan.isCoordinated = topology.rootCount > 1
      plan.rootNumber = index
      for position in plan.learners.indices {
        plan.learners[position].isElsewhere = position % topology.rootCount != index
      }
      roots[root.number] = RootMachine(
        plan, children: topology.children(of: root), at: .origin)
    }
    if topology.rootCount > 1 {
      coordinator = CoordinatorMachine(
        topology.roots.map { ($0, topology.children(of: $0).count) }, grace: plan.grace)
    }
    submasters = []
    leaves = []
    for number in 0..<topology.rankCount {
      let rank = Rank(number)
      let role = topology.role(of: rank)
      submasters.append(
        role == .submaster
          ? SubmasterMachine(
            parent: topology.parent(of: rank)!, children: topology.children(of: rank),
            leafCount: topology.leafCount(under: rank),
            at: .origin) : nil)
      leaves.append(
        role == .leaf
          ? LeafMachine(
            rank: rank, parent: topology.parent(of: rank)!,
            valueCounts: plan.learners.map { _ in valueCount }, keepsWaiting: true,
            at: .origin) : nil)
    }
    hasEnded = Array(repeating: false, count: topology.rankCount)
    isFreeAt = Array(repeating: .origin, count: topology.rankCount)
  }

  // MARK: - Running

  /// Gives each root its learners with their pending points, then lets every rank begin.
  mutating func start(pending: [Double] = []) {
    for position in learners.indices {
      let points = PointBuffer(dimension: 1, doubles: position == 0 ? pending : [])
      happen(
        to: topology.roots[position % topology.rootCount],
        .root(
          .resumed(
            LearnerIndex(position), pending: points, pointCount: 0, loss: .infinity,
            supply: nil)))
    }
    for root in topology.roots { happen(to: root, .root(.started)) }
    for number in leaves.indices where leaves[number] != nil {
      happen(to: Rank(number), .leaf(.started))
    }
  }

  /// Lets events and deadlines happen until nothing is left before `end`.
  mutating func run(until end: TimeSpan = .milliseconds(900)) {
    let end = Instant.origin + end
    while runOne(until: end) {}
    now = end
  }

  /// Lets the next event or deadline happen; false if there is none before `end`.
  mutating func runOne(until end: Instant = Instant(nanoseconds: .max)) -> Bool {
    let next = queue.indices.min { queue[$0].at < queue[$1].at }
    let deadline = nextDeadline()
    if let deadline, deadline.at < next.map({ queue[$0].at }) ?? .init(nanoseconds: .max) {
      guard deadline.at <= end else { return false }
      now = max(now, deadline.at)
      happen(to: deadline.rank, deadline.event)
    } else if let next, queue[next].at <= end {
      let (at, rank, event) = queue.remove(at: next)
      now = max(now, at)
      happen(to: rank, event)
    } else {
      return false
    }
    return true
  }

  private func nextDeadline() -> (at: Instant, rank: Rank, event: Event)? {
    var next: (at: Instant, rank: Rank, event: Event)?
    for number in hasEnded.indices where !hasEnded[number] {
      var found: (Instant?, Event) = (nil, .root(.timePassed))
      if let machine = roots[number] { found = (machine.nextDeadline, .root(.timePassed)) }
      if let machine = submasters[number] {
        found = (machine.nextDeadline, .submaster(.timePassed))
      }
      if let machine = leaves[number] { found = (machine.nextDeadline, .leaf(.timePassed)) }
      if let at = found.0, at < next?.at ?? .init(nanoseconds: .max) {
        next = (at, Rank(number), found.1)
      }
    }
    return next
  }

  /// A rank ends, with all below it; its parent hears of it at once.
  mutating func lose(_ rank: Rank) {
    end(rank)
    guard let parent = parents[rank.number] else { return }
    happen(
      to: parent,
      roots[parent.number] != nil ? .root(.childLost(rank)) : .submaster(.childLost(rank)))
  }

  private mutating func end(_ rank: Rank) {
    hasEnded[rank.number] = true
    queue.removeAll { $0.rank == rank }
    for child in topology.children(of: rank) { end(child) }
  }

  /// Writes a line of explanation into the transcript.
  mutating func remark(_ text: String) { lines.append("# \(text)") }

  mutating func happen(to rank: Rank, _ event: Event) {
    guard !hasEnded[rank.number] else { return }
    let milliseconds = Double(now.nanoseconds / 1000) / 1000
    lines.append("\(milliseconds) ms, \(name(rank, event)): \(Wording.text(event))")
    switch event {
    case .root(let event):
      var effects = RootEffects()
      roots[rank.number]?.handle(event, at: now, into: &effects)
      var performed = 0
      while performed < effects.queue.count {
        perform(effects.queue[performed], of: rank, &effects)
        performed += 1
      }
    case .coordinator(let event):
      var effects: [CoordinatorEffect] = []
      coordinator?.handle(event, at: now, into: &effects)
      for effect in effects {
        write(effect: Wording.text(effect))
        if case .send(let order, let root) = effect { send(.root(.orderArrived(order)), to: root) }
      }
    case .submaster(let event):
      var effects = SubmasterEffects()
      submasters[rank.number]?.handle(event, at: now, into: &effects)
      perform(effects, of: rank)
    case .leaf(let event):
      var effects = LeafEffects()
      leaves[rank.number]?.handle(event, at: now, into: &effects)
      perform(effects, of: rank)
    }
  }

  private func name(_ rank: Rank, _ event: Event) -> String {
    if case .coordinator = event { return "coordinator" }
    return switch topology.role(of: rank) {
    case .root: topology.rootCount > 1 ? "root \(rank.number)" : "root"
    case .submaster: "sub-master \(rank.number)"
    case .leaf: "leaf \(rank.number)"
    }
  }

  private mutating func write(effect: String) { lines.append("    \(effect)") }

  private mutating func send(_ event: Event, to rank: Rank) {
    queue.append((now + Self.hop, rank, event))
  }
}

// MARK: - Effects

extension MachineTree {
  /// Performs a root's effect as its driver would; what the learner answers is handled at once.
  private mutating func perform(
    _ effect: RootEffect, of rank: Rank, _ effects: inout RootEffects
  ) {
    for line in Wording.text(effect, effects).split(separator: "\n") { write(effect: String(line)) }
    switch effect {
    case .ask(let learner, let count), .askWhileFirst(let learner, let count, _, _):
      var points = PointBuffer(dimension: 1)
      let offered = min(count, learners[learner.position].supply)
      for _ in 0..<offered {
        points.append(learners[learner.position].next)
        learners[learner.position].next += 1
      }
      learners[learner.position].supply -= offered
      write(effect: "  \(Wording.text(.root(.proposed(learner, points))))")
      roots[rank.number]?.handle(.proposed(learner, points), at: now, into: &effects)
    case .tell(let learner, let run):
      learners[learner.position].pointCount += run.count
    case .measure(let learner):
      let count = learners[learner.position].pointCount
      let event = RootEvent.measured(learner, pointCount: count, loss: 1 / Double(max(1, count)))
      write(effect: "  \(Wording.text(.root(event)))")
      roots[rank.number]?.handle(event, at: now, into: &effects)
    case .assign(let child, let entries, let coordinate, let downward):
      assign(effects.points, entries, coordinate, downward, to: child)
    case .send(let order, let child):
      sendOrder(order, to: child)
    case .report(let report):
      send(.coordinator(.reportArrived(from: rank, report)), to: Rank(0))
    case .save:
      queue.append((now + .milliseconds(1), rank, .root(.saved(isDurable))))
    case .giveUp:
      break
    case .finish:
      hasEnded[rank.number] = true
    }
  }

  private mutating func perform(_ effects: SubmasterEffects, of rank: Rank) {
    var sentResults = 0
    for effect in effects.queue {
      write(effect: Wording.text(effect, effects))
      switch effect {
      case .assign(let child, let entries, let coordinate, let downward):
        assign(effects.points, entries, coordinate, downward, to: child)
      case .send(let order, let child):
        sendOrder(order, to: child)
      case .sendResults(let parent, let end, let upward):
        sendResults(effects.results, sentResults..<end, upward, from: rank, to: parent)
        sentResults = end
      case .report(let report, let parent):
        if report == .joined { parents[rank.number] = parent }
        sendReport(report, from: rank, to: parent)
      case .finish:
        hasEnded[rank.number] = true
      }
    }
  }

  private mutating func perform(_ effects: LeafEffects, of rank: Rank) {
    var sentResults = 0
    for effect in effects.queue {
      write(effect: Wording.text(effect, effects))
      switch effect {
      case .evaluate(_, _, let coordinates, _):
        evaluate(effects.coordinates[coordinates], at: rank)
      case .sendResults(let parent, let end, let upward):
        sendResults(effects.results, sentResults..<end, upward, from: rank, to: parent)
        sentResults = end
      case .report(let report, let parent):
        if report == .joined { parents[rank.number] = parent }
        sendReport(report, from: rank, to: parent)
      case .finish:
        hasEnded[rank.number] = true
      }
    }
  }

  private mutating func evaluate(_ points: ArraySlice<Double>, at rank: Rank) {
    let begin = max(now, isFreeAt[rank.number])
    var seconds = 0.0
    var evaluated = LeafEvent.Evaluated(values: [], failures: [], secondsPerPoint: 0)
    for (index, x) in points.enumerated() {
      evaluations.append((x, rank))
      var value = 0.0
      switch function(x) {
      case .value(let found, let span):
        value = found
        seconds += span
      case .failure(let text, let span):
        evaluated.failures.append((index, Failure(.raised, text)))
        seconds += span
      case .ended(let text, let span):
        evaluated.failures.append((index, Failure(.ended, text)))
        seconds += span
      case .never:
        isFreeAt[rank.number] = Instant(nanoseconds: .max)
        return
      case .abandoned(let span):
        evaluated.failures = points.indices.enumerated().map { place, _ in
          (place, Failure(place == 0 ? .timedOut : .lost, place == 0 ? "no answer" : "not reached"))
        }
        evaluated.isAbandoned = true
        evaluated.values = Array(repeating: 0, count: points.count * valueCount)
        queue.append((begin + TimeSpan(seconds: span), rank, .leaf(.evaluated(evaluated))))
        return
      }
      evaluated.values += Array(repeating: value, count: valueCount)
    }
    evaluated.secondsPerPoint = seconds / Double(points.count)
    isFreeAt[rank.number] = begin + TimeSpan(seconds: seconds)
    queue.append((isFreeAt[rank.number], rank, .leaf(.evaluated(evaluated))))
  }

  private mutating func assign(
    _ points: PointBatch, _ entries: Range<Int>, _ coordinate: Int, _ downward: Downward,
    to rank: Rank
  ) {
    var batch = PointBatch()
    batch.entries = Array(points.entries[entries])
    batch.coordinates = Array(points.coordinates[coordinate..<coordinate + entries.count])
    send(
      leaves[rank.number] == nil
        ? .submaster(.pointsArrived(batch, downward)) : .leaf(.pointsArrived(batch, downward)),
      to: rank)
  }

  private mutating func sendOrder(_ order: Order, to rank: Rank) {
    send(
      leaves[rank.number] == nil ? .submaster(.orderArrived(order)) : .leaf(.orderArrived(order)),
      to: rank)
  }

  private mutating func sendReport(_ report: Report, from rank: Rank, to parent: Rank) {
    send(
      roots[parent.number] != nil
        ? .root(.reportArrived(from: rank, report))
        : .submaster(.reportArrived(from: rank, report)), to: parent)
  }

  private mutating func sendResults(
    _ results: ResultBatch, _ entries: Range<Int>, _ upward: Upward, from rank: Rank,
    to parent: Rank
  ) {
    var batch = ResultBatch()
    var value = 0
    var failure = 0
    for (index, entry) in results.entries.enumerated() {
      let end = value + max(0, entry.valueCount)
      if entries.contains(index) {
        batch.entries.append(entry)
        batch.values += results.values[value..<end]
        if entry.isFailure { batch.failures.append(results.failures[failure]) }
      }
      value = end
      failure += entry.isFailure ? 1 : 0
    }
    send(
      roots[parent.number] != nil
        ? .root(.resultsArrived(from: rank, batch, upward))
        : .submaster(.resultsArrived(from: rank, batch, upward)), to: parent)
  }
}
