#include <adaptive_mpi.h>

ADAPTIVE_MPI_EXPORT int64_t tear_down_count = 0;

ADAPTIVE_MPI_SET_UP(context) { return adaptive_mpi_refuse(context, "no table in %s", "data/"); }

ADAPTIVE_MPI_TEAR_DOWN(context) {
  (void)context;
  tear_down_count++;
}

ADAPTIVE_MPI_FUNCTION(batch) { batch->values[0] = 1; }
