#!/usr/bin/env python3
"""The null learner: a counter at the root, points in batches through root, sub-master and leaf."""

from measurement import TREE, in_turns, load, median, rate, show, verdict, world, yardstick

NAME = "null_learner"
SECONDS = 10


def measure():
    pool = yardstick("pool")
    return in_turns(NAME, {
        "ours": lambda: world(3, TREE, "learner=counting", f"time={SECONDS}", "cost=busy"),
        "plain C, batch 128": lambda: world(2, pool, 128, 2, SECONDS)})


def rows(records):
    ratio = (median(records, "ours", "points_per_second")
             / median(records, "plain C, batch 128", "points_per_second"))
    return [(
        f"null learner, 3 ranks, batched, {SECONDS} s, points/s", rate(records, "ours"),
        f"C, one worker, batch 128: {rate(records, 'plain C, batch 128')}",
        "≥ 0.1 × C", f"{ratio:.3f} ×, {verdict(ratio >= 0.1)}")]


if __name__ == "__main__":
    measure()
    show(rows(load(NAME)))
