import AdaptiveCore
import CheckpointHDF5
import Evaluators
import Glibc
import Learners
import NodeRuntime

/// A store that compares values with what the function returns, notes when the first one came, and
/// hands everything on to a checkpoint's store if there is one, whose time it counts.
struct MeteringStore: CheckpointStore {
  private let disk: DiskStore?
  private let meter: RootMeter
  private let function: BuiltinFunction?
  private let arguments: BuiltinFunction.Arguments
  private let clock = MonotonicClock()

  init(_ settings: TreeSettings, _ meter: RootMeter) throws {
    function = settings.checksValues ? settings.function : nil
    arguments = try settings.function.arguments(for: [])
    self.meter = meter
    disk = try settings.directory.map { try DiskStore($0, settings.learner) }
  }

  mutating func recordAsked(_ learner: LearnerIndex, points: PointBuffer) {
    guard let disk else { return }
    let start = clock.now()
    disk.store.recordAsked(learner, points: points)
    meter.storeSeconds += (clock.now() - start).seconds
  }

  mutating func recordTold(
    _ learner: LearnerIndex, points: Span<Double>, values: Span<Double>, seconds: Span<Double>,
    leaves: Span<Rank>
  ) {
    if meter.firstToldAt == nil { meter.firstToldAt = RootMeter.epochSeconds() }
    if let function {
      let dimension = points.count / seconds.count
      let valueCount = values.count / seconds.count
      for place in seconds.indices {
        let point = points.extracting(place * dimension..<(place + 1) * dimension)
        if values[place * valueCount] != function.value(at: point, arguments) {
          meter.wrongValueCount += 1
        }
      }
    }
    guard let disk else { return }
    let start = clock.now()
    disk.store.recordTold(
      learner, points: points, values: values, seconds: seconds, leaves: leaves)
    meter.storeSeconds += (clock.now() - start).seconds
  }

  mutating func recordFailed(_ learner: LearnerIndex, _ failed: FailedPoint) {
    disk?.store.recordFailed(learner, failed)
  }

  mutating func commit(elapsed: TimeSpan) {
    guard let disk else { return }
    let start = clock.now()
    disk.store.commit(elapsed: elapsed)
    meter.storeSeconds += (clock.now() - start).seconds
  }

  mutating func beginSnapshot(_ campaign: SavedCampaign) {
    guard let disk else { return }
    let start = clock.now()
    disk.store.beginSnapshot(campaign)
    meter.storeSeconds += (clock.now() - start).seconds
  }

  mutating func poll() -> CheckpointEvent? { disk?.store.poll() }
  var isWritingSnapshot: Bool { disk?.store.isWritingSnapshot ?? false }
  var isBusy: Bool { disk?.store.isBusy ?? false }
  mutating func close() { disk?.store.close() }
}

/// The store of a checkpoint, begun anew.
private final class DiskStore {
  var store: HDF5CheckpointStore

  init(_ directory: String, _ learner: LearnerDefinition) throws {
    let request = ClaimRequest(
      claimant: Claimant(process: .current(), job: nil, previousWorld: nil), learnerCount: 1,
      ranks: 1, now: Int64(RootMeter.epochSeconds()), build: "TreeBenchmark",
      functionDigest: "builtin", startsAfresh: true)
    let claim = try RunDirectory(directory).claim(request) { span in
      usleep(UInt32(clamping: span.nanoseconds / 1000))
    }
    store = try claim.openStore(
      continuing: try claim.load(),
      initial: try CampaignState([learner]).saved(elapsed: .zero), campaignText: "bench")
  }
}

/// What the root did.
final class RootMeter {
  /// In seconds since 1970.
  var firstToldAt: Double?
  var wrongValueCount = 0

  /// The root's time inside the checkpoint's store.
  var storeSeconds = 0.0

  private let processorBefore = RootMeter.processorSeconds()

  /// Processor time of the root's thread since the meter was made.
  var processorSeconds: Double { Self.processorSeconds() - processorBefore }

  static func epochSeconds() -> Double { seconds(of: CLOCK_REALTIME) }

  private static func processorSeconds() -> Double { seconds(of: CLOCK_THREAD_CPUTIME_ID) }

  private static func seconds(of clock: clockid_t) -> Double {
    var time = timespec()
    unsafe clock_gettime(clock, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}
