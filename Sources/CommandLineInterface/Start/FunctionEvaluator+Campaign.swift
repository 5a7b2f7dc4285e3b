import Delegation
package import Evaluators

extension FunctionEvaluator {
  /// Loads a campaign's function for one rank of a world.
  package init(
    _ function: CampaignFunction, rank: Int, rankCount: Int
  ) throws(EarlyEnd) {
    do throws(FunctionError) {
      switch function {
      case .library(let path, let symbol):
        self = .plugin(
          PluginEvaluator(
            try PluginLibrary(path: path, symbol: symbol), rank: rank, rankCount: rankCount))
      case .builtin(let name, let settings):
        self = .builtin(BuiltinEvaluator(try BuiltinFunction(name: name, settings: settings)))
      }
    } catch {
      throw EarlyEnd(.campaignWrong, "\(error)")
    }
  }
}
