"""mpi4py.futures, one point a task:    mpirun -n 3 python mpi4py_futures.py"""

from mpi4py import MPI
from mpi4py.futures import MPICommExecutor
from tasks import measure, square

with MPICommExecutor(MPI.COMM_WORLD, root=0) as executor:
    if executor is not None:
        measure(MPI.COMM_WORLD.size, 10000,
                lambda count: sum(1 for _ in executor.map(square, map(float, range(count)))))
