#!/usr/bin/env python3
"""64 leaves that sleep 10 ms or 100 ms a point, on the cores there are."""

from measurement import TREE, in_turns, load, median, show, verdict, world, yardstick

NAME = "sleeping"
LEAVES = 64
SECONDS = 5


def measure():
    tree = yardstick("tree")
    cases = {}
    for cost in (0.01, 0.1):
        cases[f"ours, {cost} s"] = lambda cost=cost: world(
            LEAVES + 2, TREE, f"time={SECONDS}", f"seconds={cost}", "cost=sleep",
            f"leaves={LEAVES}")
        cases[f"plain C, {cost} s"] = lambda cost=cost: world(
            LEAVES + 2, tree, 1, LEAVES, 2, SECONDS, -cost, 0.0005)
    in_turns(NAME, cases)


def rows(records):
    lines = []
    for cost, share in ((0.01, 0.98), (0.1, 0.995)):
        ours, theirs = f"ours, {cost} s", f"plain C, {cost} s"
        busy, gap = median(records, ours, "busy_share"), median(records, ours, "gap_us_p50")
        lines.append((
            f"{LEAVES} leaves sleeping {cost * 1000:g} ms: busy, gap p50",
            f"{busy:.2%}, {gap:.1f} µs",
            f"C, looks every 0.5 ms: {median(records, theirs, 'busy_share'):.2%}, "
            f"{median(records, theirs, 'gap_us_p50'):.1f} µs",
            f"≥ {share:.1%}, ≤ 20 µs", verdict(busy >= share and gap <= 20)))
    return lines


if __name__ == "__main__":
    measure()
    show(rows(load(NAME)))
