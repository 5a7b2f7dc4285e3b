/* A spectrum of three numbers, then an energy; fails where x is 0. */
#include <adaptive_mpi.h>

ADAPTIVE_MPI_FUNCTION(batch) {
  for (int64_t i = 0; i < batch->count; i++) {
    const double x = batch->points[i];
    double *value = batch->values + i * batch->value_count;
    if (x == 0) {
      adaptive_mpi_fail(batch, i, "no spectrum at 0");
      continue;
    }
    for (int k = 0; k < 3; k++) value[k] = x * (k + 1);
    value[3] = x * x;
  }
}
