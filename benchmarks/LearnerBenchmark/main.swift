internal import AdaptiveCore
internal import Learners

/// Measures learners alone, on one thread.
///
///     LearnerBenchmark                        the table of benchmarks/README.md
///     LearnerBenchmark ask POINTS PENDING     one line of it, once
///     LearnerBenchmark campaign POINTS        ask one, tell one, through the learner of any kind
///     LearnerBenchmark foreign POINTS         points told at random places, never asked
///     LearnerBenchmark restore POINTS         a learner made from its results and its snapshot
///     LearnerBenchmark snapshot POINTS        a snapshot, and the first tell after it
///     LearnerBenchmark 2d                     the lines of Learner2D
///     LearnerBenchmark 2d POINTS PENDING      one of them
///     LearnerBenchmark 2drestore POINTS       a Learner2D made from its results and its snapshot
///     LearnerBenchmark battery BATCH|any      integrals of the members on standard input
///     LearnerBenchmark contour METHOD FUNCTION POINTS
///                                             points of a learner that looks for zeros
///     LearnerBenchmark nd                     the lines of several variables
///     LearnerBenchmark nd POINTS D PENDING    one of them, in D dimensions
///     LearnerBenchmark ndrestore POINTS D     an nd learner made from its results and its snapshot
let arguments = Array(CommandLine.arguments.dropFirst())
let numbers = arguments.compactMap { Int($0) }

switch (arguments.first, numbers.count) {
case ("ask", 2): try measureAsking(numbers[0], pending: numbers[1], repeats: 1)
case ("campaign", 1): try measureCampaignLearner(numbers[0], repeats: 1)
case ("foreign", 1): try measureForeign(numbers[0], repeats: 1)
case ("restore", 1): try measureRestoring(numbers[0], repeats: 1)
case ("snapshot", 1): try measureSnapshot(numbers[0], repeats: 3)
case ("2d", 2): try measureAsking2D(numbers[0], pending: numbers[1], repeats: 1)
case ("2drestore", 1): try measureRestoring2D(numbers[0], repeats: 1)
case ("2d", 0):
  for count in [1_000, 10_000, 100_000] {
    for pending in [0, 1_000, 50_000] where pending < count {
      try measureAsking2D(count, pending: pending, repeats: count < 100_000 ? 3 : 1)
    }
  }
  try measureRestoring2D(100_000, repeats: 1)
case ("battery", 1): try integrateBattery(batch: numbers[0])
case ("battery", 0): try integrateBattery(batch: nil)
case ("contour", 1) where arguments.count == 4:
  try printContour(arguments[1], arguments[2], count: numbers[0])
case ("nd", 3): try measureAskingND(numbers[1], numbers[0], pending: numbers[2], repeats: 1)
case ("ndrestore", 2): try measureRestoringND(numbers[1], numbers[0], repeats: 1)
case ("nd", 0):
  let lines = [
    (2, 10_000), (2, 100_000), (2, 1_000_000), (3, 10_000), (3, 100_000), (4, 5_000), (5, 1_000),
    (6, 300),
  ]
  for (dimension, count) in lines {
    try measureAskingND(dimension, count, pending: 0, repeats: count < 1_000_000 ? 3 : 1)
  }
  try measureAskingND(2, 100_000, pending: 50_000, repeats: 1)
  try measureAskingND(3, 100_000, pending: 50_000, repeats: 1)
  try measureRestoringND(2, 1_000_000, repeats: 1)
  try measureRestoringND(3, 100_000, repeats: 1)
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
  print("LearnerBenchmark [2d [POINTS PENDING] | 2drestore POINTS]")
  print("LearnerBenchmark [contour METHOD FUNCTION POINTS]")
  print("LearnerBenchmark [battery BATCH|any]")
  print("LearnerBenchmark [nd [POINTS D PENDING] | ndrestore POINTS D]")
  print("LearnerBenchmark [campaign | foreign | restore | snapshot POINTS]")
}
