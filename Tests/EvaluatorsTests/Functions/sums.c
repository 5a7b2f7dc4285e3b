/* A well-behaved function: component j of a value is j + scale * the sum of the coordinates + shift +
   100, which comes from set-up. */
#include <adaptive_mpi.h>
#include <stdlib.h>

ADAPTIVE_MPI_EXPORT int64_t tear_down_count = 0;
ADAPTIVE_MPI_EXPORT int64_t set_up_rank = -1;

ADAPTIVE_MPI_SET_UP(context) {
  double *offset = malloc(sizeof *offset);
  if (offset == NULL) return adaptive_mpi_refuse(context, "no memory");
  *offset = 100;
  context->state = offset;
  set_up_rank = context->rank * 1000 + context->rank_count;
  return 0;
}

ADAPTIVE_MPI_TEAR_DOWN(context) {
  free(context->state);
  tear_down_count++;
}

ADAPTIVE_MPI_FUNCTION(batch) {
  const double scale = adaptive_mpi_parameter(batch, "scale");
  const double shift = adaptive_mpi_parameter_or(batch, "shift", 0);
  for (int64_t i = 0; i < batch->count; i++) {
    double sum = *(const double *)batch->state + shift;
    for (int64_t d = 0; d < batch->dimension; d++) {
      sum += scale * batch->points[i * batch->dimension + d];
    }
    for (int64_t j = 0; j < batch->value_count; j++) {
      batch->values[i * batch->value_count + j] = (double)j + sum;
    }
  }
}
