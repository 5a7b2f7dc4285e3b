import Delegation
package import Evaluators
import Foundation

extension FunctionEvaluator {
  /// Loads a campaign's function for one rank of a world.
  package init(
    _ function: CampaignFunction, _ circumstances: WorkerPlan.Circumstances
  ) throws(EarlyEnd) {
    let conduct = circumstances.conduct
    let inherited = ChildEnvironment.current()
    for variable in conduct.variables(inherited: inherited) {
      unsafe setenv(variable.name, variable.value, 1)
    }
    do throws(FunctionError) {
      switch function {
      case .library(let path, let symbol) where conduct.team != nil:
        self = .team(
          PluginEvaluator(
            try PluginLibrary(path: path, symbol: symbol), rank: circumstances.rank,
            rankCount: circumstances.rankCount, team: circumstances.team))
      case .library(let path, let symbol) where conduct.needsProcess:
        self = .worker(
          WorkerEvaluator(.library(path: path, symbol: symbol, circumstances)))
      case .library(let path, let symbol):
        let loaded = LoadedFunction.plugin(
          PluginEvaluator(
            try PluginLibrary(path: path, symbol: symbol), rank: circumstances.rank,
            rankCount: circumstances.rankCount))
        self = .library(
          LibraryEvaluator(
            isolated: WorkerEvaluator(.library(path: path, symbol: symbol, circumstances)),
            loaded: loaded, measures: conduct.isolation == .automatic))
      case .swift(let name):
        let loaded = LoadedFunction.closure(
          ClosureEvaluator(try ClosureFunctions.function(named: name)))
        let isolated = WorkerEvaluator(.closure(named: name, circumstances))
        self =
          conduct.needsProcess
          ? .worker(isolated)
          : .library(
            LibraryEvaluator(
              isolated: isolated, loaded: loaded, measures: conduct.isolation == .automatic))
      case .python(let function): self = .worker(WorkerEvaluator(.python(function, circumstances)))
      case .program(let settings):
        self = .worker(WorkerEvaluator(.program(settings, circumstances)))
      case .builtin(let name, let settings):
        self = .builtin(BuiltinEvaluator(try BuiltinFunction(name: name, settings: settings)))
      }
    } catch {
      throw EarlyEnd(.campaignWrong, "\(error)")
    }
  }
}
