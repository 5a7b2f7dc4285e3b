import AdaptiveCore
import Delegation
import Testing

@testable import CommandLineInterface

/// Each wrong file is refused with its line, the key's path, what was found and what is allowed.
@Suite struct CampaignRefusalTests {
  @Test(arguments: [
    // Keys.
    (smallCampaign(more: "goals: 1"), "c.yaml:5:1: found the unknown key 'goals'", "mean 'goal'?"),
    (smallCampaign(more: "zzzzzz: 1"), "c.yaml:5:1: found the unknown key 'zzzzzz'", "walltime"),
    (
      smallCampaign(more: "name: twice"), "c.yaml:1:1: found 'name' more than once", "each key once"
    ),
    (smallCampaign(goal: ""), "c.yaml:1:1: found no key 'goal'", "{npoints: 1000}"),
    (smallCampaign(name: "? [a]\n: b"), "found a list as a key", "a text"),
    ("- a", "c.yaml:1:1: found a list", "a mapping with the keys name, directory"),
    ("", "c.yaml: found an empty file", "a campaign"),
    ("# only a comment\n", "c.yaml: found an empty file", "a campaign"),
    ("a: 1\n---\nb: 2", "c.yaml:2:1: this is not YAML", "another document"),
    ("a: [1", "c.yaml:2:1:", "this is not YAML"),
    // Names and paths.
    (smallCampaign(name: "name: a/b"), "c.yaml:1:7: name: found 'a/b'", "without '/'"),
    (smallCampaign(name: "name: .."), "name: found '..'", "not beginning with '.'"),
    (smallCampaign(name: "name:"), "name: found nothing", "200 bytes"),
    (smallCampaign(name: "name: \"a\\nb\""), "name: found the text \"a\\nb\"", "200 bytes"),
    (smallCampaign(name: "name: [a]"), "name: found a list", "200 bytes"),
    // Function.
    (smallCampaign(function: "function: peak"), "function: found 'peak'", "library, symbol"),
    (smallCampaign(function: "function: {symbol: a}"), "found no key 'library'", "builtin:"),
    (
      smallCampaign(function: "function: {library: a.so, symbol: 1a}"),
      "c.yaml:2:35: function.symbol: found '1a'", "letters, digits"
    ),
    (smallCampaign(function: "function: {builtin: peek}"), "found 'peek'", "mean 'peak'?"),
    (
      smallCampaign(function: "function: {builtin: peak, secnds: 1}"),
      "c.yaml:2:27: function: found the unknown key 'secnds'", "mean 'seconds'?"
    ),
    (
      smallCampaign(function: "function: {builtin: peak,\n  seconds: fast}"), "c.yaml:3:12:",
      "allowed is a number"
    ),
    // Teams.
    (
      smallCampaign(function: "function: {library: a.so, team: 0}"),
      "c.yaml:2:33: function.team: found '0'", "1 to"
    ),
    (
      smallCampaign(function: "function: {builtin: peak, team: 2}"),
      "found the unknown key 'team'", "builtin"
    ),
    (
      smallCampaign(function: "function: {library: a.so, span_nodes: true}"),
      "function.span_nodes: found span_nodes without team", "with team"
    ),
    (
      smallCampaign(function: "function: {library: a.so, team: 2, isolation: process}"),
      "function.isolation: found isolation: process with team", "isolation: none"
    ),
    (
      smallCampaign(function: "function: {library: a.so, team: 2, max_rss: 1G}"),
      "max_rss with isolation: none", "of its own"
    ),
    (
      smallCampaign(learners: "learners: [{name: a, kind: 1d, bounds: [0, 1], team: 2}]"),
      "c.yaml:3:12: learners[0]: found team of a learner", "'team' of the function"
    ),
    (
      teamsOfTwoSizes + "\ntree: {roots: 2}", "tree: found roots: 2", "several sizes"
    ),
    (
      smallCampaign(
        function: "function: {library: a.so, team: 2}",
        learners: """
          learners:
            - {name: 'a{k}', kind: 1d, bounds: [0, 1], sweep: {k: [\((1...65).map { "\($0)" }
            .joined(separator: ", "))]}}
            - {name: b, kind: 1d, bounds: [0, 1], team: 1}
          """), "found team 1 of learner 66 of 66, 2 of learner 2", "up to 64 learners"
    ),
    // Goal.
    (smallCampaign(goal: "goal: {loss: 0}"), "c.yaml:4:14: goal.loss: found '0'", "above 0"),
    (smallCampaign(goal: "goal: {loss: -1}"), "goal.loss: found '-1'", "above 0"),
    (smallCampaign(goal: "goal: {loss: .nan}"), "goal.loss: found '.nan'", "finite"),
    (smallCampaign(goal: "goal: {loss: 1e999}"), "goal.loss: found '1e999'", "finite"),
    (smallCampaign(goal: "goal: {loss: '1'}"), "goal.loss: found the text \"1\"", "finite"),
    (smallCampaign(goal: "goal: {npoints: 1.5}"), "goal.npoints: found '1.5'", "whole number"),
    (smallCampaign(goal: "goal: {npoints: 0}"), "goal.npoints: found '0'", "1 or more"),
    (smallCampaign(goal: "goal: {time: 5y}"), "goal.time: found '5y'", "90s"),
    (smallCampaign(goal: "goal: {time: 0}"), "goal.time: found '0'", "90s"),
    (smallCampaign(goal: "goal: {}"), "goal: found an empty mapping", "npoints"),
    (smallCampaign(goal: "goal: {any: []}"), "goal.any: found an empty list", "a list of goals"),
    (smallCampaign(goal: "goal: {any: [{loss: x}]}"), "goal.any[0].loss: found 'x'", "finite"),
    // Other numbers.
    (smallCampaign(more: "retries: -1"), "c.yaml:5:10: retries: found '-1'", "0 to 1000"),
    (smallCampaign(more: "seed: -1"), "seed: found '-1'", "0 or more"),
    (smallCampaign(more: "seed: 99999999999999999999"), "seed: found '999", "whole number"),
    (smallCampaign(more: "outputs: 0"), "outputs: found '0'", "a whole number from 1"),
    (smallCampaign(more: "outputs: []"), "outputs: found an empty list", "a list such as"),
    (smallCampaign(more: "outputs: [a, a]"), "outputs[1]: found the output 'a' a second", "own"),
    (smallCampaign(more: "outputs: [a-b]"), "outputs[0]: found 'a-b'", "letters, digits"),
    (smallCampaign(more: "outputs: [{name: a, size: 0}]"), "size: found '0'", "from 1"),
    (smallCampaign(more: "outputs: [a, energy]\nlearn: enrgy"), "found 'enrgy'", "energy"),
    (smallCampaign(more: "outputs: 2\nlearn: a"), "learn: found 'a'", "where outputs have names"),
    (
      smallCampaign(function: "function: {python: 'p.py:f', setup: 1f}"), "setup: found '1f'",
      "a function beside 'f'"
    ),
    (
      smallCampaign(function: "function: {library: l.so, setup: f}"), "unknown key 'setup'",
      "setup_node"
    ),
    (
      smallCampaign(function: "function: {library: l.so, setup_node: stage}"),
      "setup_node: found 'stage'", "a list of texts"
    ),
    (smallCampaign(more: "failures: {limit: 0}"), "failures.limit: found '0'", "1 or more"),
    (smallCampaign(more: "failures: {limit: 0%}"), "failures.limit: found '0%'", "share above 0%"),
    (smallCampaign(more: "failures: {limit: 101%}"), "found '101%'", "up to 100%"),
    (smallCampaign(more: "failures: {limit: nan%}"), "found 'nan%'", "up to 100%"),
    (smallCampaign(more: "failures: 5"), "failures: found '5'", "a mapping with the keys limit"),
    (smallCampaign(more: "tree: {levels: -1}"), "tree.levels: found '-1'", "0 to 16"),
    (
      smallCampaign(more: "tree: {leaves_per_submaster: 0}"),
      "tree.leaves_per_submaster: found '0'",
      "from 1"
    ),
    (smallCampaign(more: "checkpoint: {interval: often}"), "found 'often'", "auto, or a time"),
    (smallCampaign(more: "checkpoint: {grace: -3}"), "checkpoint.grace: found '-3'", "90s"),
    (smallCampaign(more: "walltime: 1:60:00"), "walltime: found '1:60:00'", "1:30:00"),
  ])
  func theFileIsRefused(text: String, found: String, allowed: String) {
    let said = refusal(of: text)
    #expect(said.contains(found) && said.contains(allowed), "\(said)")
  }

