#!/usr/bin/env python3
"""Measures what work, messages and waking cost on this machine, and writes the model that
`adaptive-mpi simulate --model` reads. Then says how far the model is off at 4 to 16 leaves.

    swift build -c release --product TreeBenchmark
    swift build -c release --product TreeInstructions
    swift build -c release --product adaptive-mpi
    benchmarks/scaling/calibrate/calibrate.py [MODEL.yaml]

| what | how |
|---|---|
| a byte at a role | a sub-master's time a point, batched, in one process without MPI; 128 bytes |
| a message at a role | the same with one point a message, less the bytes: four messages |
| a point at a learner | the root's time a point, batched, less the bytes, half each for ask and tell |
| a message at MPI | plain C, 48 bytes there and back; half of a way is latency |
| a message at our transport | one point a message over MPI, less all of the above |
| ring, thread | gaps at the leaf of 3 ranks: points of 5 ms on the rank's own thread, and of 30 ms |
| a record | the root's time inside the store, 2 ranks, two records a point |

Points that differ in length, for equal ones are asked for ahead.
"""

import json
import pathlib
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from measurement import (
    BUILD, HERE, PROGRAM, TREE, best, in_turns, machine, median, world, yardstick)

ROLES = str(BUILD / "TreeInstructions")
CAMPAIGN = """\
name: calibrate
function: {{builtin: peak}}
learners: [{{name: peak, kind: 1d, bounds: [-1, 1]}}]
goal: {{npoints: 1000000000}}
tree: {{leaves_per_submaster: {leaves}}}
"""


def roles(learner, way):
    run = subprocess.run(
        [ROLES, learner, "300000", way], text=True, capture_output=True, check=True)
    return json.loads(run.stdout)


def saving():
    with tempfile.TemporaryDirectory() as folder:
        return world(2, TREE, "npoints=300000", f"directory={folder}/run")


def measure():
    pingpong = yardstick("pingpong")
    cases = {"pingpong": lambda: world(2, pingpong)}
    for learner in ("counting", "1d"):
        for way in ("batched", "single"):
            cases[f"{learner}, {way}"] = lambda learner=learner, way=way: roles(learner, way)
    cases["one point a message"] = lambda: world(
        2, TREE, "learner=counting", "time=2", "cost=busy", "waiting=0")
    for name, cost in (("own thread", 0.005), ("other thread", 0.03)):
        cases[name] = lambda cost=cost: world(
            3, TREE, "time=3", f"seconds={cost}", "cost=sleep", "leaves=1",
            "distribution=lognormal")
    cases["saving"] = saving
    return in_turns("calibrate", cases)


def fitted(records):
    """The model's numbers, in seconds, from the best runs: whoever else is here only adds."""
    def nanoseconds(case, column):
        return best(records, case, column, least=True) * 1e-9

    byte = nanoseconds("counting, batched", "submaster_ns") / 128
    message = (nanoseconds("counting, single", "submaster_ns") - 128 * byte) / 4
    way = best(records, "pingpong", "round_seconds", least=True) / 2
    single = 1 / best(records, "one point a message", "points_per_second")
    transport = max(0, (
        single - nanoseconds("counting, single", "root_ns")
        - nanoseconds("counting, single", "leaf_ns") - 2 * way) / 4)
    end = message + way / 4 + transport
    own = best(records, "own thread", "gap_us_p50", least=True) * 1e-6
    other = best(records, "other thread", "gap_us_p50", least=True) * 1e-6
    ring = max(1e-6, (own - nanoseconds("counting, single", "submaster_ns") - 4 * end) / 2)
    saved = min(
        record["checkpoint_share"] * record["seconds"] / record["points"]
        for record in records if record["case"] == "saving")
    numbers = {"end": end, "byte": byte, "latency": way / 2,
               "spread": median(records, "pingpong", "spread"),
               "bandwidth": best(records, "pingpong", "bytes_per_second"),
               "ring": ring, "thread": max(1e-6, (other - own) / 2), "record": saved / 2}
    for learner in ("counting", "1d"):
        root = nanoseconds(f"{learner}, batched", "root_ns")
        numbers[learner] = max(0, root - 64 * byte) / 2
    return numbers


def text(numbers):
    about = machine()
    def seconds(name):
        return f"{numbers[name]:.3g}"
    return f"""\
# Written by benchmarks/scaling/calibrate/calibrate.py. Seconds, bytes a second.
name: two-cores
source: "measured on {about['cores']} cores of {about['machine']}, {about['date']}, commit {about['commit']}"
within_node: {{latency: {seconds('latency')}, spread: {seconds('spread')}, bandwidth: {seconds('bandwidth')}}}
processing: {{send: {seconds('end')}, receive: {seconds('end')}, byte: {seconds('byte')}, turn: 1e-07}}
learners:
  1d: {{ask: {seconds('1d')}, tell: {seconds('1d')}}}
  counting: {{ask: {seconds('counting')}, tell: {seconds('counting')}}}
journal: {{record: {seconds('record')}, commit: 2e-06, snapshot_point: 2e-10}}
waking: {{ring: {seconds('ring')}, thread: {seconds('thread')}, spin: 0, polls: true}}
start_spread: 0.01
cores_per_node: {about['cores']}
"""


def simulated(model, leaves, cost, seconds):
    """What the simulator says of a world like TreeBenchmark's."""
    with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
        file.write(CAMPAIGN.format(leaves=leaves))
        file.flush()
        run = subprocess.run(
            [PROGRAM, "simulate", file.name, "--ranks", str(leaves + 2), "--seconds", str(cost),
             "--duration", str(seconds), "--model", str(model), "--json"],
            text=True, capture_output=True, check=True)
    return json.loads(run.stdout.splitlines()[-1])


def errors(model):
    """Busy shares and gaps, simulated and measured, at sizes that the model was not made from."""
    cases = {}
    for leaves in (4, 8, 16):
        for cost in (0.01, 0.1):
            cases[f"{leaves} leaves, {cost} s"] = lambda leaves=leaves, cost=cost: world(
                leaves + 2, TREE, "time=3", f"seconds={cost}", "cost=sleep", f"leaves={leaves}")
    records = in_turns("calibrate_errors", cases)
    worst = 0.0
    for case in cases:
        leaves, cost = int(case.split()[0]), float(case.split()[2])
        found = simulated(model, leaves, cost, 3)
        busy = best(records, case, "busy_share")
        gap = best(records, case, "gap_us_p50", least=True)
        worst = max(worst, abs(found["busy_share"] - busy))
        print(f"{case}: busy simulated {found['busy_share']:.4f}, measured {busy:.4f}; "
              f"gap p50 simulated {found['gap_us_p50']:.0f} µs, measured {gap:.0f} µs")
    print(f"busy shares differ by {worst:.4f} at most")


if __name__ == "__main__":
    path = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else HERE / "calibrate" / "two-cores.yaml"
    path.write_text(text(fitted(measure())), encoding="utf-8")
    print(path.read_text(encoding="utf-8"))
    errors(path)
