/* Misbehaves in the way that the point's coordinate names; 0 behaves. */
#include <adaptive_mpi.h>

ADAPTIVE_MPI_FUNCTION(batch) {
  for (int64_t i = 0; i < batch->count; i++) {
    double *value = batch->values + i * batch->value_count;
    char *error = batch->errors + i * batch->error_bytes;
    for (int64_t j = 0; j < batch->value_count; j++) value[j] = 1;
    switch ((int)batch->points[i]) {
      case 1: adaptive_mpi_fail(batch, i, "no convergence after %d steps", 17); break;
      case 2: batch->statuses[i] = -7; break;
      case 3: adaptive_mpi_fail(batch, i, "%s%2000d", "overlong", 1); break;
      case 4:
        batch->statuses[i] = 1;
        memset(error, 'u', (size_t)batch->error_bytes);
        break;
      case 5:
        batch->statuses[i] = 1;
        memcpy(error, "caf\xe9 \xff\n\x1b[2J.", 13);
        break;
      case 6: value[batch->value_count - 1] = NAN; break;
      case 7: value[0] = -INFINITY; break;
      case 9: value[batch->value_count] = 1; break;
      case 10: value[0] = adaptive_mpi_parameter(batch, "width"); break;
      default: break;
    }
  }
}

/* Sets the first component only. */
ADAPTIVE_MPI_EXPORT void incomplete(adaptive_mpi_batch *batch) {
  for (int64_t i = 0; i < batch->count; i++) batch->values[i * batch->value_count] = 1;
}
