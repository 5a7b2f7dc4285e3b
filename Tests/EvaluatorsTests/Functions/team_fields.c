/* Says by its values what a batch tells of a team; `old` looks at it as at one of an adaptive-mpi
   that is older than teams. mpi.h is not needed for any of it. */
#include <adaptive_mpi.h>

ADAPTIVE_MPI_FUNCTION(batch) {
  for (int64_t i = 0; i < batch->count; i++) {
    double *value = batch->values + i * batch->value_count;
    adaptive_mpi_batch old = *batch;
    old.struct_bytes = (int64_t)((const char *)&batch->team_rank - (const char *)batch);
    value[0] = adaptive_mpi_has_team(batch);
    value[1] = (double)batch->team_rank;
    value[2] = (double)batch->team_size;
    value[3] = (double)batch->team_communicator;
    value[4] = adaptive_mpi_has_team(&old);
  }
}

ADAPTIVE_MPI_SET_UP(context) {
  return adaptive_mpi_has_team(context) && context->team_communicator != -17
             ? adaptive_mpi_refuse(context, "another communicator")
             : 0;
}
