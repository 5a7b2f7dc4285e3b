// What it costs to ask ahead: the loss of Learner1D after N points with P of them always in flight.
//
//     AheadBenchmark NMAX [SEED]
//
// P leaves evaluate one point each, which takes as long for all (`fixed`) or log-normal times with
// σ = 0.5; whoever is done gets the next. Prints a line of JSON for each function, kind of cost,
// P and N. Losses are those of the known points.

import AdaptiveCore
import Glibc
import HeapModule
import Learners

/// A point that is being evaluated.
struct Flight: Comparable {
  let end: Double
  let order: Int
  let x: Double

  static func < (a: Flight, b: Flight) -> Bool { (a.end, a.order) < (b.end, b.order) }
}

/// A function on [-1, 1].
struct Subject: Sendable {
  let name: String
  let value: @Sendable (Double) -> Double

  static let all = [
    Subject(name: "peak") { x in x + 1e-4 / (1e-4 + (x - 0.3) * (x - 0.3)) },
    Subject(name: "step") { x in tanh((x - 0.2) / 0.01) },
    Subject(name: "wave") { x in sin(2 * Double.pi * 3 * x) },
    Subject(name: "root") { x in sqrt(abs(x - 0.1)) },
    Subject(name: "peaks") { x in
      var sum = 0.0
      for index in 0..<10 {
        let distance = x + 0.9 - 0.19 * Double(index)
        sum += 1e-6 / (1e-6 + distance * distance)
      }
      return sum
    },
  ]
}

/// The losses of a learner with `inFlight` points in flight, at each of `counts` known points.
func losses(
  of subject: Subject, inFlight: Int, sigma: Double, at counts: [Int], seed: UInt64
) throws -> [Double] {
  var learner = Learner1D(try Learner1DSettings(lower: -1, upper: 1), valueCount: 1)
  var random = RandomSource(seed: seed, stream: UInt64(inFlight))
  var flights = Heap<Flight>()
  var points = PointBuffer(dimension: 1)
  var improvements: [Double] = []
  var found: [Double] = []
  var asked = 0
  var told = 0
  func ask(_ count: Int, at now: Double) {
    points.removeAll()
    improvements.removeAll(keepingCapacity: true)
    learner.ask(count, appendingTo: &points, improvements: &improvements)
    for x in points.doubles {
      let cost = sigma > 0 ? random.nextLogNormal(median: 1, sigma: sigma) : 1
      flights.insert(Flight(end: now + cost, order: asked, x: x))
      asked += 1
    }
  }
  ask(inFlight, at: 0)
  for count in counts {
    while told < count, let next = flights.popMin() {
      learner.tell([next.x].span, value: [subject.value(next.x)].span)
      told += 1
      ask(1, at: next.end)
    }
    found.append(learner.loss(includingPending: false))
  }
  return found
}

func measure(upTo countMax: Int, seed: UInt64) throws {
  let flights = [1, 10, 100, 1_000, 10_000, 100_000]
  let multiples = [1, 2, 5, 10, 20, 50, 100, 200]
  // Twenty steps a decade: enough to read off how many points a loss takes.
  let grid = (20...140).map { Int(pow(10, Double($0) / 20)) }
  let wanted = Set(flights.flatMap { flight in multiples.map { flight * $0 } } + grid)
  let counts = wanted.filter { $0 >= 10 && $0 <= countMax }.sorted()
  for subject in Subject.all {
    for (cost, sigma) in [("fixed", 0.0), ("lognormal", 0.5)] {
      for flight in flights where flight <= countMax {
        let losses = try losses(
          of: subject, inFlight: flight, sigma: sigma, at: counts, seed: seed)
        for (count, loss) in zip(counts, losses) {
          print(
            "{\"function\":\"\(subject.name)\",\"cost\":\"\(cost)\",\"in_flight\":\(flight),"
              + "\"points\":\(count),\"loss\":\(loss)}")
        }
      }
    }
  }
}

let arguments = CommandLine.arguments
if arguments.count >= 2, let countMax = Int(arguments[1]) {
  try measure(upTo: countMax, seed: arguments.count > 2 ? UInt64(arguments[2]) ?? 1 : 1)
} else {
  print("AheadBenchmark NMAX [SEED]")
}
