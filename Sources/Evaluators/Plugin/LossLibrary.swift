import CFunctionInterface
import Glibc
package import Learners

/// A loss in a user's library, through the C interface. It is called by roots alone.
package enum LossLibrary {
  /// The symbol that is looked for where the campaign file names none.
  package static let symbolDefault = "adaptive_mpi_loss"

  private typealias Loss = @convention(c) @Sendable (UnsafePointer<adaptive_mpi_cell>?) -> Double

  /// Loads the library at an absolute path, for ever, and finds the loss in it.
  package static func function(
    path: String, symbol: String
  ) throws(FunctionError) -> UserLossFunction {
    let handle = unsafe try PluginLibrary.open(path)
    unsafe try PluginLibrary.checkVersion(of: handle, path: path)
    guard let address = unsafe dlsym(handle, symbol) else {
      throw FunctionError(
        .symbolMissing, operation: "looking for '\(symbol)' in \(path)",
        detail: """
          the library exports no loss of that name; name one that it exports by 'symbol:' (see \
          nm -D --defined-only), or define it with ADAPTIVE_MPI_LOSS
          """)
    }
    let loss = unsafe unsafeBitCast(address, to: Loss.self)
    return { cell in unsafe call(loss, cell) }
  }

  private static func call(_ loss: Loss, _ cell: LossCell) -> Double {
    unsafe cell.points.withUnsafeBufferPointer { points in
      unsafe cell.values.withUnsafeBufferPointer { values in
        var shown = unsafe adaptive_mpi_cell(
          struct_bytes: Int64(MemoryLayout<adaptive_mpi_cell>.size),
          count: Int64(cell.points.count / cell.dimension), dimension: Int64(cell.dimension),
          value_count: Int64(cell.valueCount), points: points.baseAddress,
          values: values.baseAddress)
        return unsafe loss(&shown)
      }
    }
  }
}
