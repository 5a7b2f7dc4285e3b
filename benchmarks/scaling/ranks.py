"""The processes of a world that runs: which rank is which, what they use."""

import os
import subprocess
import time

from measurement import ENVIRONMENT, MPIRUN

TICKS = os.sysconf("SC_CLK_TCK")


def start(count, *command, **options):
    options.setdefault("stdout", subprocess.DEVNULL)
    return subprocess.Popen(
        [MPIRUN, "-n", str(count), *map(str, command)], env=ENVIRONMENT, text=True,
        stdin=subprocess.DEVNULL, stderr=subprocess.STDOUT, **options)


def of(launcher, count, seconds=60):
    """Rank → process number, once all ranks of this mpirun are there."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        found = {}
        for pid in filter(str.isdigit, os.listdir("/proc")):
            try:
                with open(f"/proc/{pid}/stat", encoding="utf-8") as file:
                    parent = int(file.read().rpartition(")")[2].split()[1])
                if parent != launcher.pid:
                    continue
                with open(f"/proc/{pid}/environ", "rb") as file:
                    pairs = file.read().split(b"\0")
            except OSError:
                continue
            for pair in pairs:
                if pair.startswith(b"OMPI_COMM_WORLD_RANK="):
                    found[int(pair.partition(b"=")[2])] = int(pid)
        if len(found) == count:
            return found
        time.sleep(0.02)
    raise TimeoutError(f"{count} ranks were awaited for {seconds} s")


def processor_seconds(pid):
    with open(f"/proc/{pid}/stat", encoding="utf-8") as file:
        fields = file.read().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def private_megabytes(pid):
    with open(f"/proc/{pid}/smaps_rollup", encoding="utf-8") as file:
        return sum(float(line.split()[1]) / 1024 for line in file if line.startswith("Private_"))
