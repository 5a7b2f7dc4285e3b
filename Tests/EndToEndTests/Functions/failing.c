/* Fails everywhere. */
#include <adaptive_mpi.h>

ADAPTIVE_MPI_FUNCTION(batch) {
  for (int64_t i = 0; i < batch->count; i++) adaptive_mpi_fail(batch, i, "never at all");
}
