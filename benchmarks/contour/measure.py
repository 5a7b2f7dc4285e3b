#!/usr/bin/env python3
"""How well a contour is known after so many points, by learner: `levelset` beside `nd`, `nd` with a
thresholded loss, Sobol points and a grid. Needs numpy and scipy.

    swift build -c release --product LearnerBenchmark
    benchmarks/contour/measure.py .build/release/LearnerBenchmark

The error is the share of the square that a linear interpolation between the points (scipy's
LinearNDInterpolator, with Qhull's triangulation) puts on the wrong side of zero, on a lattice of
1,500 x 1,500 places. Prints the table of benchmarks/README.md.
"""
import subprocess
import sys

import numpy
from scipy.interpolate import LinearNDInterpolator

METHODS = ("levelset", "exploring", "thresholded", "nd", "sobol", "grid")
LATTICE = 1500


def disc(x, y):
    return x * x + y * y - 0.5


def phases(x, y):
    return numpy.tanh(30 * (y - 0.3 * numpy.sin(4 * x)))


def islands(x, y):
    def hill(a, b, width):
        return numpy.exp(-((x - a) ** 2 + (y - b) ** 2) / width**2)

    hills = (hill(-0.4, -0.3, 0.4), hill(0.5, 0.4, 0.25), hill(0.35, -0.6, 0.1))
    return numpy.maximum.reduce(hills) - 0.5


def sample(program, method, function, count):
    if method == "grid":
        side = round(count**0.5)
        x, y = numpy.meshgrid(numpy.linspace(-1, 1, side), numpy.linspace(-1, 1, side))
        return numpy.column_stack([x.ravel(), y.ravel(), function(x, y).ravel()])
    text = subprocess.run(
        [program, "contour", method, function.__name__, str(count)], check=True,
        capture_output=True, text=True).stdout
    rows = numpy.array([[float(n) for n in line.split()] for line in text.splitlines()])
    assert rows.shape == (count, 3), (method, rows.shape)
    # The function here and there are one.
    assert numpy.allclose(rows[:, 2], function(rows[:, 0], rows[:, 1]), atol=1e-12)
    return rows


def error(rows, function):
    axis = (numpy.arange(LATTICE) + 0.5) / LATTICE * 2 - 1
    x, y = numpy.meshgrid(axis, axis)
    found = LinearNDInterpolator(rows[:, :2], rows[:, 2])(x, y)
    # Places outside all triangles, at the rim of Sobol points, are on no side.
    return float(numpy.mean((found > 0) != (function(x, y) > 0)))


def main(program):
    print("| function, points | " + " | ".join(METHODS) + " |")
    print("|---|" + "---|" * len(METHODS))
    for function in (disc, phases, islands):
        for count in (256, 1024, 4096):
            errors = [error(sample(program, m, function, count), function) for m in METHODS]
            print(f"| {function.__name__}, {count} | "
                  + " | ".join(f"{e:.1e}" for e in errors) + " |", flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
