"""Runs programs under mpirun in turns and keeps what they print, with how busy the machine was.

Each claim has a script of its own beside this one. A script names its cases, calls `in_turns`, and
offers `rows(records)`: lines of the table that `table.py` writes into ../README.md. Raw results go
to results/NAME.jsonl, one JSON object a line, the machine first.
"""

import json
import os
import pathlib
import platform
import shutil
import statistics
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
RESULTS = HERE / "results"
BUILD = pathlib.Path(os.environ.get("ADAPTIVE_MPI_BUILD", ROOT / ".build")) / "release"
YARDSTICKS = ROOT / ".build" / "yardsticks"
TREE = str(BUILD / "TreeBenchmark")
PROGRAM = os.environ.get("ADAPTIVE_MPI", str(BUILD / "adaptive-mpi"))

# Several ranks a core, and root as the user, by environment: no flag serves every MPI.
ENVIRONMENT = dict(
    os.environ, OMPI_MCA_rmaps_base_oversubscribe="1", OMPI_ALLOW_RUN_AS_ROOT="1",
    OMPI_ALLOW_RUN_AS_ROOT_CONFIRM="1")
MPIRUN = shutil.which("mpirun.openmpi") or "mpirun"
REPEATS = int(os.environ.get("REPEATS", "5"))


def yardstick(name):
    """The path of one of our C programs, built when it is missing or older than its source."""
    source = HERE / "yardsticks" / f"{name}.c"
    program = YARDSTICKS / name
    newest = max(source.stat().st_mtime, (HERE / "yardsticks" / "yardstick.h").stat().st_mtime)
    if not program.exists() or program.stat().st_mtime < newest:
        YARDSTICKS.mkdir(parents=True, exist_ok=True)
        compiler = shutil.which("mpicc.openmpi") or "mpicc"
        subprocess.run([compiler, "-std=gnu11", "-O2", "-o", program, source, "-lm"], check=True)
    return str(program)


def world(ranks, *command, **options):
    """What `command` prints under mpirun as its last line: a JSON object."""
    started = time.time()
    command = [str(word).replace("@NOW@", repr(started)) for word in command]
    run = subprocess.run(
        [MPIRUN, "-n", str(ranks), *command], env=ENVIRONMENT, text=True, capture_output=True,
        stdin=subprocess.DEVNULL, timeout=600, **options)
    lines = [line for line in run.stdout.splitlines() if line.startswith("{")]
    if run.returncode != 0 or not lines:
        sys.exit(f"{command} ended with {run.returncode}:\n{run.stdout}\n{run.stderr}")
    return dict(json.loads(lines[-1]), mpirun_started=started)


def processor_ticks():
    """Busy and all ticks of all cores since the boot."""
    fields = [int(word) for word in open("/proc/stat").readline().split()[1:9]]
    return sum(fields) - fields[3] - fields[4], sum(fields)


def busy_share(seconds=0.3):
    """Share of all cores that others keep busy now."""
    before = processor_ticks()
    time.sleep(seconds)
    after = processor_ticks()
    return (after[0] - before[0]) / max(1, after[1] - before[1])


def machine():
    model = next(
        (line.split(":")[1].strip() for line in open("/proc/cpuinfo") if "model name" in line), "?")
    commit = subprocess.run(
        ["git", "-C", ROOT, "rev-parse", "--short", "HEAD"], text=True, capture_output=True,
        check=False).stdout.strip()
    return {
        "machine": model, "cores": os.cpu_count(), "kernel": platform.release(), "commit": commit,
        "date": time.strftime("%Y-%m-%d")}


def in_turns(name, cases, repeats=REPEATS):
    """Runs every case once, then every case again, `repeats` times, and keeps it all.

    `cases` maps a case's name to a function that measures once and returns a dictionary.
    """
    RESULTS.mkdir(exist_ok=True)
    records = []
    with open(RESULTS / f"{name}.jsonl", "w", encoding="utf-8") as file:
        def keep(record):
            file.write(json.dumps(record) + "\n")
            file.flush()

        keep(machine())
        for turn in range(repeats):
            for case, measure in cases.items():
                others = busy_share()
                record = {
                    "case": case, "turn": turn, "others_busy": round(others, 3), **measure()}
                keep(record)
                records.append(record)
                print(f"{name}: {case}, turn {turn + 1}", file=sys.stderr)
    return records


def load(name):
    """The records of results/NAME.jsonl without the machine."""
    with open(RESULTS / f"{name}.jsonl", encoding="utf-8") as file:
        return [record for record in map(json.loads, file) if "case" in record]


def values(records, case, column):
    return [record[column] for record in records
            if record["case"] == case and record.get(column) is not None]


def best(records, case, column, least=False):
    found = values(records, case, column)
    return min(found) if least else max(found)


def median(records, case, column):
    return statistics.median(values(records, case, column))


def count(number):
    """1234567 as 1.23 M."""
    for size, unit in ((1e9, " G"), (1e6, " M"), (1e3, " k")):
        if abs(number) >= size:
            return f"{number / size:.3g}{unit}"
    return f"{number:.3g}"


def rate(records, case):
    """Median and best of points a second."""
    return (f"{count(median(records, case, 'points_per_second'))} "
            f"({count(best(records, case, 'points_per_second'))})")


def verdict(is_met):
    return "met" if is_met else "**short**"


def show(lines):
    for what, found, beside, goal, word in lines:
        print(f"{what}\n    found {found}; beside it {beside}; goal {goal}: {word}")


def write_between(document, begin, end, text):
    """Puts text between two markers of a document, in place of what stood there."""
    content = document.read_text(encoding="utf-8")
    before, _, rest = content.partition(begin)
    _, found, after = rest.partition(end)
    assert found, f"{document} lacks the markers"
    document.write_text(f"{before}{begin}\n{text}\n{end}{after}", encoding="utf-8")
    print(text)
