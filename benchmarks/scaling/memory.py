#!/usr/bin/env python3
"""Private memory of ranks: a leaf of the real program beside an empty MPI program, the root's bytes a
point, the root's bytes a sub-master."""

import tempfile
import time

import ranks
from measurement import PROGRAM, TREE, in_turns, load, median, show, verdict, yardstick

NAME = "memory"
CAMPAIGN = """
name: memory
directory: run
function: {builtin: peak, seconds: 0.05, cost: sleep}
learners: [{name: a, kind: 1d, bounds: [-1, 1]}]
goal: {time: 60s}
"""


def look(count, rank, wait, *command, **options):
    """Private megabytes of a rank, `wait` seconds after all ranks are there."""
    run = ranks.start(count, *command, **options)
    try:
        pid = ranks.of(run, count)[rank]
        time.sleep(wait)
        return {"private_mb": ranks.private_megabytes(pid)}
    finally:
        run.kill()
        run.wait()


def leaf():
    with tempfile.TemporaryDirectory() as folder:
        with open(folder + "/campaign.yaml", "w", encoding="utf-8") as file:
            file.write(CAMPAIGN)
        return look(4, 3, 3, PROGRAM, "run", folder + "/campaign.yaml")


def per_point():
    """The root's growth between two numbers of points told, from two runs that hold still there."""
    found = []
    for points in (1 << 20, 1 << 21):
        found.append(look(3, 0, 8, TREE, f"npoints={points}", "cost=busy", "hold=60")["private_mb"])
    return {"bytes_per_point": (found[1] - found[0]) * 2**20 / (1 << 20)}


def per_submaster():
    few, many = (
        look(1 + 2 * count, 0, 3, TREE, "time=30", "seconds=1", "leaves=1")["private_mb"]
        for count in (4, 20))
    return {"kib_per_submaster": (many - few) * 1024 / 16}


def measure():
    empty = yardstick("empty")
    in_turns(NAME, {
        "leaf": leaf, "empty program": lambda: look(4, 3, 2, empty, 30),
        "root, points": per_point, "root, sub-masters": per_submaster})


def rows(records):
    ours, theirs = median(records, "leaf", "private_mb"), median(
        records, "empty program", "private_mb")
    each = median(records, "root, points", "bytes_per_point")
    state = median(records, "root, sub-masters", "kib_per_submaster")
    return [
        ("private memory of a leaf", f"{ours:.1f} MB", f"an empty MPI program: {theirs:.1f} MB",
         "≤ empty + 8 MB", verdict(ours <= theirs + 8)),
        ("root, bytes a point from 2²⁰ to 2²¹ points of Learner1D", f"{each:.0f}",
         "the learner's own table: 84", "as the learner's own, and the log of results", "stated"),
        ("root, memory a sub-master, MPI's included", f"{state:.0f} KiB", "–", "≤ 64 KiB",
         verdict(state <= 64))]


if __name__ == "__main__":
    measure()
    show(rows(load(NAME)))
