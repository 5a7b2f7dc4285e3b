"""Records AverageLearner1D of Python adaptive 1.5.2, asked for one sample at a time.

    python3 -m venv venv && venv/bin/pip install adaptive==1.5.2 scipy
    venv/bin/python average1d.py > average1d.json

The noise is a function of seed and x, so that a run can be repeated.
"""
import json
import math
import platform

import adaptive
import numpy
import scipy
from adaptive.learner.learner1D import curvature_loss_function, triangle_loss, uniform_loss
from scipy.stats import t as student


def noise(seed, x):
    """A number with variance 1 that looks random: the fractional parts of two large sines."""
    u = math.sin(12.9898 * seed + 78.233 * x + 0.5) * 43758.5453
    v = math.sin(39.3461 * seed + 11.135 * x + 1.5) * 23421.6312
    return (u - math.floor(u) + v - math.floor(v) - 1) * math.sqrt(6)


def peak(seed_x):
    seed, x = seed_x
    return x + 0.01 / (0.01 + (x - 0.3) ** 2) + 0.1 * noise(seed, x)


CASES = [
    ("default", None, {"min_samples": 5, "delta": 0.3, "min_error": 0.06}, 700),
    ("triangle", triangle_loss, {"min_samples": 3, "max_samples": 20}, 500),
    ("uniform", uniform_loss, {"alpha": 0.05, "min_samples": 8, "neighbor_sampling": 0.8}, 500),
    ("curvature", curvature_loss_function(), {"min_samples": 4, "delta": 0.9}, 500),
]


def run(name, loss, parameters, count):
    learner = adaptive.AverageLearner1D(peak, (-1, 1), loss_per_interval=loss, **parameters)
    points, values, improvements, losses = [], [], [], []
    for number in range(count):
        (point,), (improvement,) = learner.ask(1)
        value = peak(point)
        learner.tell(point, value)
        points.append([point[0], point[1]])
        values.append(value)
        improvements.append(improvement if math.isfinite(improvement) else "inf")
        if number % 20 == 19:
            loss_now = learner.loss()
            losses.append(loss_now if math.isfinite(loss_now) else "inf")
    xs = sorted(learner.data)
    return {
        "loss": name, "params": parameters, "bounds": [-1, 1], "points": points,
        "values": values, "improvements": improvements, "losses": losses,
        "mean": [[x, learner.data[x]] for x in xs], "error": [[x, learner.error[x]] for x in xs],
    }


print(json.dumps({
    "versions": {
        "adaptive": adaptive.__version__, "numpy": numpy.__version__,
        "scipy": scipy.__version__, "python": platform.python_version(),
    },
    "average1d_runs": [run(*case) for case in CASES],
    "student": [
        [alpha, degrees, float(student.isf(alpha, degrees))]
        for alpha in (0.4, 0.1, 0.025, 0.005, 1e-4, 1e-6)
        for degrees in (1, 2, 3, 4, 5, 10, 49, 50, 199, 999, 1000, 1001, 5000, 1000000)
    ],
}))
