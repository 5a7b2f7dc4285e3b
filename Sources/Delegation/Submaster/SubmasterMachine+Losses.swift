import AdaptiveCore
import DequeModule

extension SubmasterMachine {
  /// Says of the points of a child that was lost that nobody evaluated them: the root issues them
  /// again.
  mutating func lose(
    _ rank: Rank, at now: Instant, into effects: inout SubmasterEffects
  ) {
    let child = children.index(of: rank)
    guard !children.isGone(child) else { return }
    children.setLost(child)
    for (id, attempt) in held.removeAll(heldBy: child) { giveBack(id, attempt, lostWith: rank) }
    answerFormers(at: now, into: &effects)
    giveBackIfNobodyIsLeft(at: now, into: &effects)
    if isFeeding, !gathered.isEmpty || window != toldWindow {
      sendResults(at: now, into: &effects)
    }
    goOnStopping(at: now, into: &effects)
  }

  /// Looks, with the statistics, at children that lead teams. Of the points of those that have been
  /// silent for too long it says that they took too long; which of several it is is not known.
  mutating func watch(
    _ teams: TeamWatch, at now: Instant, into effects: inout SubmasterEffects
  ) {
    children.noteSilence(at: now)
    guard let silenceMax = teams.silenceMax else { return }
    let silent = children.silent(for: silenceMax, at: now)
    guard !silent.isEmpty else { return }
    for child in silent {
      children.giveUp(child)
      let rank = children.rank(of: child)
      let failure = Failure(
        .timedOut,
        "no answer within \(silenceMax.seconds) s; the team of rank \(rank.number) is given up")
      for (id, attempt) in held.removeAll(heldBy: child) {
        giveBack(id, attempt, failure, from: rank)
      }
    }
    answerFormers(at: now, into: &effects)
    giveBackIfNobodyIsLeft(at: now, into: &effects)
    if !gathered.isEmpty { sendResults(at: now, into: &effects) }
    goOnStopping(at: now, into: &effects)
  }

  /// What waits here has to go elsewhere if no child takes points any more.
  mutating func giveBackIfNobodyIsLeft(
    at now: Instant, into effects: inout SubmasterEffects
  ) {
    guard isFeeding, children.noneTakesPoints,
      toldWindow != 0 || !waiting.isEmpty || !elsewhere.isEmpty
    else { return }
    for entry in waiting.entries { giveBack(entry.id, entry.attempt, lostWith: nil) }
    for (entry, _) in elsewhere { giveBack(entry.id, entry.attempt, lostWith: nil) }
    elsewhere.removeAll()
    waiting.removeAll()
    answerFormers(at: now, into: &effects)
    sendResults(at: now, into: &effects)
  }

  private mutating func giveBack(_ id: PointID, _ attempt: Attempt, lostWith rank: Rank?) {
    let text = rank.map { "rank \($0.number) was lost" } ?? "no leaf is left here"
    giveBack(id, attempt, Failure(.lost, text), from: rank ?? Rank(-1))
  }

  private mutating func giveBack(
    _ id: PointID, _ attempt: Attempt, _ failure: Failure, from rank: Rank
  ) {
    var batch = ResultBatch()
    batch.append(
      ResultBatch.Entry(id: id, attempt: attempt, leaf: rank, seconds: 0, valueCount: -1), [],
      [failure])
    formers.settle(id)
    gather(batch)
  }
}
