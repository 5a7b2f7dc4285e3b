#!/usr/bin/env python3
"""What a point costs a learner as the work grows, and how fast a learner is restored: processor time of
one thread."""

import re
import subprocess

from measurement import BUILD, best, count, in_turns, load, show, values, verdict

NAME = "growth"
COUNTS = (10_000, 100_000, 1_000_000, 10_000_000)


def learner(*arguments):
    run = subprocess.run(
        [BUILD / "LearnerBenchmark", *map(str, arguments)], text=True, capture_output=True,
        check=True)
    found = re.search(r"(\d+) points/s, (-?\d+) bytes/point", run.stdout)
    return {"points_per_second": int(found[1]), "bytes_per_point": int(found[2])}


def measure():
    cases = {}
    for points in COUNTS:
        cases[f"ask and tell, {points}"] = lambda points=points: learner("ask", points, 0)
        cases[f"restore, {points}"] = lambda points=points: learner("restore", points)
    in_turns(NAME, cases)


def rows(records):
    def rates(what):
        return {points: best(records, f"{what}, {points}", "points_per_second")
                for points in COUNTS if values(records, f"{what}, {points}", "points_per_second")}

    lines = []
    asked, restored = rates("ask and tell"), rates("restore")
    spread = max(asked.values()) / min(asked.values())
    text = " / ".join(count(rate) for rate in asked.values())
    lines.append((
        "Learner1D, ask and tell at 10⁴ … 10⁷ points, points/s", text, "–", "flat within 2 ×",
        f"{spread:.2f} ×, {verdict(spread <= 2)}"))
    text = " / ".join(count(rate) for rate in restored.values())
    lines.append((
        "Learner1D, restored from results and snapshot, points/s", text, "–", "≥ 1 M/s",
        verdict(min(restored.values()) >= 1e6)))
    return lines


if __name__ == "__main__":
    measure()
    show(rows(load(NAME)))
