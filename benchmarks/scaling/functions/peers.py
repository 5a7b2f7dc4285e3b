"""An empty Python function on one worker, beside peers: microseconds a point, everything included.

    peers.py PROGRAM      PROGRAM is adaptive-mpi; peers are those that ../peers/install.sh installed

Ours is the difference of two campaigns, so that neither start nor end counts; theirs comes after a
warm-up. Each row is the best of three.
"""

import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from measurement import ENVIRONMENT, MPIRUN

PEERS = HERE.parent / "peers"
PYTHON = pathlib.Path(os.environ.get(
    "ADAPTIVE_MPI_PEERS", HERE.parents[2] / ".build" / "peers")) / "bin" / "python"
LAUNCH = [MPIRUN, "-n", "2"]
LEARNERS = {
    "1d": "{name: one, kind: 1d, bounds: [-1, 1]}",
    "sobol": "{name: one, kind: sobol, bounds: [-1, 1]}",
}


def seconds(program, folder, learner, points):
    """The time of a whole campaign."""
    (folder / "campaign.yaml").write_text(f"""name: empty
directory: run
function: {{python: "empty.py:f", interpreter: {PYTHON}}}
learners: [{LEARNERS[learner]}]
goal: {{npoints: {points}}}
""")
    start = time.perf_counter()
    subprocess.run([*LAUNCH, program, "run", "campaign.yaml", "--fresh"], cwd=folder, check=True,
                   stdout=subprocess.DEVNULL, env=ENVIRONMENT)
    return time.perf_counter() - start


def ours(program, learner):
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        (folder / "empty.py").write_text("def f(x): return x * x\n")
        few, many = 2_000, 102_000
        return (seconds(program, folder, learner, many)
                - seconds(program, folder, learner, few)) / (many - few) * 1e6


def theirs(script, *arguments, launch=LAUNCH):
    output = subprocess.run([*launch, PYTHON, PEERS / script, *arguments], check=True,
                            capture_output=True, text=True, env=ENVIRONMENT).stdout
    return 1e6 / json.loads(output.splitlines()[-1])["points_per_second"]


def main():
    program = sys.argv[1]
    rows = [
        ("adaptive-mpi, Learner1D", lambda: ours(program, "1d")),
        ("Python adaptive, Learner1D, mpi4py's executor", lambda: theirs("adaptive_executor.py")),
        ("adaptive-mpi, points that are given (`sobol`)", lambda: ours(program, "sobol")),
        ("mpi4py.futures, `map`", lambda: theirs("mpi4py_futures.py")),
        ("dask.distributed, `map`", lambda: theirs("dask_distributed.py", "1", launch=[])),
    ]
    print("| empty Python function, one worker | µs a point |")
    print("|---|---|")
    for name, measure in rows:
        print(f"| {name} | {min(measure() for _ in range(3)):.0f} |", flush=True)


if __name__ == "__main__":
    main()
