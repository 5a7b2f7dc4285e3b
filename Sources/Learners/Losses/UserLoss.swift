/// An interval or a simplex, as a loss of the user's is shown it: in the units of the built-in
/// losses, so that neither scales nor an offset of the domain matter.
package struct LossCell: Sendable {
  /// Doubles in a point, and in a value.
  package var dimension: Int
  package var valueCount: Int

  /// The ends of an interval with as many neighbours on each side as the loss wants, from the left;
  /// the corners of a simplex. Shares of the domain's width; the unit box's coordinates.
  package var points: [Double]

  /// Divided by the range of values. NaN, as its point, where there is no such neighbour.
  package var values: [Double]

  package init(dimension: Int, valueCount: Int, points: [Double] = [], values: [Double] = []) {
    self.dimension = dimension
    self.valueCount = valueCount
    self.points = points
    self.values = values
  }
}

package typealias UserLossFunction = @Sendable (LossCell) -> Double

/// A loss that a user brings: from a library through the C interface, or as a closure.
///
/// Settings know it by its name alone: two are equal whose names are, wherever they come from. The
/// function is bound to it where learners are made that choose points; elsewhere there is none, and
/// all new losses are NaN.
package struct UserLoss: Sendable, Equatable {
  package enum Origin: Sendable, Equatable {
    /// A shared library, by its absolute path.
    case library(path: String)
    /// What the program brings.
    case swift
    /// As a checkpoint remembers it.
    case unknown
  }

  /// The symbol in the library, or what the program calls it.
  package let name: String
  package let origin: Origin
  package var function: UserLossFunction?

  package init(name: String, origin: Origin, function: UserLossFunction? = nil) {
    self.name = name
    self.origin = origin
    self.function = function
  }

  package static func == (a: Self, b: Self) -> Bool { a.name == b.name }

  /// What a loss returned, as learners take it: below 0 nothing is promised.
  static func taken(_ loss: Double) -> Double { loss < 0 ? 0 : loss }
}

extension UserLoss {
  private static let field = "user_loss"

  /// Says which loss; of built-in ones nothing is said.
  static func append(_ loss: UserLoss?, to fields: inout SettingFields) {
    if let loss { fields.append(field, .text(loss.name)) }
  }

  init?(_ fields: SettingFields) {
    guard let name = try? fields.text(Self.field) else { return nil }
    self.init(name: name, origin: .unknown)
  }
}

extension LearnerKind {
  /// The user's loss that the learner is to have; nil for a built-in one.
  package var userLoss: UserLoss? {
    get {
      switch self {
      case .oneDimensional(let settings): settings.userLoss
      case .simplicial(let settings): settings.userLoss
      case .average1D(let settings): settings.curve.userLoss
      case .twoDimensional, .levelSet, .integrator, .average, .sequence, .sobol, .counting: nil
      }
    }
    set {
      switch self {
      case .oneDimensional(var settings):
        settings.userLoss = newValue
        self = .oneDimensional(settings)
      case .simplicial(var settings):
        settings.userLoss = newValue
        self = .simplicial(settings)
      case .average1D(var settings):
        settings.curve.userLoss = newValue
        self = .average1D(settings)
      case .twoDimensional, .levelSet, .integrator, .average, .sequence, .sobol, .counting: break
      }
    }
  }
}
