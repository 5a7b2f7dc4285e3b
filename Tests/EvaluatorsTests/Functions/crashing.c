/* Ends its process where the point says so, in the ways in which defects do. */
#include <adaptive_mpi.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

ADAPTIVE_MPI_FUNCTION(batch) {
  for (int64_t i = 0; i < batch->count; i++) {
    const double x = batch->points[i];
    if (x == 1) raise(SIGSEGV);
    if (x == 2) abort();
    if (x == 3) exit(3);
    if (x == 4) _exit(4);
    if (x == 5) {
      while (1) sleep(1);
    }
    batch->values[i] = (double)getpid();
  }
}
