@testable import CommandLineInterface

/// A campaign file that is right in every line, with each key at least once.
let wholeCampaign = """
  name: nanowire
  directory: runs/wire
  function:
    library: libnanowire.so
    symbol: gap
  outputs: 2
  learners:
    - name: "mu={mu} B={field}"
      kind: 1d
      bounds: [0.0, 3.0]
      loss: {curvature: {area: 1, euclid: 0.5, horizontal: 0.25}}
      parameters: {delta: 0.5, alpha: -1.0}
      sweep: {mu: [0.0, 1e-1], field: [1, 2, 3]}
    - name: plain
      kind: 1d
      bounds: [-1, 1e2]
      loss: abs_min_log
      outputs: 1
  goal: {all: [{loss: 0.01}, {any: [{npoints: 2000}, {time: 2h}]}]}
  tree: {leaves_per_submaster: 127, levels: 2, roots: 3}
  checkpoint: {interval: 5m, mtbf: 12h, commit: 2, grace: 45}
  retries: 3
  failures: {limit: 50}
  seed: 7
  walltime: 1-00:30:00
  """

/// Teams of four, and a learner that leaves evaluate one by one.
let teamsOfTwoSizes = smallCampaign(
  function: "function: {library: a.so, team: 4, span_nodes: true, timeout: 3}",
  learners: """
    learners:
      - {name: a, kind: 1d, bounds: [0, 1]}
      - {name: b, kind: 1d, bounds: [0, 1], team: 1}
      - {name: c, kind: 1d, bounds: [0, 1]}
    """)

/// The least that a campaign file may say, with parts to be replaced.
func smallCampaign(
  name: String = "name: small", function: String = "function: {builtin: peak}",
  learners: String = "learners: [{name: a, kind: 1d, bounds: [0, 1]}]",
  goal: String = "goal: {loss: 0.1}", more: String = ""
) -> String {
  [name, function, learners, goal, more].joined(separator: "\n")
}

func read(
  _ text: String, overrides: [CampaignOverride] = []
) throws(EarlyEnd) -> Campaign {
  try CampaignReader.read(
    Array(text.utf8), source: "c.yaml", folder: "/campaigns", overrides: overrides)
}

/// What the reader says about a text that it refuses.
func refusal(of text: String, overrides: [CampaignOverride] = []) -> String {
  do throws(EarlyEnd) {
    return "accepted: \(try read(text, overrides: overrides))"
  } catch {
    return error.detail
  }
}
