#!/usr/bin/env python3
"""What a leaf waits at least whose next point is with its parent, where both sleep: two wakings."""

from measurement import in_turns, load, median, show, world, yardstick

NAME = "waking"
LEAVES = 64
SECONDS = 5
COSTS = (0.01, 0.1)


def measure():
    wake = yardstick("wake")
    in_turns(NAME, {
        f"plain C, {cost} s": lambda cost=cost: world(1, wake, LEAVES, cost, SECONDS)
        for cost in COSTS})


def rows(records):
    gaps = [f"{median(records, f'plain C, {cost} s', 'gap_us_p50'):.1f} µs" for cost in COSTS]
    return [(
        f"two wakings by futexes, {LEAVES} processes sleeping 10 ms, 100 ms: p50", ", ".join(gaps),
        "–", "a leaf waits no less for a point that is not asked for ahead", "stated")]


if __name__ == "__main__":
    measure()
    show(rows(load(NAME)))
