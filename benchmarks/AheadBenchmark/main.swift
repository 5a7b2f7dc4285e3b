// What it costs to ask ahead: the loss of a learner after N points with P of them always in flight.
//
//     AheadBenchmark NMAX [SEED]          Learner1D, over all N up to NMAX
//     AheadBenchmark policies [SEED]      at N = 20 P, with ways to make it cheaper; nd as well
//
// P leaves evaluate one point each, which takes as long for all (`fixed`) or log-normal times with
// σ = 0.5; whoever is done gets the next. Prints a line of JSON for each function, kind of cost,
// P and N. Losses are those of the known points.

import AdaptiveCore
import Glibc
import Learners

let costs = [("fixed", 0.0), ("lognormal", 0.5)]

func write(
  _ learner: String, _ subject: Subject, _ cost: String, _ policy: Policy, _ leafCount: Int,
  _ counts: [Int], _ losses: [Double]
) {
  for (count, loss) in zip(counts, losses) {
    print(
      "{\"learner\":\"\(learner)\",\"function\":\"\(subject.name)\",\"cost\":\"\(cost)\","
        + "\"policy\":\"\(policy.name)\",\"in_flight\":\(leafCount),\"points\":\(count),"
        + "\"loss\":\(loss)}")
  }
}

func learner1D() throws -> Learner1D {
  Learner1D(try Learner1DSettings(lower: -1, upper: 1), valueCount: 1)
}

func learnerND() throws -> LearnerND {
  try LearnerND(LearnerNDSettings(domain: .box([-1, 1, -1, 1])), valueCount: 1)
}

func measure(upTo countMax: Int, seed: UInt64) throws {
  let flights = [1, 10, 100, 1_000, 10_000, 100_000]
  let multiples = [1, 2, 5, 10, 20, 50, 100, 200]
  // Twenty steps a decade: enough to read off how many points a loss takes.
  let grid = (20...140).map { Int(pow(10, Double($0) / 20)) }
  let wanted = Set(flights.flatMap { flight in multiples.map { flight * $0 } } + grid)
  let counts = wanted.filter { $0 >= 10 && $0 <= countMax }.sorted()
  for subject in Subject.ofOneVariable {
    for (cost, sigma) in costs {
      for flight in flights where flight <= countMax {
        var sampling = Sampling(
          try learner1D(), subject, leafCount: flight, policy: .asTold, sigma: sigma, seed: seed)
        write("1d", subject, cost, .asTold, flight, counts, sampling.losses(at: counts))
      }
    }
  }
}

/// At N = 20 P and on both sides of it, within a factor of √2.
func measurePolicies<L: Learner>(
  _ name: String, _ learner: L, _ subjects: [Subject], leafCounts: [Int], seed: UInt64
) {
  for subject in subjects {
    for leafCount in leafCounts {
      let counts = (-5...5).map { Int(20 * Double(leafCount) * pow(2, Double($0) / 10)) }
      var alone = Sampling(
        learner, subject, leafCount: 1, policy: .asTold, sigma: 0, seed: seed)
      let losses = alone.losses(at: counts)
      write(name, subject, "fixed", Policy(name: "one at a time"), leafCount, counts, losses)
      for (cost, sigma) in costs {
        for policy in Policy.all {
          var sampling = Sampling(
            learner, subject, leafCount: leafCount, policy: policy, sigma: sigma, seed: seed)
          write(
            name, subject, cost, policy, leafCount, counts, sampling.losses(at: counts))
        }
      }
    }
  }
}

let arguments = CommandLine.arguments
let seed = arguments.count > 2 ? UInt64(arguments[2]) ?? 1 : 1
if arguments.count >= 2, let countMax = Int(arguments[1]) {
  try measure(upTo: countMax, seed: seed)
} else if arguments.count >= 2, arguments[1] == "policies" {
  measurePolicies(
    "1d", try learner1D(), Subject.ofOneVariable, leafCounts: [100, 1_000, 10_000], seed: seed)
  measurePolicies(
    "nd", try learnerND(), Subject.ofTwoVariables, leafCounts: [10, 100, 1_000], seed: seed)
} else {
  print("AheadBenchmark NMAX [SEED]")
  print("AheadBenchmark policies [SEED]")
}
