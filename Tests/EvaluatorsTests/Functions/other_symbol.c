#include <adaptive_mpi.h>

ADAPTIVE_MPI_LIBRARY;

ADAPTIVE_MPI_EXPORT void other(adaptive_mpi_batch *batch) { batch->values[0] = 1; }
