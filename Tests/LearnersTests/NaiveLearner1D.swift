import Foundation

@testable import Learners

/// Learner1D once more, from its rules alone: sorted arrays, no queues, everything that can be
/// derived is derived anew at each ask. Values are scalars.
struct NaiveLearner1D {
  let lower: Double
  let upper: Double
  let loss: Loss1D
  var known: [(x: Double, y: Double)] = []
  var pending: [Double] = []
  var failed: [Double] = []
  var outside: [Double] = []
  /// The stored losses of real intervals by their two ends.
  var losses: [[Double]: Double] = [:]
  var smallest = Double.infinity
  var largest = -Double.infinity
  var rangeOfLosses = 0.0

  var width: Double { upper - lower }
  var range: Double { max(largest - smallest, 0) }

  /// Known points and failed bounds.
  var ends: [Double] {
    (known.map(\.x) + failed.filter { $0 == lower || $0 == upper }).sorted()
  }

  var combined: [Double] {
    (known.map(\.x) + failed + pending.filter { lower <= $0 && $0 <= upper }).sorted()
  }

  mutating func tell(_ x: Double, _ y: Double) {
    guard !known.contains(where: { $0.x == x }), !outside.contains(x) else { return }
    pending.removeAll { $0 == x }
    guard lower <= x, x <= upper else { return outside.append(x) }
    failed.removeAll { $0 == x }
    known.append((x, y))
    known.sort { $0.x < $1.x }
    if y < smallest { smallest = y }
    if y > largest { largest = y }
    let ends = ends
    let place = ends.firstIndex(of: x)!
    if range > 2 * rangeOfLosses {
      update(0..<ends.count - 1)
      rangeOfLosses = range
    } else {
      let reach = loss.neighborCount + 1
      update(max(0, place - reach)..<min(ends.count - 1, place + reach))
    }
  }

  mutating func tellPending(_ x: Double) {
    let taken = known.map(\.x) + pending + failed + outside
    if !taken.contains(x) { pending.append(x) }
  }

  mutating func tellFailed(_ x: Double) {
    pending.removeAll { $0 == x }
    guard lower <= x, x <= upper, !known.contains(where: { $0.x == x }), !failed.contains(x) else {
      return
    }
    failed.append(x)
    // Losses elsewhere keep the scale they were computed with.
    let last = ends.count - 2
    if last >= 0, x == lower { update(0..<1) }
    if last >= 0, x == upper { update(last..<last + 1) }
  }

  private mutating func update(_ places: Range<Int>) {
    let ends = ends
    for place in places { losses[[ends[place], ends[place + 1]]] = computeLoss(ends, place) }
  }

  /// The loss of the real interval right of an end; nil between two failed bounds.
  private func computeLoss(_ ends: [Double], _ place: Int) -> Double? {
    func value(_ index: Int) -> (x: Double, y: Double)? {
      guard ends.indices.contains(index) else { return nil }
      guard let point = known.first(where: { $0.x == ends[index] }) else { return nil }
      return (point.x / width, point.y / (range == 0 ? 1 : range))
    }
    let length = ends[place + 1] - ends[place]
    guard let a = value(place), let b = value(place + 1) else {
      return value(place) == nil && value(place + 1) == nil ? nil : length / width
    }
    guard length >= 2 * max(abs(lower), abs(upper)) * Double.ulpOfOne else { return 0 }
    let flat = hypot(b.x - a.x, b.y - a.y)
    switch loss {
    case .distance: return flat
    case .uniform: return b.x - a.x
    case .absMinLog: return hypot(b.x - a.x, log(abs(b.y)) - log(abs(a.y)))
    case .resolution(let min, let max):
      return b.x - a.x < min ? 0 : b.x - a.x > max ? .infinity : flat
    case .triangle:
      return triangle([value(place - 1), a, b, value(place + 2)])
    case .user: return .nan
    case .curvature(let area, let euclid, let horizontal):
      let triangle = triangle([value(place - 1), a, b, value(place + 2)])
      return area * pow(triangle, 0.5) + euclid * flat + horizontal * (b.x - a.x)
    }
  }

  private func triangle(_ window: [(x: Double, y: Double)?]) -> Double {
    let points = window.compactMap { $0 }
    guard points.count > 2 else { return points[1].x - points[0].x }
    var sum = 0.0
    for i in 0..<points.count - 2 {
      let (p, q, r) = (points[i], points[i + 1], points[i + 2])
      sum += abs((p.x - r.x) * (q.y - r.y) - (p.y - r.y) * (q.x - r.x)) / 2
    }
    return sum / Double(points.count - 2)
  }

