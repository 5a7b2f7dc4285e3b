package import AdaptiveCore
import Glibc
package import Learners

extension BuiltinFunction {
  package enum ParameterName: String, CaseIterable, Sendable {
    case offset, width, frequency, radius
  }

  /// What comes of a point.
  package enum Outcome: Sendable, Equatable {
    /// The first component of the value.
    case value(Double)
    case failure(Failure)
  }

  /// The shape's numbers for one learner; unknown parameters are an error, not ignored.
  package func arguments(
    for parameters: [LearnerDefinition.Parameter]
  ) throws(FunctionError) -> Arguments {
    var arguments = Arguments(width: defaultWidth)
    for parameter in parameters {
      let place = "builtin function '\(shape.rawValue)', parameter '\(parameter.name)'"
      guard let name = ParameterName(rawValue: parameter.name) else {
        throw FunctionError(
          .settingInvalid, operation: place,
          detail: "unknown; allowed are \(ParameterName.allCases.map(\.rawValue).sentence)")
      }
      guard parameter.value.isFinite, name != .width || parameter.value != 0 else {
        throw FunctionError(
          .settingInvalid, operation: place,
          detail: "found \(parameter.value), allowed are finite numbers, for width not 0")
      }
      switch name {
      case .offset: arguments.offset = parameter.value
      case .width: arguments.width = parameter.value
      case .frequency: arguments.frequency = parameter.value
      case .radius: arguments.radius = parameter.value
      }
    }
    return arguments
  }

  /// Spends a point's cost, then returns what comes of it.
  package func evaluate(_ point: Span<Double>, _ arguments: Arguments) -> Outcome {
    cost.spend(seconds(at: point))
    let x = point[0]
    if let fails, fails.contains(x) {
      let text = "told to fail from \(fails.lowerBound) to \(fails.upperBound)"
      return .failure(Failure(.raised, text))
    }
    let isNotANumber = notANumber?.contains(x) ?? false
    let value = isNotANumber ? Double.nan : self.value(at: point, arguments)
    return value.isFinite ? .value(value) : .failure(Failure(.notFinite, "value 1 is \(value)"))
  }

  /// What the function returns for a point, without its cost.
  package func value(at point: Span<Double>, _ arguments: Arguments) -> Double {
    var sum = 0.0
    var squares = 0.0
    for index in point.indices {
      let x = point[index]
      sum += x
      squares += (x - arguments.offset) * (x - arguments.offset)
    }
    let shifted = sum - arguments.offset * Double(point.count)
    let width = arguments.width
    switch shape {
    case .peak: return sum + width * width / (width * width + squares)
    case .step: return tanh(shifted / width)
    case .wave: return sin(2 * Double.pi * arguments.frequency * shifted)
    case .ring:
      let distance = (squares - arguments.radius * arguments.radius) / (width * width)
      return point[0] + exp(-distance * distance)
    }
  }

  /// How long a point takes, in seconds.
  package func seconds(at point: Span<Double>) -> Double {
    if let slow, slow.contains(point[0]) { return slowSeconds }
    switch cost.distribution {
    case .fixed: return cost.seconds
    case .logNormal(let sigma):
      var source = randomSource(at: point)
      let median = cost.seconds * exp(-sigma * sigma / 2)
      let drawn = median > 0 ? source.nextLogNormal(median: median, sigma: sigma) : 0
      return min(drawn, Self.secondsMax)
    case .pareto(let alpha):
      var source = randomSource(at: point)
      let least = cost.seconds * (alpha - 1) / alpha
      return min(source.nextPareto(least: least, alpha: alpha), Self.secondsMax)
    }
  }

  /// Depends on the point and the seed alone.
  private func randomSource(at point: Span<Double>) -> RandomSource {
    var stream: UInt64 = 0
    for index in point.indices {
      var mixed = RandomSource(seed: stream ^ point[index].bitPattern)
      stream = mixed.next()
    }
    return RandomSource(seed: seed, stream: stream)
  }

  private var defaultWidth: Double {
    switch shape {
    case .peak, .wave: 0.01
    case .step: 0.05
    case .ring: 0.2
    }
  }
}

extension BuiltinFunction.Cost {
  fileprivate func spend(_ seconds: Double) {
    guard seconds > 0 else { return }
    switch kind {
    case .sleep: sleep(seconds)
    case .busy:
      let start = Self.threadSeconds()
      while Self.threadSeconds() - start < seconds {}
    }
  }

  /// Sleeps until a moment, so that signals do not lengthen it.
  private func sleep(_ seconds: Double) {
    var end = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &end)
    let nanoseconds = Double(end.tv_nsec) + (seconds - seconds.rounded(.down)) * 1e9
    end.tv_sec += Int(seconds.rounded(.down)) + (nanoseconds >= 1e9 ? 1 : 0)
    end.tv_nsec = Int(nanoseconds >= 1e9 ? nanoseconds - 1e9 : nanoseconds)
    while unsafe clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &end, nil) == EINTR {}
  }

  private static func threadSeconds() -> Double {
    var time = timespec()
    unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}
