#!/usr/bin/env python3
"""A world of 16 ranks whose points take 10 s: what it uses meanwhile, and how soon a message is
picked up: the longest gap at a leaf with 1 s points, from a result sent to the next point begun, with
the root asked in between."""

import time

import ranks
from measurement import TREE, best, in_turns, load, median, show, verdict, world

NAME = "idle"
RANKS = 16


def share_of_a_core():
    run = ranks.start(RANKS, TREE, "time=18", "seconds=10", "cost=sleep")
    try:
        pids = ranks.of(run, RANKS).values()
        time.sleep(3)
        before, start = sum(map(ranks.processor_seconds, pids)), time.monotonic()
        time.sleep(6)
        used = sum(map(ranks.processor_seconds, pids)) - before
        return {"core_share": used / (time.monotonic() - start)}
    finally:
        run.kill()
        run.wait()


def measure():
    in_turns(NAME, {
        "10 s points": share_of_a_core,
        "1 s points": lambda: world(RANKS, TREE, "time=4", "seconds=1", "cost=sleep")})


def rows(records):
    used = median(records, "10 s points", "core_share")
    p50, most = (median(records, "1 s points", "gap_us_p50"),
                 best(records, "1 s points", "gap_us_max"))
    return [
        (f"idle world, {RANKS} ranks, 10 s points: share of a core", f"{used:.2%}", "–", "< 3 %",
         verdict(used < 0.03)),
        (f"leaf to leaf's next point by way of the root, {RANKS} ranks: median, longest of all",
         f"{p50 / 1000:.2f} ms, {most / 1000:.2f} ms", "–", "≤ 5 ms", verdict(most <= 5000))]


if __name__ == "__main__":
    measure()
    show(rows(load(NAME)))
