/* Ends the process at the first point, as a defect in a function does. */
#include <adaptive_mpi.h>
#include <stdlib.h>

ADAPTIVE_MPI_FUNCTION(batch) {
  (void)batch;
  abort();
}