  @Test(arguments: [
    ("[]", "learners: found an empty list", "a list of learners"),
    ("[3]", "learners[0]: found '3'", "keys name, kind, bounds"),
    ("[{kind: 1d, bounds: [0, 1]}]", "learners[0]: found no key 'name'", "name: a name"),
    ("[{name: a, bounds: [0, 1]}]", "learners[0]: found no key 'kind'", "1d"),
    ("[{name: a, kind: 1D, bounds: [0, 1]}]", "learners[0].kind: found '1D'", "mean '1d'?"),
    ("[{name: a, kind: 1d}]", "learners[0]: found no key 'bounds'", "[0, 1]"),
    ("[{name: a, kind: 1d, bound: [0, 1]}]", "unknown key 'bound'", "mean 'bounds'?"),
    ("[{name: a, kind: 1d, bounds: [0]}]", "learners[0].bounds: found a list", "two finite"),
    ("[{name: a, kind: 1d, bounds: [1, 1]}]", "bounds: found [1.0, 1.0]", "below the second"),
    ("[{name: a, kind: 1d, bounds: [3, 0]}]", "bounds: found [3.0, 0.0]", "below the second"),
    ("[{name: a, kind: 1d, bounds: [0, .inf]}]", "bounds[1]: found '.inf'", "two finite"),
    ("[{name: a, kind: 1d, bounds: [.nan, 1]}]", "bounds[0]: found '.nan'", "two finite"),
    ("[{name: a, kind: 1d, bounds: [0, 1], loss: trangle}]", "found 'trangle'", "mean 'triangle'?"),
    ("[{name: a, kind: 1d, bounds: [0, 1], loss: [x]}]", "loss: found a list", "uniform"),
    ("[{name: a, kind: 1d, bounds: [0, 1], loss: {}}]", "an empty mapping", "curvature"),
    (
      "[{name: a, kind: 1d, bounds: [0, 1], loss: {resolution: {min: 1, max: 0}}}]",
      "loss.resolution: found min 1.0 and max 0.0", "min below max"
    ),
    (
      "[{name: a, kind: 1d, bounds: [0, 1], loss: {curvature: {area: -1}}}]",
      "loss.curvature.area: found '-1'", "0 or more"
    ),
    (
      "[{name: a, kind: 1d, bounds: [0, 1], parameters: {p: x}}]", "parameters.p: found 'x'",
      "finite"
    ),
    ("[{name: a, kind: 1d, bounds: [0, 1], parameters: {'': 1}}]", "the key ''", "without spaces"),
    ("[{name: a, kind: 1d, bounds: [0, 1], sweep: {}}]", "sweep: found an empty", "{mu: [0, 1]}"),
    (
      "[{name: 'a{m}', kind: 1d, bounds: [0, 1], sweep: {m: []}}]", "sweep.m: found an empty",
      "list of"
    ),
    ("[{name: a, kind: 1d, bounds: [0, 1], sweep: {m: [1]}}]", "name: found 'a'", "with {m} in it"),
    ("[{name: 'a{n}', kind: 1d, bounds: [0, 1]}]", "found the text \"a{n}\"", "braces only"),
    (
      "[{name: 'a{m}', kind: 1d, bounds: [0, 1], parameters: {m: 1}, sweep: {m: [1]}}]",
      "'m' in parameters and in sweep", "one of them"
    ),
    (
      "[{name: a, kind: 1d, bounds: [0, 1]}, {name: a, kind: 1d, bounds: [0, 2]}]",
      "learners[1]: found the name 'a' a second time, after line 3", "a name of its own"
    ),
    ("[{name: 'a{m}', kind: 1d, bounds: [0, 1], sweep: {m: [1, 1]}}]", "'a1' a second time", "own"),
  ])
  func theLearnersAreRefused(learners: String, found: String, allowed: String) {
    let said = refusal(of: smallCampaign(learners: "learners: \(learners)"))
    #expect(said.hasPrefix("c.yaml:3:"), "\(said)")
    #expect(said.contains(found) && said.contains(allowed), "\(said)")
  }

  @Test func moreLearnersThanTheLimitAreRefusedBeforeTheyAreMade() {
    let axis = (0..<1200).map { "\($0)" }.joined(separator: ", ")
    let names = (0..<6).map { "p\($0)" }
    let sweep = names.map { "\($0): [\(axis)]" }.joined(separator: ", ")
    let name = names.map { "{\($0)}" }.joined()
    let said = refusal(
      of: smallCampaign(
        learners: "learners: [{name: '\(name)', kind: 1d, bounds: [0, 1], sweep: {\(sweep)}}]"))
    #expect(said.contains("found more than 1048576 learners"), "\(said)")
  }

  @Test func aWrongFileEndsWithTheCampaignsExitCode() {
    #expect(throws: EarlyEnd.self) { try read("a: 1") }
    do throws(EarlyEnd) { _ = try read("a: 1") } catch {
      #expect(error.exitCode == .campaignWrong)
      #expect(error.exitCode.rawValue == 78)
    }
  }
}
