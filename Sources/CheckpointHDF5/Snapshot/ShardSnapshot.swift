package import AdaptiveCore
package import NodeRuntime

/// What one snapshot file holds: a shard's learners, and where and whose they are.
package struct ShardSnapshot: Sendable {
  package struct Member: Sendable {
    package var index: LearnerIndex
    package var learner: SavedLearner

    package init(index: LearnerIndex, learner: SavedLearner) {
      self.index = index
      self.learner = learner
    }
  }

  package var campaign: CampaignID
  package var campaignText: String
  package var shard: Int
  package var position: Position
  package var elapsed: TimeSpan

  /// The records of all worlds so far, oldest first, as ``WorldRecord/text``.
  package var worlds: [String]

  /// In ascending order.
  package var members: [Member]

  package init(
    campaign: CampaignID, campaignText: String, shard: Int, position: Position, elapsed: TimeSpan,
    worlds: [String], members: [Member]
  ) {
    self.campaign = campaign
    self.campaignText = campaignText
    self.shard = shard
    self.position = position
    self.elapsed = elapsed
    self.worlds = worlds
    self.members = members
  }
}
