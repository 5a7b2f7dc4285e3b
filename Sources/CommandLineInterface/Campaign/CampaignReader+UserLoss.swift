import Delegation
import Evaluators
import Learners

/// Losses that the user brings: `loss: {library: …}` or `loss: {swift: …}`.
extension CampaignReader {
  /// The user's loss that a key `loss` names; nil where it names a built-in one.
  func userLoss(_ node: CampaignNode, hasNeighbors: Bool) throws(EarlyEnd) -> UserLoss? {
    guard case .mapping(let entries) = node.content,
      entries.contains(where: { $0.key == "library" || $0.key == "swift" })
    else { return nil }
    let neighbors = hasNeighbors ? ["neighbors"] : []
    guard entries.contains(where: { $0.key == "library" }) else {
      let mapping = try CampaignMapping(node, keys: ["swift"] + neighbors)
      let name = try mapping.required("swift", "a name").text("the name of a loss in Swift")
      return UserLoss(name: name, origin: .swift)
    }
    let mapping = try CampaignMapping(node, keys: ["library", "symbol"] + neighbors)
    let path = try mapping.required("library", "a path").text("the path of a shared library")
    let symbol = try mapping["symbol"]?.text("the name of a function") ?? LossLibrary.symbolDefault
    return UserLoss(name: symbol, origin: .library(path: absolutePath(path)))
  }

  /// Known points on each side of an interval that the loss is shown.
  func neighborCount(_ node: CampaignNode) throws(EarlyEnd) -> Int {
    guard case .mapping(let entries) = node.content,
      let entry = entries.first(where: { $0.key == "neighbors" })
    else { return 0 }
    return try entry.value.integer(in: 0...1)
  }
}

extension Campaign {
  /// Finds the functions of the users' losses. Where learners choose points, and nowhere else.
  mutating func bindLosses() throws(EarlyEnd) {
    for index in learners.indices {
      guard var loss = learners[index].kind.userLoss else { continue }
      do throws(FunctionError) {
        switch loss.origin {
        case .library(let path):
          loss.function = try LossLibrary.function(path: path, symbol: loss.name)
        case .swift, .unknown: loss.function = try ClosureLosses.function(named: loss.name)
        }
      } catch {
        throw EarlyEnd(.campaignWrong, "loss of learner \(learners[index].name): \(error)")
      }
      learners[index].kind.userLoss = loss
    }
  }
}
