package import AdaptiveCore
package import Learners
package import NodeRuntime

/// What a run directory holds of a campaign.
package struct LoadedCheckpoint: Sendable {
  /// In the campaign's order, before ``forEachEntry(_:)``; nil for a learner that begins with
  /// nothing.
  package var learners: [SavedLearner?]

  /// How long the campaign had run at the latest of the snapshots.
  package var elapsed: TimeSpan

  /// The campaign file as it was at the latest snapshot; nil where every shard lost its snapshots.
  package var campaignText: String?

  /// What was damaged, set aside, ignored or lost, one line each; empty when all is well.
  package var report: [String]

  /// Blocks of journals, shard after shard.
  var payloads: [ArraySlice<UInt8>]

  /// Where each shard's next journal goes on.
  var ends: [JournalHeader.Predecessor?]

  /// The snapshot with which each shard's part begins.
  var bases: [Position?]

  /// Whether the directory held anything.
  package var isEmpty: Bool { ends.allSatisfy { $0 == nil } }

  /// The campaign before its journals are replayed, with definitions from the campaign file for
  /// learners that left no snapshot.
  package func campaign(_ definitions: [LearnerDefinition]) throws(LearnerError) -> SavedCampaign {
    var campaign = try CampaignState(definitions).saved(elapsed: elapsed)
    for (position, learner) in learners.enumerated() {
      guard let learner, position < campaign.learners.count else { continue }
      campaign.learners[position] = learner
      // An equal one may know more, such as where the user's loss is to be found.
      if learner.definition == definitions[position] {
        campaign.learners[position].definition = definitions[position]
      }
    }
    return campaign
  }

  /// Gives every step after the snapshots in the order in which its learner took it.
  package func forEachEntry<E: Error>(_ body: (JournalEntry) throws(E) -> Void) throws(E) {
    for payload in payloads {
      var reader = JournalEntryReader(payload)
      while let entry = reader.next() { try body(entry) }
    }
  }
}
