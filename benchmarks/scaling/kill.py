#!/usr/bin/env python3
"""kill -9 of a rank → first new point of the next world, with its parts; beside it an empty MPI program
that is killed and started again. POINTS=10000000 for the long one, by hand."""

import json
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


def await_points(run, status, wanted):
    """Reads the status, which is written every two seconds, until it tells as many points or more."""
    while run.poll() is None:
        try:
            if json.loads(status.read_text(encoding="utf-8"))["points"]["told"] >= wanted:
                return
        except (OSError, ValueError, KeyError):
            pass  # Not there yet.
        time.sleep(0.002)
    raise RuntimeError("the world ended before it had its points")


def killed(rank):
    with tempfile.TemporaryDirectory() as folder:
        campaign, first = folder + "/campaign.yaml", pathlib.Path(folder + "/first")
        pathlib.Path(campaign).write_text(CAMPAIGN.format(library=library()), encoding="utf-8")
        ranks.ENVIRONMENT["FIRST_POINT"] = folder + "/before"
        run = ranks.start(4, PROGRAM, "run", campaign)
        victim = ranks.of(run, 4)[rank]
        await_points(run, pathlib.Path(folder + "/run/status.json"), POINTS)
        struck = time.time()
        os.kill(victim, signal.SIGKILL)
        run.wait()
        ended = time.time()
        ranks.ENVIRONMENT["FIRST_POINT"] = str(first)
        run = ranks.start(4, PROGRAM, "run", campaign, stdout=subprocess.PIPE)
        try:
            while not (first.exists() and first.stat().st_size):
                assert run.poll() is None, "the next world ended without a point"
                time.sleep(0.002)
            began = min(map(float, first.read_text(encoding="utf-8").split()))
        finally:
            run.send_signal(signal.SIGUSR1)
            said, _ = run.communicate(timeout=120)
        loaded = re.search(r"begins with ([\d\s]+) points", said)
        return {
            "points": int(re.sub(r"\s", "", loaded[1])), "abort": ended - struck,
            "start": began - ended, "seconds": began - struck}


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
        points = count(median(records, role, "points"))
        lines.append((
            f"kill -9 of the {role} → first new point, {points} points loaded",
            f"{whole:.2f} s: abort {abort:.2f}, start and load {start:.2f}",
            f"an empty MPI program: {least:.2f} s", f"≤ empty + {allowed} s",
            f"+ {whole - least:.2f} s, {verdict(whole - least <= allowed)}"))
    return lines


if __name__ == "__main__":
    measure()
    show(rows(load(NAME)))
