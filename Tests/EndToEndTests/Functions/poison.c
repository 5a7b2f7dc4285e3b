/* Ends its process where |x - 0.5| < 0.01; every other point takes a few milliseconds. */
#define _POSIX_C_SOURCE 200809L
#include <adaptive_mpi.h>
#include <time.h>

ADAPTIVE_MPI_FUNCTION(batch) {
  const struct timespec pause = {0, 5000000};
  for (int64_t i = 0; i < batch->count; i++) {
    const double x = batch->points[i];
    if (x > 0.49 && x < 0.51) *(volatile int *)0 = 1;
    nanosleep(&pause, NULL);
    batch->values[i] = x;
  }
}
