#!/usr/bin/env python3
"""What Python adaptive (1.5.2) and scipy make of the ring function, in processor time.

    benchmarks/simplices/peers.py
"""
import itertools
import math
import time

import numpy
from scipy.spatial import Delaunay


def ring(point):
    u = sum(x * x for x in point) - 0.5625
    return point[0] + math.exp(-u * u / 0.0016)


def rate(name, count, run):
    start = time.process_time()
    run(count)
    print(f"{name}, {count} points: {count / (time.process_time() - start):.0f} points/s", flush=True)


def learner(dimension):
    import adaptive

    def run(count):
        learner = adaptive.LearnerND(ring, [(-1, 1)] * dimension)
        for _ in range(count):
            (point,), _ = learner.ask(1)
            learner.tell(point, ring(point))
    return run


def insertion(dimension):
    """Points one by one into Qhull's triangulation, at random: no learner, no losses."""
    def run(count):
        # Qhull does not begin with points of one sphere.
        first = [*itertools.product((-1, 1), repeat=dimension), [0.1, 0.2, 0.3][:dimension]]
        triangulation = Delaunay(numpy.array(first, dtype=float), incremental=True)
        points = numpy.random.default_rng(1).uniform(-1, 1, (count, dimension))
        for point in points:
            triangulation.add_points(point[None])
    return run


for dimension, count in ((2, 1000), (2, 3000), (3, 1000), (4, 300)):
    try:
        rate(f"Python adaptive, {dimension} dimensions", count, learner(dimension))
    except ImportError:
        print("Python adaptive is not installed")
for dimension, count in ((2, 1000), (3, 500)):
    rate(f"scipy, insertion alone, {dimension} dimensions", count, insertion(dimension))
