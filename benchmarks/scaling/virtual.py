#!/usr/bin/env python3
"""The scale that no machine here has, in virtual time: one row a claim, by `adaptive-mpi simulate`,
and once more with latencies ten times longer. Writes the table of ../../docs/scaling.md.

    swift build -c release --product adaptive-mpi
    benchmarks/scaling/virtual.py [ROW…]           # rows by number, from 0; others keep their result
    benchmarks/scaling/virtual.py --table          # only the table

Everything is simulated: the model's name stands in the table.
"""

import json
import os
import subprocess
import sys
import tempfile
import time

from measurement import PROGRAM, RESULTS, ROOT, count, write_between

MODEL = os.environ.get("MODEL", "slingshot")
DOCUMENT = ROOT / "docs" / "scaling.md"
BEGIN, END = "<!-- virtual: made by benchmarks/scaling/virtual.py -->", "<!-- virtual: end -->"

# Nodes of 128 ranks; one of them a sub-master, and the root on the first.
NODES = {"51,200": 404, "102,400": 807, "1,048,576": 8257}


def row(leaves, seconds, busy=None, load=None, learner="1d", levels=None, points=6, roots=1):
    return dict(leaves=leaves, seconds=seconds, busy=busy, load=load, learner=learner,
                levels=levels, points=points, roots=roots)


# Levels None: as many as the program would choose.
ROWS = [
    row("51,200", 10, busy=0.999, points=4),
    row("102,400", 10, busy=0.999, points=4),
    row("102,400", 1, busy=0.999, load=0.10),
    row("102,400", 1, busy=0.999, load=0.10, levels=1),
    row("102,400", 0.1, busy=0.995, load=0.60, points=20),
    row("102,400", 0.01, busy=0.99, load=0.60, points=15, learner="counting"),
    row("1,048,576", 1, busy=0.999, load=0.60, points=3),
    row("102,400", 10, learner="flat", levels=0, points=18),
    # One root, and several with a learner each.
    row("102,400", 0.01, points=40, levels=1),
    row("102,400", 0.01, points=10, roots=4),
    row("102,400", 0.01, points=10, roots=16),
]


def flat_model(folder):
    """The model with a learner that takes a millisecond a point."""
    path = f"{folder}/flat.yaml"
    with open(path, "w", encoding="utf-8") as file:
        file.write(
            "name: flat-1ms\nsource: a master that spends 1 ms a task\n"
            "within_node: {latency: 3e-7, bandwidth: 4e9}\n"
            "between_nodes: {latency: 2.6e-6, spread: 0.26, bandwidth: 25e9}\n"
            "learners: {1d: {ask: 5e-4, tell: 5e-4}}\n"
            "waking: {spin: 0.002, polls: true}\nstart_spread: 0.01\n")
    return path


def learners(kind, roots):
    """One for each root."""
    if roots == 1:
        return f"{{name: one, kind: {kind}}}"
    offsets = ", ".join(f"{index / roots - 0.5}" for index in range(roots))
    return f'{{name: "at {{offset}}", kind: {kind}, sweep: {{offset: [{offsets}]}}}}'


def simulate(entry, factor):
    flat = entry["learner"] == "flat"
    leaves = NODES[entry["leaves"]] * 127 - 1
    with tempfile.TemporaryDirectory() as folder:
        path = f"{folder}/campaign.yaml"
        kind = "counting" if entry["learner"] == "counting" else "1d, bounds: [-1, 1]"
        with open(path, "w", encoding="utf-8") as file:
            file.write(
                f"name: virtual\nfunction: {{builtin: peak}}\n"
                f"learners: [{learners(kind, entry['roots'])}]\n"
                f"goal: {{npoints: {entry['points'] * leaves // entry['roots']}}}\n")
            levels = "" if entry["levels"] is None else f", levels: {entry['levels']}"
            file.write(f"tree: {{roots: {entry['roots']}{levels}}}\n")
        command = [
            PROGRAM, "simulate", path, "--ranks", str(NODES[entry["leaves"]] * 128),
            "--per-node", "128", "--seconds", f"lognormal({entry['seconds']}, 0.5)",
            "--model", flat_model(folder) if flat else MODEL, "--latency-factor", str(factor),
            "--json"]
        if flat:
            command += ["--duration", str(entry["points"] * entry["seconds"])]
        began = time.time()
        run = subprocess.run(command, text=True, capture_output=True, check=True)
    record = json.loads(run.stdout.splitlines()[-1])
    return dict(record, wall_seconds=round(time.time() - began, 1))


def share(value):
    return "–" if value is None else f"{100 * value:.2f} %"


def verdict(entry, found):
    if entry["busy"] is None:
        return "what it is"
    if found["busy_share"] < entry["busy"]:
        return f"**short**, limited by: {found['limited_by']}"
    if entry["load"] is not None and found["root_load"] > entry["load"]:
        return "**short**, by what a point costs the root"
    return "met"


def line(entry, records):
    goal = "–"
    if entry["busy"] is not None:
        goal = f"≥ {100 * entry['busy']:g} %"
    if entry["load"] is not None:
        goal += f", ≤ {100 * entry['load']:g} %"
    learner = {"flat": "1d, flat, 1 ms a task"}.get(entry["learner"], entry["learner"])
    if entry["roots"] > 1:
        learner = f"{entry['roots']} × {learner}, {entry['roots']} roots"
    cells = [entry["leaves"], f"{entry['seconds']:g}", learner]
    if records is None:
        return cells + ["", goal, "not run"] + [""] * 6
    found, far = records[0], records[1] if len(records) > 1 else None
    rate, gap = found["points_per_second"], found["gap_us_mean"]
    return cells + [
        str(found["levels"]), goal, share(found["busy_share"]), share(found["root_load"]),
        share(found.get("submaster_load_max")), "–" if rate is None else count(rate),
        "–" if gap is None else f"{gap:.0f} µs",
        "–" if far is None else f"{share(far['busy_share'])}, {share(far['root_load'])}",
        verdict(entry, found)]


def section(records):
    lines = [
        "| leaves | seconds a point | learner | levels | goal: busy, root's load | busy "
        "| root's load | busiest sub-master's | points/s | a leaf waits "
        "| latencies × 10: busy, load | |", "|" + "---|" * 12]
    lines += ["| " + " | ".join(line(*pair)) + " |" for pair in zip(ROWS, records)]
    lines += ["", f"Simulated by the model {MODEL}; log-normal costs (σ = 0.5), nodes of 128 ranks, "
              "seed 1, steady state."]
    return "\n".join(lines)


def main():
    RESULTS.mkdir(exist_ok=True)
    path = RESULTS / "virtual.json"
    records = json.loads(path.read_text(encoding="utf-8")) if path.exists() else []
    records += [None] * (len(ROWS) - len(records))
    words = [word for word in sys.argv[1:] if word != "--table"]
    wanted = [int(word) for word in words] or range(0 if "--table" in sys.argv else len(ROWS))
    for index in wanted:
        records[index] = [simulate(ROWS[index], factor) for factor in (1, 10)]
        print(index, ROWS[index], *records[index], sep="\n  ", file=sys.stderr)
        path.write_text(json.dumps(records, indent=1) + "\n", encoding="utf-8")
    write_between(DOCUMENT, BEGIN, END, section(records))


if __name__ == "__main__":
    main()
