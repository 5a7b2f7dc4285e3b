package import AdaptiveCore

/// Bounds of the processes that evaluate a leaf's points beside it.
extension Limits {
  /// Bytes of one frame between a leaf and its worker: a batch of the largest values.
  package static let workerFrameBytesMax = 1 << 30

  /// How long a worker may take to import or load its function and set it up: packages lie on slow
  /// shared file systems, and every leaf reads them at once.
  package static let workerStartMax = TimeSpan(seconds: 600)

  /// Between the request to end and the end that is forced, of a function's process.
  package static let workerPatience = TimeSpan(seconds: 3)

  /// How long a worker whose function is set up may take to tear it down.
  package static let workerTearDownMax = TimeSpan(seconds: 10)

  /// Pauses before a worker is started again: none for the first time, then from the first to the
  /// last, doubling until a point succeeds.
  package static let workerPauseMin = TimeSpan.milliseconds(10)
  package static let workerPauseMax = TimeSpan(seconds: 1)

  /// Between two looks at the memory of a worker, and at whether it lives though it holds its
  /// connection open.
  package static let workerLookInterval = TimeSpan.milliseconds(50)

  /// Bytes of what a leaf's function printed, twice: the file in use and the one before it.
  package static let outputLogBytesMax = 1 << 20

  /// Between two looks at what a function in a rank's own process has printed.
  package static let outputLookInterval = TimeSpan.milliseconds(100)

  /// A function whose points take this long or longer is evaluated in isolation, where the campaign
  /// does not say.
  package static let isolationPays = TimeSpan.milliseconds(1)

  /// Points that are measured for that.
  package static let isolationMeasuredCount = 20
}
