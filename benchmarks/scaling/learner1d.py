#!/usr/bin/env python3
"""Learner1D through the tree, an empty function, every value checked at the root; beside it a plain
C tree without a learner, and Python peers where peers/install.sh has installed them."""

import os

from measurement import (
    ROOT, HERE, TREE, best, count, in_turns, load, median, rate, show, values, verdict, world,
    yardstick)

NAME = "learner1d"
SECONDS = 3
PEERS = {
    "mpi4py.futures": ("mpi4py_futures.py", 100),
    "Python adaptive": ("adaptive_executor.py", 200),
    "dask.distributed": ("dask_distributed.py", 500)}


def peer(script):
    python = os.environ.get("ADAPTIVE_MPI_PEERS", str(ROOT / ".build" / "peers")) + "/bin/python"
    ranks = 1 if script.startswith("dask") else 3
    return lambda: world(ranks, python, HERE / "peers" / script)


def measure():
    tree = yardstick("tree")
    cases = {}
    for ranks in (3, 4, 5):
        cases[f"ours, {ranks} ranks"] = lambda ranks=ranks: world(
            ranks, TREE, "learner=1d", f"time={SECONDS}", "cost=busy", "check=1")
        submasters = 2 if ranks == 5 else 1
        cases[f"plain C, {ranks} ranks"] = lambda ranks=ranks, submasters=submasters: world(
            ranks, tree, submasters, 256, 64, SECONDS)
    if os.path.exists(os.environ.get("ADAPTIVE_MPI_PEERS", str(ROOT / ".build" / "peers"))):
        for name, (script, _) in PEERS.items():
            cases[name] = peer(script)
    records = in_turns(NAME, cases)
    wrong = sum(record.get("wrong_values") or 0 for record in records)
    assert wrong == 0, f"{wrong} values at the root differ from the function's"


def rows(records):
    lines = []
    for ranks in (3, 4, 5):
        ours, theirs = f"ours, {ranks} ranks", f"plain C, {ranks} ranks"
        median_rate = median(records, ours, "points_per_second")
        ratio = median_rate / median(records, theirs, "points_per_second")
        is_met = ratio >= 0.5 and best(records, ours, "points_per_second") >= 1e6
        lines.append((
            f"Learner1D, {ranks} ranks, values checked, points/s", rate(records, ours),
            f"C tree without a learner: {rate(records, theirs)}", "≥ 1 M/s, ≥ 0.5 × C",
            f"{ratio:.2f} ×, {verdict(is_met)}"))
    most = max(best(records, f"ours, {ranks} ranks", "points_per_second") for ranks in (3, 4, 5))
    for name, (_, factor) in PEERS.items():
        if not values(records, name, "points_per_second"):
            continue
        ratio = most / best(records, name, "points_per_second")
        lines.append((
            f"the same beside {name}, best", count(most), rate(records, name), f"≥ {factor} ×",
            f"{ratio:.0f} ×, {verdict(ratio >= factor)}"))
    return lines


if __name__ == "__main__":
    measure()
    show(rows(load(NAME)))
