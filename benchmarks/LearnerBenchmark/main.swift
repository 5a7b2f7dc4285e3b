internal import AdaptiveCore
internal import Learners

/// Measures Learner1D alone, on one thread.
///
///     LearnerBenchmark                        the table of benchmarks/README.md
///     LearnerBenchmark ask POINTS PENDING     one line of it, once
///     LearnerBenchmark campaign POINTS        ask one, tell one, through the learner of any kind
///     LearnerBenchmark foreign POINTS         points told at random places, never asked
///     LearnerBenchmark restore POINTS         a learner made from its results and its snapshot
///     LearnerBenchmark snapshot POINTS        a snapshot, and the first tell after it
let arguments = Array(CommandLine.arguments.dropFirst())
let numbers = arguments.compactMap { Int($0) }

switch (arguments.first, numbers.count) {
case ("ask", 2): try measureAsking(numbers[0], pending: numbers[1], repeats: 1)
case ("campaign", 1): try measureCampaignLearner(numbers[0], repeats: 1)
case ("foreign", 1): try measureForeign(numbers[0], repeats: 1)
case ("restore", 1): try measureRestoring(numbers[0], repeats: 1)
case ("snapshot", 1): try measureSnapshot(numbers[0], repeats: 3)
case (nil, _):
  for count in [10_000, 100_000, 1_000_000] {
    for pending in [0, 1_000, 50_000] where pending < count {
      try measureAsking(count, pending: pending, repeats: 3)
    }
    try measureForeign(count, repeats: 3)
    try measureRestoring(count, repeats: 3)
    try measureSnapshot(count, repeats: 3)
  }
default:
  print("LearnerBenchmark [ask POINTS PENDING]")
  print("LearnerBenchmark [campaign | foreign | restore | snapshot POINTS]")
}
