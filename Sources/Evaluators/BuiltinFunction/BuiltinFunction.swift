/// A test function of known shape whose cost can be chosen, and which misbehaves where told to.
///
/// A point's value, cost and misbehaviour depend on the settings, the learner's parameters and the
/// point alone, not on the leaf or the order, so that runs can be compared.
package struct BuiltinFunction: Sendable, Equatable {
  /// What the function looks like; `x` is the point, `o` has the parameter `offset` in each
  /// coordinate. Component `j` of a value is `1 + j` times what is given here.
  package enum Shape: String, Sendable, CaseIterable {
    /// `sum(x) + w² / (w² + |x − o|²)`: the peak of Python adaptive's tutorial.
    case peak
    /// `tanh(sum(x − o) / w)`
    case step
    /// `sin(2π f sum(x − o))`
    case wave
    /// `x₀ + exp(−(|x − o|² − r²)² / w⁴)`: Python adaptive's ring in two dimensions.
    case ring
  }

  package var shape: Shape
  package var cost: Cost

  /// Seeds the costs of points, where they are random.
  package var seed: UInt64

  /// Where the function reports an error, by a point's first coordinate.
  package var fails: ClosedRange<Double>?

  /// Where it returns not-a-number.
  package var notANumber: ClosedRange<Double>?

  /// Where a point costs `slowSeconds` instead.
  package var slow: ClosedRange<Double>?
  package var slowSeconds: Double

  package init(
    _ shape: Shape, cost: Cost = Cost(), seed: UInt64 = 0, fails: ClosedRange<Double>? = nil,
    notANumber: ClosedRange<Double>? = nil, slow: ClosedRange<Double>? = nil,
    slowSeconds: Double = 60
  ) {
    self.shape = shape
    self.cost = cost
    self.seed = seed
    self.fails = fails
    self.notANumber = notANumber
    self.slow = slow
    self.slowSeconds = slowSeconds
  }
}

extension BuiltinFunction {
  /// How long a point takes, and what the processor does meanwhile.
  package struct Cost: Sendable, Equatable {
    package enum Kind: String, Sendable, CaseIterable {
      /// The thread sleeps: many leaves fit on one core.
      case sleep
      /// The thread computes for as long, counted in its own processor time.
      case busy
    }

    package enum Distribution: Sendable, Equatable {
      case fixed
      /// `sigma` is the standard deviation of the logarithm; the mean stays `seconds`.
      case logNormal(sigma: Double)
      /// Heavy-tailed: the share of points that cost more than t falls as t^-alpha, with alpha > 1
      /// so that the mean exists; the mean stays `seconds`.
      case pareto(alpha: Double)
    }

    package var kind: Kind
    package var distribution: Distribution

    /// The mean, in seconds; 0 costs nothing but the arithmetic.
    package var seconds: Double

    package init(
      _ kind: Kind = .sleep, seconds: Double = 0, distribution: Distribution = .fixed
    ) {
      self.kind = kind
      self.distribution = distribution
      self.seconds = seconds
    }
  }

  /// The numbers of a shape that a learner's parameters may set.
  package struct Arguments: Sendable, Equatable {
    package var offset = 0.0
    package var width: Double
    package var frequency = 3.0
    package var radius = 0.75
  }

  /// The longest time that a setting may ask for: 10 days.
  package static let secondsMax = 864_000.0
}
