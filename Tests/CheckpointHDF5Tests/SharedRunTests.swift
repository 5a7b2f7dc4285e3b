import AdaptiveCore
import Foundation
import NodeRuntime
import Testing
import _TestSupport

@testable import CheckpointHDF5

/// One world whose roots hold parts of the shards.
@Suite struct SharedRunTests {
  @Test(
    "every root writes its own shards; whoever comes next reads them all", arguments: [2, 3, 5])
  func parts(rootCount: Int) throws {
    let run = try TestRun(learnerCount: 5)
    var model = ModelCampaign(run.definitions)
    for world in 0..<3 {
      let claim = try run.claim()
      let map = ShardMap(learnerCount: 5)
      for index in (0..<rootCount).reversed() {
        let part = ShardPart(index: index, count: rootCount)
        let own = WorldClaim(directory: run.path, record: claim.record, part: part)
        let (loaded, box) = try run.open(own)
        #expect(loaded.report.isEmpty, "\(loaded.report)")
        for (position, learner) in ModelCampaign(loaded, run.definitions).learners.enumerated() {
          let isOwn = part.holds(LearnerIndex(position), of: map)
          #expect(learner == (isOwn ? model.learners[position] : ModelCampaign.Learner()))
        }
        box.record(
          run.steps(round: world, count: 60).filter { part.holds($0.learner, of: map) },
          into: &model)
        if world == 1 { try box.snapshot(model) }
        try box.commit(elapsed: TimeSpan(seconds: Double(world)), into: &model)
        box.close()
      }
    }
    let all = try run.claim().load()
    #expect(all.report.isEmpty, "\(all.report)")
    #expect(ModelCampaign(all, run.definitions) == model)
  }

  @Test("each root's shards are cut when it says so: none is missed for another root's")
  func rootsCutByThemselves() throws {
    let run = try TestRun(learnerCount: 4)
    var model = ModelCampaign(run.definitions)
    let map = ShardMap(learnerCount: 4)
    let parts = (0..<2).map { ShardPart(index: $0, count: 2) }
    let claim = try run.claim(rootOfShard: [0, 1, 0, 1])
    for (index, part) in parts.enumerated() {
      let own = WorldClaim(directory: run.path, record: claim.record, part: part)
      let (_, box) = try run.open(own)
      for round in 0..<1 + 3 * index {
        box.record(
          run.steps(round: round, count: 40).filter { part.holds($0.learner, of: map) },
          into: &model)
        try box.snapshot(model)
      }
      try box.commit(elapsed: TimeSpan(seconds: 1), into: &model)
      box.close()
    }
    let reader = try RunReader(run.path)
    let shards = try reader.inspect(isHeld: false) { _, _ in }.shards
    #expect(shards.map(\.missing) == [nil, nil, nil, nil])
    let generations = shards.map { $0.generations.last?.position.generation }
    #expect(generations[0] != generations[1])
    // Of two shards of one root, one that lacks what the other has is missed.
    for name in try FileManager.default.contentsOfDirectory(atPath: "\(run.path)/shard-0003")
    where Position(fileName: name) != nil {
      try FileManager.default.removeItem(atPath: "\(run.path)/shard-0003/\(name)")
    }
    let found = try RunReader(run.path).inspect(isHeld: false) { _, _ in }.shards
    #expect(found.map { $0.missing != nil } == [false, false, false, true])
  }

  @Test("shards that are given to parts one by one are held as that says")
  func partsThatAreGiven() {
    let map = ShardMap(learnerCount: 5)
    let parts = (0..<2).map { ShardPart(index: $0, count: 2, partOfShard: [1, 0, 0, 1, 0]) }
    #expect(parts.map { $0.shards(of: map) } == [[1, 2, 4], [0, 3]])
    #expect(parts[1].holds(LearnerIndex(3), of: map) && !parts[0].holds(LearnerIndex(3), of: map))
  }

  @Test("no shard is held twice, and none by nobody", arguments: [1, 7, 64, 1000])
  func eachShardOnce(learnerCount: Int) {
    let map = ShardMap(learnerCount: learnerCount)
    for rootCount in 1...map.shardCount {
      let parts = (0..<rootCount).map { ShardPart(index: $0, count: rootCount) }
      #expect(parts.flatMap { $0.shards(of: map) }.sorted() == Array(0..<map.shardCount))
      for position in 0..<learnerCount {
        let holders = parts.filter { $0.holds(LearnerIndex(position), of: map) }
        #expect(holders.count == 1)
      }
    }
  }
}

extension JournalEntry {
  fileprivate var learner: LearnerIndex {
    switch self {
    case .asked(let learner, _), .told(let learner, _, _, _, _), .failed(let learner, _): learner
    case .elapsed: LearnerIndex(0)
    }
  }
}
