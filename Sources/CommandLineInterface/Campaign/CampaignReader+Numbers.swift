import Delegation
import Learners

/// Learners of a number: an integral, a mean.
extension CampaignReader {
  func integrator(_ mapping: CampaignMapping) throws(EarlyEnd) -> IntegratorSettings {
    let bounds = try mapping.required("bounds", "two numbers, such as [0, 1]")
    let (lower, upper) = try interval(bounds)
    let relative = try mapping["relative_tolerance"]?.positiveNumber()
    let absolute = try mapping["absolute_tolerance"]?.positiveNumber()
    guard relative != nil || absolute != nil else {
      throw mapping.node.refused(
        "neither relative_tolerance nor absolute_tolerance", allowed: "one of them, or both")
    }
    let isComplex = try self.isComplex(mapping)
    return try settings(at: mapping.node) { () throws(LearnerError) in
      try IntegratorSettings(
        lower: lower, upper: upper, relativeTolerance: relative ?? 0,
        absoluteTolerance: absolute ?? 0, isComplex: isComplex)
    }
  }

  func average(_ mapping: CampaignMapping) throws(EarlyEnd) -> AverageSettings {
    let relative = try mapping["relative_tolerance"]?.positiveNumber()
    let absolute = try mapping["absolute_tolerance"]?.positiveNumber()
    guard relative != nil || absolute != nil else {
      throw mapping.node.refused(
        "neither relative_tolerance nor absolute_tolerance", allowed: "one of them, or both")
    }
    let least = try mapping["min_points"]?.integer(in: 2...Int.max) ?? 2
    let isComplex = try self.isComplex(mapping)
    return try settings(at: mapping.node) { () throws(LearnerError) in
      try AverageSettings(
        absoluteTolerance: absolute ?? .infinity, relativeTolerance: relative ?? .infinity,
        pointCountMin: least, isComplex: isComplex)
    }
  }

  func average1D(_ mapping: CampaignMapping) throws(EarlyEnd) -> Average1DSettings {
    let curve = try settings1D(mapping)
    let delta = try mapping["delta"]?.positiveNumber() ?? 0.2
    let alpha = try mapping["alpha"]?.positiveNumber() ?? 0.005
    let share = try mapping["neighbor_sampling"]?.positiveNumber() ?? 0.3
    let least = try mapping["min_samples"]?.integer(in: 2...Int(Int32.max))
    let most = try mapping["max_samples"]?.integer(in: 2...Int(Int32.max))
    let absolute = try mapping["absolute_tolerance"]?.positiveNumber() ?? 0
    let relative = try mapping["relative_tolerance"]?.positiveNumber() ?? 0
    return try settings(at: mapping.node) { () throws(LearnerError) in
      try Average1DSettings(
        curve: curve, delta: delta, alpha: alpha, neighborSampling: share,
        sampleCountMin: least ?? min(50, most ?? 50), sampleCountMax: most ?? Int(Int32.max),
        absoluteTolerance: absolute, relativeTolerance: relative)
    }
  }

  /// What `make` returns, or its refusal with the place in the file.
  func settings<Settings>(
    at node: CampaignNode, _ make: () throws(LearnerError) -> Settings
  ) throws(EarlyEnd) -> Settings {
    do throws(LearnerError) {
      return try make()
    } catch {
      throw EarlyEnd(.campaignWrong, "\(node.place): \(node.path): \(error.detail)")
    }
  }
}
