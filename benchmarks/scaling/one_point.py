#!/usr/bin/env python3
"""One point a message. Ours keeps one point at the leaf and none waiting, so each message carries one
and every point is chosen with all results before it; C has two messages on their way."""

from measurement import TREE, in_turns, load, median, rate, show, verdict, world, yardstick

NAME = "one_point"


def measure():
    pool = yardstick("pool")
    in_turns(NAME, {
        "ours": lambda: world(2, TREE, "learner=counting", "time=3", "cost=busy", "waiting=0"),
        "plain C, depth 2": lambda: world(2, pool, 1, 2, 3),
        "plain C, depth 1": lambda: world(2, pool, 1, 1, 3)})


def rows(records):
    ratio = (median(records, "ours", "points_per_second")
             / median(records, "plain C, depth 2", "points_per_second"))
    return [(
        "one point a message, 2 ranks, points/s", rate(records, "ours"),
        f"C, batch 1, depth 2: {rate(records, 'plain C, depth 2')}, "
        f"depth 1: {rate(records, 'plain C, depth 1')}", "≥ 0.5 × C, depth 2",
        f"{ratio:.3f} ×, {verdict(ratio >= 0.5)}")]


if __name__ == "__main__":
    measure()
    show(rows(load(NAME)))
