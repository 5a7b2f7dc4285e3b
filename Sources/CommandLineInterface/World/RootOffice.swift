import AdaptiveCore
import CheckpointHDF5
import Delegation
import Evaluators
import Learners
import NodeRuntime

/// What the root of a world begins with and what it leaves behind, whatever carries its frames.
struct RootOffice {
  private let start: CampaignStart
  private let clock: MonotonicClock

  init(_ start: CampaignStart, clock: MonotonicClock) {
    self.start = start
    self.clock = clock
  }

  var campaign: Campaign { start.campaign }

  /// The root's driver, at the state that the checkpoint left.
  ///
  /// - Parameter coordination: nil where this is the only root.
  func driver<T: Transport & ~Copyable>(
    children: [Rank], transport: consuming T, store: consuming HDF5CheckpointStore,
    coordination: RootCoordination? = nil
  ) -> RootDriver<T, HDF5CheckpointStore, MonotonicClock> {
    let suspects = start.suspectPlaces()
    let learners = campaign.learners.enumerated().map { position, learner in
      var plan = RootMachine.LearnerPlan(
        dimension: learner.kind.dimension, goal: campaign.goal,
        isElsewhere: start.isElsewhere(LearnerIndex(position)))
      plan.evaluationSecondsBefore = start.state.evaluationSeconds(LearnerIndex(position))
      plan.suspects = suspects[LearnerIndex(position)] ?? []
      return plan
    }
    let checkpoint = campaign.checkpoint
    let commitMax = start.isCautious ? Limits.suspectCommitInterval : checkpoint.commit
    var plan = RootMachine.Plan(
      learners: learners, retries: campaign.retries, grace: checkpoint.grace,
      failureLimit: campaign.failureLimit, elapsedBefore: start.state.elapsed,
      isCoordinated: coordination != nil)
    plan.balancing = campaign.balancing
    plan.duplicatesStragglers = campaign.duplicatesStragglers
    return RootDriver(
      plan: plan,
      checkpoints: CheckpointPolicy.Plan(
        interval: checkpoint.interval,
        meanTimeBetweenFailures: checkpoint.meanTimeBetweenFailures,
        commitInterval: min(checkpoint.commit, commitMax)),
      campaign: start.state, children: children, transport: transport, store: store, clock: clock,
      coordination: coordination, caution: start.isCautious ? Limits.suspectCaution : .zero)
  }

  /// What the root looks at beside its tree.
  func watch(_ signals: RankSignals) -> RootWatch {
    RootWatch(campaign, signals: signals, status: start.openStatus(), clock: clock)
  }

  /// Says so if frames were left in the tree, which has stopped as it should when there are none.
  func complain(ofUnseen frameCount: Int) {
    guard frameCount > 0 else { return }
    Console.warn("adaptive-mpi: \(frameCount) frames had come that nobody received; please say so")
  }

  /// Writes down that the launcher ended the world, once all is durable that it told.
  func concludeAtOnce() {
    do throws(EarlyEnd) {
      try start.recordEnd(.stoppedWithMoreToDo, WorldEnd.endedByLauncher)
    } catch {
      Console.warn("adaptive-mpi: \(error.detail)")
    }
  }

  /// Writes down how the world ended and shows it: the verdict is the last line.
  func conclude(_ progress: RootProgress, _ verdict: Verdict, _ watch: RootWatch) {
    for trouble in [progress.storeTrouble, progress.snapshotTrouble].compactMap(\.self) {
      Console.warn("adaptive-mpi: saving: \(trouble)")
    }
    if verdict != .stopped(.fenced) {
      do throws(EarlyEnd) {
        try start.recordEnd(verdict.exitCode, verdict.text(progress))
      } catch {
        Console.warn("adaptive-mpi: \(error.detail)")
      }
    }
    watch.conclude(progress, verdict)
    start.announceEnd(verdict)
    let teams = campaign.conduct.team?.sizes
    for line in Summary.lines(progress, directory: campaign.directory, teams: teams) {
      Console.show(line)
    }
    Console.show("adaptive-mpi: \(verdict.text(progress))")
  }
}
