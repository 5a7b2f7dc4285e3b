import AdaptiveCore
import Delegation
import Foundation

/// What a world tells the job script that started it, in the file that `ADAPTIVE_MPI_WORLD_FILE`
/// names: one line of its number, the points that it began with, and, once it has ended in order,
/// why. Without that variable nothing is written.
struct WorldFile {
  private let path: String?

  init(environment: [String: String] = ProcessInfo.processInfo.environment) {
    path = environment["ADAPTIVE_MPI_WORLD_FILE"].flatMap { $0.isEmpty ? nil : $0 }
  }

  func write(_ world: WorldNumber, points: Int, end: Verdict? = nil) {
    guard let path else { return }
    let line = "\(world.rawValue) \(points) \(end?.word ?? "running")\n"
    do {
      try Data(line.utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
    } catch {
      // The script then knows less: it counts this world as one without a new point.
      Console.warn("writing \(path): \(error.localizedDescription)")
    }
  }
}

extension Verdict {
  /// One word for scripts.
  fileprivate var word: String {
    switch self {
    case .goalReached: "goal"
    case .exhausted: "exhausted"
    case .stopped(.signal): "signal"
    case .stopped(.stopFile): "stop-file"
    case .stopped(.walltime): "walltime"
    case .stopped(.fenced): "fenced"
    case .stopped(.leavesLost): "leaves-lost"
    case .functionFailsEverywhere: "function-fails"
    case .notSaved: "not-saved"
    }
  }
}
