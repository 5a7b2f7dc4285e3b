/* Hangs at the lower bound of [-1, 1]; every other point takes a few milliseconds. */
#define _POSIX_C_SOURCE 200809L
#include <adaptive_mpi.h>
#include <time.h>
#include <unistd.h>

ADAPTIVE_MPI_FUNCTION(batch) {
  const struct timespec pause = {0, 5000000};
  for (int64_t i = 0; i < batch->count; i++) {
    while (batch->points[i] == -1) sleep(1);
    nanosleep(&pause, NULL);
    batch->values[i] = batch->points[i];
  }
}
