/// Every bound and interval of the runtime, with the relations between them.
package enum Limits {
  /// Bytes of one frame. Open MPI and MPICH send this much eagerly over shared memory and TCP, so a
  /// result leaves while its leaf is inside the user's function; larger values go in pieces.
  package static let frameBytesMax = 32 * 1024

  /// Frames that may wait for their send to complete, per rank.
  package static let framesInFlightMax = 256

  /// Doubles in one point.
  package static let dimensionMax = 1024

  /// Doubles in one value: 64 MiB.
  package static let valueCountMax = 8 * 1024 * 1024

  /// Points in one message.
  package static let batchPointsMax = 1024

  /// UTF-8 bytes of a failure's text.
  package static let failureTextBytesMax = 512

  /// Distinct reasons of failures that are kept beside their counts.
  package static let failureReasonsMax = 8

  /// Ranks in one world.
  package static let ranksMax = 1 << 24

  /// Learners in one campaign.
  package static let learnersMax = 1 << 20

  /// Shards of a campaign: one a learner up to this many.
  package static let shardsMax = 64

  /// A point this long or longer is evaluated on a thread of its own, so that MPI keeps moving.
  package static let inlineEvaluation = TimeSpan.milliseconds(10)

  /// The stack of the thread that the user's function runs on: Fortran keeps automatic arrays
  /// there, and the system's default is only 2 MiB where `ulimit -s` says unlimited. It is
  /// reserved, not used.
  package static let evaluatorStackBytes = 64 * 1024 * 1024

  /// A finished result waits for company before it is sent up: for this share of the time that a
  /// point takes, within these bounds.
  package static let resultDelayShare = 1.0 / 16
  package static let resultDelayMin = TimeSpan.milliseconds(20)
  package static let resultDelayMax = TimeSpan.milliseconds(500)

  /// Points that a sub-master holds only to send their results up together: more would hardly spare
  /// its parent anything.
  package static let gatheredMax = 64

  /// No round trip between child and parent is believed to take longer: no network does.
  package static let roundTripMax = TimeSpan.milliseconds(20)

  /// Short points are evaluated together for this long before their results are sent.
  package static let evaluationSlice = TimeSpan.milliseconds(1)

  /// Between two reports of what a node did.
  package static let statisticsInterval = TimeSpan.milliseconds(1000)

  /// Pauses of a loop that finds nothing to do: from the first to the last, doubling.
  package static let idlePauseMin = TimeSpan.microseconds(50)
  package static let idlePauseMax = TimeSpan.milliseconds(5)

  /// The last pause of a loop that is rung for whatever comes: parent and children are on its node.
  package static let rungPauseMax = TimeSpan.milliseconds(50)

  /// How long a loop with a core to itself goes on looking before it sleeps.
  package static let spinMax = TimeSpan.milliseconds(2)

  /// Between two group commits of the journal.
  package static let commitInterval = TimeSpan.milliseconds(1000)

  /// Between two snapshots, where the interval is computed.
  package static let snapshotIntervalMin = TimeSpan(seconds: 30)
  package static let snapshotIntervalMax = TimeSpan(seconds: 3600)

  /// Steps that a journal holds before a snapshot falls due: points asked, told or given up. A
  /// relaunch replays as many in well under a second.
  package static let journalRecordsMax = 500_000

  /// Snapshots that fall due for that reason stay this many times apart of what one takes.
  package static let snapshotPauseFactor: Int64 = 5

  /// How long the last save of a world may go on trying.
  package static let lastSaveMax = TimeSpan(seconds: 60)

  /// How long ranks may take to obey the order to stop before the world is aborted.
  package static let stopMax = TimeSpan(seconds: 5)

  /// Frames that a loop takes before it looks at anything else.
  package static let framesPerTurnMax = 64

  /// Attempts of a point that may be lost with the ranks that held it, before it is given up: it
  /// may be what ended them.
  package static let lossesPerPointMax = 8

  /// Worlds that died while a point was being evaluated, after which it is evaluated in a process
  /// of its own: once.
  package static let deathsPerPointMax = 2

  /// Points a child may hold for each of its leaves, whatever was measured.
  package static let windowPerLeafMax = 4096

  /// Checks the relations between the bounds; called once at start and by a test.
  package static func check() {
    let pointBytesMax = 64 + dimensionMax * 8
    invariant(pointBytesMax <= frameBytesMax, "a point must fit into one frame")
    invariant(failureTextBytesMax + 128 <= frameBytesMax, "a failure must fit into one frame")
    invariant(idlePauseMin <= idlePauseMax, "the idle pause must grow")
    invariant(idlePauseMax <= rungPauseMax, "who is rung need not look more often")
    invariant(resultDelayMin <= resultDelayMax, "the delay of a result must have a range")
    invariant(gatheredMax <= batchPointsMax, "what was gathered must fit into one message")
    invariant(resultDelayMax < commitInterval, "results must arrive within a group commit")
    invariant(batchPointsMax <= windowPerLeafMax, "one leaf must be able to hold one batch")
  }
}
