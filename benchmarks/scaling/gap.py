#!/usr/bin/env python3
"""The gap between two points at a leaf that has a core of its own: 1 ms of computing, inline."""

from measurement import TREE, in_turns, load, median, show, verdict, world, yardstick

NAME = "gap"


def measure():
    pool = yardstick("pool")
    in_turns(NAME, {
        "ours": lambda: world(2, TREE, "time=3", "seconds=0.001", "cost=busy"),
        "plain C": lambda: world(2, pool, 1, 2, 3, 0.001)})


def rows(records):
    def both(case):
        return [median(records, case, "gap_us_p50"), median(records, case, "gap_us_p99")]

    ours, theirs = both("ours"), both("plain C")
    is_met = ours[0] <= 1 and ours[1] <= 2 * theirs[1]
    return [(
        "gap between two points at a leaf, 1 ms function: p50, p99",
        f"{ours[0]:.2f} µs, {ours[1]:.2f} µs", f"C: {theirs[0]:.2f} µs, {theirs[1]:.2f} µs",
        "p50 ≤ 1 µs, p99 ≤ 2 × C", verdict(is_met))]


if __name__ == "__main__":
    measure()
    show(rows(load(NAME)))
