#!/usr/bin/env python3
"""From mpirun to the first point of the real program, beside an empty MPI program; and the files that
a rank opens until then (strace)."""

import os
import pathlib
import subprocess
import tempfile
import time

import ranks
from measurement import (
    HERE, PROGRAM, ROOT, YARDSTICKS, in_turns, load, median, show, verdict, world, yardstick)

NAME = "start"
RANKS = (4, int(os.environ.get("START_RANKS", "64")))
CAMPAIGN = """
name: start
directory: run
function: {{library: {library}}}
learners: [{{name: a, kind: 1d, bounds: [-1, 1]}}]
goal: {{npoints: 200}}
"""


def library():
    """A function that writes down when it is first called."""
    YARDSTICKS.mkdir(parents=True, exist_ok=True)
    made = YARDSTICKS / "libfirst_point.so"
    subprocess.run(
        ["cc", "-O2", "-fPIC", "-shared", "-I", ROOT / "include", "-o", made,
         HERE / "yardsticks" / "first_point.c", "-lm"], check=True)
    return made


def ours(count):
    with tempfile.TemporaryDirectory() as folder:
        campaign, log = folder + "/campaign.yaml", folder + "/first"
        pathlib.Path(campaign).write_text(CAMPAIGN.format(library=library()), encoding="utf-8")
        os.environ["FIRST_POINT"] = ranks.ENVIRONMENT["FIRST_POINT"] = log
        started = time.time()
        run = ranks.start(count, PROGRAM, "run", campaign)
        code = run.wait(timeout=300)
        assert code == 0, f"the campaign ended with {code}"
        lines = pathlib.Path(log).read_text(encoding="utf-8").split()
        return {"seconds": min(map(float, lines)) - started, "whole": time.time() - started}


def empty(count):
    started = time.time()
    found = world(count, yardstick("empty"))
    return {"seconds": found["started_at"] - found["mpirun_started"],
            "whole": time.time() - started}


def files(*command):
    """Files that one rank of two opens with success, until its world ends."""
    with tempfile.TemporaryDirectory() as folder:
        log = folder + "/trace"
        run = ranks.start(
            2, "strace", "-f", "-ff", "-o", log, "-e", "trace=open,openat", *command)
        run.wait(timeout=120)
        opened = 0
        for path in pathlib.Path(folder).glob("trace*"):
            opened += sum(
                "open" in line and "ENOENT" not in line and " = -1" not in line
                for line in path.read_text(encoding="utf-8", errors="replace").splitlines())
        return {"files": opened / 2}


def our_files():
    with tempfile.TemporaryDirectory() as folder:
        campaign = folder + "/campaign.yaml"
        ranks.ENVIRONMENT["FIRST_POINT"] = folder + "/first"
        pathlib.Path(campaign).write_text(CAMPAIGN.format(library=library()), encoding="utf-8")
        return files(PROGRAM, "run", campaign)


def measure():
    cases = {}
    for count in RANKS:
        cases[f"ours, {count} ranks"] = lambda count=count: ours(count)
        cases[f"empty, {count} ranks"] = lambda count=count: empty(count)
    cases["ours, files"] = our_files
    cases["empty, files"] = lambda: files(yardstick("empty"))
    in_turns(NAME, cases)


def rows(records):
    lines = []
    for count in RANKS:
        first, start = (median(records, f"{who}, {count} ranks", "seconds")
                        for who in ("ours", "empty"))
        lines.append((
            f"mpirun to first point, {count} ranks", f"{first:.2f} s",
            f"an empty MPI program: {start:.2f} s", "≤ empty + 0.15 s",
            f"+ {first - start:.2f} s, {verdict(first - start <= 0.15)}"))
    opened, least = (median(records, f"{who}, files", "files") for who in ("ours", "empty"))
    lines.append((
        "files opened by a rank, mean of 2 ranks, start to end", f"{opened:.0f}",
        f"an empty MPI program: {least:.0f}", "≤ 1.5 ×",
        f"{opened / least:.2f} ×, {verdict(opened <= 1.5 * least)}"))
    return lines


if __name__ == "__main__":
    measure()
    show(rows(load(NAME)))
