extension BuiltinFunction {
  /// One setting as a campaign file spells it: a scalar is one text, a list several.
  package struct Setting: Sendable, Equatable {
    package var key: String
    package var values: [String]

    package init(_ key: String, _ values: String...) {
      self.init(key: key, values: values)
    }

    package init(key: String, values: [String]) {
      self.key = key
      self.values = values
    }
  }

  package enum SettingKey: String, CaseIterable, Sendable {
    case seconds, cost, distribution, sigma, alpha, seed, fails, nan, slow
    case slowSeconds = "slow_seconds"
  }

  /// Reads what stands under `function:` beside `builtin: name`.
  package init(name: String, settings: [Setting]) throws(FunctionError) {
    let place = "builtin function '\(name)'"
    guard let shape = Shape(rawValue: name) else {
      throw FunctionError(
        .settingInvalid, operation: place,
        detail: "no such function; allowed are \(Shape.allCases.map(\.rawValue).sentence)")
    }
    self.init(shape)
    var distribution = DistributionName.fixed
    var sigma: Double?
    var alpha: Double?
    for setting in settings {
      let reader = SettingReader(place: "\(place), \(setting.key)", values: setting.values)
      guard let key = SettingKey(rawValue: setting.key) else {
        throw FunctionError(
          .settingInvalid, operation: "\(place), \(setting.key)",
          detail: "no such setting; allowed are \(SettingKey.allCases.map(\.rawValue).sentence)")
      }
      switch key {
      case .seconds: cost.seconds = try reader.number(in: 0...Self.secondsMax)
      case .cost: cost.kind = try reader.choice(Cost.Kind.self)
      case .distribution: distribution = try reader.choice(DistributionName.self)
      case .sigma: sigma = try reader.number(in: 0...10)
      case .alpha: alpha = try reader.number(in: 1.01...100)
      case .seed: seed = try reader.seed()
      case .fails: fails = try reader.interval()
      case .nan: notANumber = try reader.interval()
      case .slow: slow = try reader.interval()
      case .slowSeconds: slowSeconds = try reader.number(in: 0...Self.secondsMax)
      }
    }
    if let sigma, distribution != .lognormal {
      throw FunctionError(
        .settingInvalid, operation: "\(place), sigma",
        detail: "sigma: \(sigma) goes with distribution: lognormal only")
    }
    if let alpha, distribution != .pareto {
      throw FunctionError(
        .settingInvalid, operation: "\(place), alpha",
        detail: "alpha: \(alpha) goes with distribution: pareto only")
    }
    switch distribution {
    case .fixed: cost.distribution = .fixed
    case .lognormal: cost.distribution = .logNormal(sigma: sigma ?? 0.5)
    case .pareto: cost.distribution = .pareto(alpha: alpha ?? 1.5)
    }
  }

  private enum DistributionName: String, CaseIterable { case fixed, lognormal, pareto }
}

/// Reads one setting's texts, or says what is allowed.
private struct SettingReader {
  let place: String
  let values: [String]

  func number(in range: ClosedRange<Double>) throws(FunctionError) -> Double {
    guard values.count == 1, let number = Double(values[0]), range.contains(number) else {
      throw invalid("a number from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  func seed() throws(FunctionError) -> UInt64 {
    guard values.count == 1, let number = UInt64(values[0]) else {
      throw invalid("an integer from 0 to \(UInt64.max)")
    }
    return number
  }

  func interval() throws(FunctionError) -> ClosedRange<Double> {
    guard values.count == 2, let low = Double(values[0]), let high = Double(values[1]), low <= high
    else { throw invalid("two numbers in order, such as [0.1, 0.2]") }
    return low...high
  }

  func choice<Choice: RawRepresentable & CaseIterable>(
    _ type: Choice.Type
  ) throws(FunctionError) -> Choice where Choice.RawValue == String {
    guard values.count == 1, let choice = Choice(rawValue: values[0]) else {
      throw invalid(Choice.allCases.map(\.rawValue).sentence)
    }
    return choice
  }

  private func invalid(_ allowed: String) -> FunctionError {
    let found = values.count == 1 ? "'\(values[0])'" : "\(values)"
    return FunctionError(
      .settingInvalid, operation: place, detail: "found \(found), allowed is \(allowed)")
  }
}

extension [String] {
  /// The words with commas, the last after "or".
  var sentence: String {
    guard count > 1, let last else { return first ?? "none" }
    return "\(dropLast().joined(separator: ", ")) or \(last)"
  }
}
