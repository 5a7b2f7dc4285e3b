"""Python adaptive's Learner1D on mpi4py's executor:    mpirun -n 3 python adaptive_executor.py"""

import adaptive
from mpi4py import MPI
from mpi4py.futures import MPICommExecutor
from tasks import measure, square


def sample(executor, count):
    learner = adaptive.Learner1D(square, bounds=(-1.0, 1.0))
    adaptive.BlockingRunner(
        learner, npoints_goal=count, executor=executor, ntasks=2 * (MPI.COMM_WORLD.size - 1),
        shutdown_executor=False)
    return learner.npoints


if __name__ == "__main__":
    with MPICommExecutor(MPI.COMM_WORLD, root=0) as pool:
        if pool is not None:
            measure(MPI.COMM_WORLD.size, 2000, lambda count: sample(pool, count))
