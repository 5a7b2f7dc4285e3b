"""Learner2D beside Python adaptive's, one after the other: points a second of processor time.

    swift build -c release --product LearnerBenchmark
    python3 benchmarks/learner2d.py            # an interpreter that has adaptive 1.5.2

Both sample the ring function from nothing, default loss, one asked and one told.
"""
import math
import pathlib
import subprocess
import time

import adaptive

ROOT = pathlib.Path(__file__).resolve().parent.parent


def ring(point):
    x, y = point
    return x + math.exp(-((x * x + y * y - 0.5625) ** 2) / 0.0016)


def peer(count):
    learner = adaptive.Learner2D(ring, bounds=[(-1, 1), (-1, 1)])
    start = time.thread_time()
    for _ in range(count):
        (point,), _ = learner.ask(1)
        learner.tell(point, ring(point))
    return count / (time.thread_time() - start)


for count in (1_000, 10_000):
    line = subprocess.run(
        [ROOT / ".build/release/LearnerBenchmark", "2d", str(count), "0"],
        check=True, capture_output=True, text=True).stdout.strip()
    print(line)
    print(f"adaptive {adaptive.__version__}: {count} points, {peer(count):.0f} points/s", flush=True)
