#!/usr/bin/env python3
"""1,000 learners of very different sizes over 16 roots and over one, 51,200 leaves, points of 10 s, in
virtual time: how busy leaves are, and how long it takes. Simulated.

    swift build -c release --product adaptive-mpi
    benchmarks/scaling/many_learners.py
"""

import json
import pathlib
import random
import subprocess
import tempfile

from measurement import PROGRAM, RESULTS

SEED = 1
LEARNERS = 1000


def campaign(folder):
    """Lists of points, so that sizes are known; log-normal, sigma 1."""
    draw = random.Random(SEED)
    sizes = [max(8, int(draw.lognormvariate(6.4, 1.0))) for _ in range(LEARNERS)]
    for size in set(sizes):
        points = "".join(f"{index / size}\n" for index in range(size))
        (folder / f"{size}.csv").write_text("x\n" + points, encoding="utf-8")
    lines = [f"  - {{name: l{index}, kind: sequence, file: {size}.csv}}"
             for index, size in enumerate(sizes)]
    path = folder / "campaign.yaml"
    path.write_text(
        "name: many\nfunction: {builtin: peak}\nlearners:\n" + "\n".join(lines)
        + "\ngoal: {loss: 1.0e-9}\n", encoding="utf-8")
    return path, sizes


def main():
    records = []
    with tempfile.TemporaryDirectory() as folder:
        path, sizes = campaign(pathlib.Path(folder))
        for roots in (16, 1):
            run = subprocess.run(
                [PROGRAM, "simulate", path, "--ranks", str(404 * 128), "--per-node", "128",
                 "--seconds", "lognormal(10, 0.5)", "--set", f"tree.roots={roots}", "--json"],
                text=True, capture_output=True, check=True)
            records.append(json.loads(run.stdout.splitlines()[-1]))
    (RESULTS / "many_learners.json").write_text(
        json.dumps(records, indent=1) + "\n", encoding="utf-8")
    print(f"{LEARNERS} learners of {min(sizes)} to {max(sizes)} points, {sum(sizes)} in all")
    for record in records:
        print(f"{record['roots']} roots: busy {record['busy_share']:.2%} until the last is asked, "
              f"all done after {record['seconds']:.0f} s")


if __name__ == "__main__":
    main()
