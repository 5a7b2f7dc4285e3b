#!/usr/bin/env python3
"""kill -9 of a rank → first new point of the next world, with its parts; beside it an empty MPI program
that is killed and started again. POINTS=10000000 for the long one, by hand."""

import os
import pathlib
import re
import signal
import subprocess
import tempfile
import time

import ranks
from measurement import PROGRAM, count, in_turns, load, median, show, verdict, world, yardstick
from start import library

NAME = "kill"
POINTS = int(os.environ.get("POINTS", "1000000"))
ROLES = {"root": 0, "sub-master": 1, "leaf": 3}
CAMPAIGN = """
name: kill
directory: run
function: {{library: {library}}}
learners: [{{name: a, kind: 1d, bounds: [-1, 1]}}]
goal: {{npoints: 1000000000}}
"""


def await_points(run, wanted):
    """Reads progress lines, seconds apart, until one tells as many points or more."""
    for line in run.stdout:
        found = re.search(r"([\d ]+) points", line)
        if found and int(found[1].replace(" ", "") or 0) >= wanted:
            return
    raise RuntimeError("the world ended before it had its points")


def killed(rank):
    with tempfile.TemporaryDirectory() as folder:
        campaign, first = folder + "/campaign.yaml", pathlib.Path(folder + "/first")
        pathlib.Path(campaign).write_text(CAMPAIGN.format(library=library()), encoding="utf-8")
        ranks.ENVIRONMENT["FIRST_POINT"] = folder + "/before"
        run = ranks.start(4, PROGRAM, "run", campaign, stdout=subprocess.PIPE)
        victim = ranks.of(run, 4)[rank]
        await_points(run, POINTS)
        struck = time.time()
        os.kill(victim, signal.SIGKILL)
        run.stdout.read()
        run.wait()
        ended = time.time()
        ranks.ENVIRONMENT["FIRST_POINT"] = str(first)
        run = ranks.start(4, PROGRAM, "run", campaign)
        try:
            while not (first.exists() and first.stat().st_size):
                assert run.poll() is None, "the next world ended without a point"
                time.sleep(0.002)
            began = min(map(float, first.read_text(encoding="utf-8").split()))
        finally:
            run.send_signal(signal.SIGUSR1)
            run.wait(timeout=120)
        return {"abort": ended - struck, "start": began - ended, "seconds": began - struck}


def empty():
    run = ranks.start(4, yardstick("empty"), 30)
    victim = ranks.of(run, 4)[3]
    time.sleep(1)
    struck = time.time()
    os.kill(victim, signal.SIGKILL)
    run.wait()
    abort = time.time() - struck
    found = world(4, yardstick("empty"))
    start = found["started_at"] - found["mpirun_started"]
    return {"abort": abort, "start": start, "seconds": abort + start}


def measure():
    cases = {role: lambda rank=rank: killed(rank) for role, rank in ROLES.items()}
    in_turns(NAME, cases | {"empty program": empty})


def rows(records):
    allowed = 1 if POINTS <= 1_000_000 else 10
    least = median(records, "empty program", "seconds")
    lines = []
    for role in ROLES:
        whole, abort, start = (
            median(records, role, part) for part in ("seconds", "abort", "start"))
        lines.append((
            f"kill -9 of the {role} → first new point, at least {count(POINTS)} points told",
            f"{whole:.2f} s: abort {abort:.2f}, start and load {start:.2f}",
            f"an empty MPI program: {least:.2f} s", f"≤ empty + {allowed} s",
            f"+ {whole - least:.2f} s, {verdict(whole - least <= allowed)}"))
    return lines


if __name__ == "__main__":
    measure()
    show(rows(load(NAME)))