  private func rank(_ loss: Double, _ length: Double, _ parts: Int = 1) -> Double {
    let finite = loss.isFinite ? loss : length / width / Double(parts)
    return (finite * 1e12 + 0.5).rounded(.towardZero) / 1e12
  }

  /// Each combined interval with its loss.
  var intervals: [(left: Double, right: Double, loss: Double)] {
    let points = combined
    let ends = ends
    return zip(points, points.dropFirst()).map { left, right in
      guard let a = ends.last(where: { $0 <= left }), let b = ends.first(where: { $0 >= right }),
        let loss = losses[[a, b]]
      else { return (left, right, .infinity) }
      return (left, right, (right - left) * loss / (b - a))
    }
  }

  func loss(includingPending: Bool) -> Double {
    let taken = combined
    guard taken.contains(lower), taken.contains(upper) else { return .infinity }
    var all = intervals
    if !includingPending {
      let ends = ends
      all = zip(ends, ends.dropFirst()).compactMap { a, b in losses[[a, b]].map { (a, b, $0) } }
    }
    let best = all.max { a, b in
      let ranks = (rank(a.loss, a.right - a.left), rank(b.loss, b.right - b.left))
      return ranks.0 != ranks.1 ? ranks.0 < ranks.1 : a.left > b.left
    }
    return best?.loss ?? .infinity
  }

  mutating func ask(_ count: Int) -> (points: [Double], improvements: [Double]) {
    let asked = choose(count)
    for x in asked.points { tellPending(x) }
    return asked
  }

  private func choose(_ count: Int) -> (points: [Double], improvements: [Double]) {
    let taken = combined
    let bounds = [lower, upper].filter { !taken.contains($0) }
    if bounds.count >= count {
      return (Array(bounds.prefix(count)), Array(repeating: .infinity, count: count))
    }
    if taken.isEmpty {
      let step = width / Double(count - 1)
      let points = (0..<count).map { $0 == count - 1 ? upper : Double($0) * step + lower }
      return (points, Array(repeating: .infinity, count: count))
    }
    var rest = intervals.filter { interval in
      let middle = interval.left + (interval.right - interval.left) / 2
      return interval.left < middle && middle < interval.right
    }
    var cuts: [(left: Double, right: Double, parts: Int, loss: Double)] = []
    if bounds.contains(lower) { cuts.append((lower, taken[0], 1, .infinity)) }
    if bounds.contains(upper) { cuts.append((taken.last!, upper, 1, .infinity)) }
    func cutOrder(
      _ a: (left: Double, right: Double, parts: Int, loss: Double),
      _ b: (left: Double, right: Double, parts: Int, loss: Double)
    ) -> Bool {
      let ranks = (rank(a.loss, a.right - a.left, a.parts), rank(b.loss, b.right - b.left, b.parts))
      return ranks.0 != ranks.1 ? ranks.0 > ranks.1 : a.left < b.left
    }
    rest.sort { a, b in
      let ranks = (rank(a.loss, a.right - a.left), rank(b.loss, b.right - b.left))
      return ranks.0 != ranks.1 ? ranks.0 > ranks.1 : a.left < b.left
    }
    for _ in 0..<count - bounds.count {
      cuts.sort(by: cutOrder)
      let cut = cuts.first
      if let next = rest.first, cut == nil || isBefore(next, cut!) {
        rest.removeFirst()
        cuts.append((next.left, next.right, 2, next.loss / 2))
      } else if let cut {
        let parts = cut.parts + 1
        cuts[0] = (cut.left, cut.right, parts, cut.loss * Double(cut.parts) / Double(parts))
      }
    }
    var points = bounds
    var improvements = Array(repeating: Double.infinity, count: bounds.count)
    for cut in cuts.sorted(by: cutOrder) {
      let step = (cut.right - cut.left) / Double(cut.parts)
      for part in 1..<max(1, cut.parts) {
        points.append(cut.left + step * Double(part))
        improvements.append(cut.loss)
      }
    }
    return (points, improvements)
  }

  private func isBefore(
    _ interval: (left: Double, right: Double, loss: Double),
    _ cut: (left: Double, right: Double, parts: Int, loss: Double)
  ) -> Bool {
    let mine = rank(interval.loss, interval.right - interval.left)
    let other = rank(cut.loss, cut.right - cut.left, cut.parts)
    return mine != other ? mine > other : interval.left >= cut.left
  }
}
