"""Records how the loss of Python adaptive 1.5.2's Learner2D falls for the functions of
learner2d_sequential.json and for their mirror images: turned and reflected, which changes nothing
but the order in which Qhull lists its triangles, and which diagonal it takes of four points on one
circle.

    python3 -m venv venv && venv/bin/pip install adaptive==1.5.2 scipy
    venv/bin/python learner2d_images.py > learner2d_images.json
"""
import json
import math
import pathlib
import platform

import adaptive
import numpy
import scipy
from adaptive.learner.learner2D import (
    default_loss, minimize_triangle_surface_loss, resolution_loss_function, uniform_loss)

LOSSES = {
    "default": default_loss,
    "uniform": uniform_loss,
    "triangle_surface": minimize_triangle_surface_loss,
    "resolution_0.02_0.2": resolution_loss_function(0.02, 0.2),
}


def ring(x, y):
    return x + math.exp(-((x**2 + y**2 - 0.5625) ** 2) / 0.0016)


def tilted(x, y):
    return math.tanh(5 * (x + 0.3 * y - 0.1)) + 0.2 * y**2


FUNCTIONS = {"ring": ring, "tilted": tilted}


def losses(case, image):
    """The loss after each point, from the first on."""
    function = FUNCTIONS[case["function"]]
    (left, right), (bottom, top) = case["bounds"]
    is_swapped = image & 4

    def value(point):
        x, y = reversed(point) if is_swapped else point
        return function(left + right - x if image & 1 else x, bottom + top - y if image & 2 else y)

    bounds = case["bounds"][::-1] if is_swapped else case["bounds"]
    learner = adaptive.Learner2D(value, bounds, loss_per_triangle=LOSSES[case["loss"]])
    found = []
    for recorded in case["points"]:
        (point,), _ = learner.ask(1)
        assert image or math.dist(point, recorded) < 1e-12
        learner.tell(point, value(point))
        found.append(float(f"{learner.loss():.6g}"))
    return found


def text(number):
    return number if math.isfinite(number) else repr(number)


with open(pathlib.Path(__file__).parent / "learner2d_sequential.json", encoding="ascii") as file:
    cases = json.load(file)["cases"]
print(json.dumps({
    "versions": {
        "adaptive": adaptive.__version__, "numpy": numpy.__version__, "scipy": scipy.__version__,
        "python": platform.python_version()},
    "images": [
        {"id": case["id"], "bounds": case["bounds"],
         "losses": [[text(loss) for loss in losses(case, image)] for image in range(8)]}
        for case in cases]}, separators=(",", ":")))
