/* A library without the function that a campaign looks for by default. */
#include <adaptive_mpi.h>

ADAPTIVE_MPI_LIBRARY;
ADAPTIVE_MPI_EXPORT void another_function(adaptive_mpi_batch *batch);
void another_function(adaptive_mpi_batch *batch) { (void)batch; }
