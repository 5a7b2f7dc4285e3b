"""What the peers share: the function, and one line of JSON for a number of tasks."""

import json
import time


def square(x):
    return x * x


def measure(ranks, count, run):
    """Times `run(count)`, which returns how many results came back, after a tenth as warm-up."""
    run(count // 10)
    start = time.perf_counter()
    done = run(count)
    seconds = time.perf_counter() - start
    print(json.dumps({
        "ranks": ranks, "points": done, "seconds": seconds, "points_per_second": done / seconds}))
