/* Prints 100 KiB a point, half of it to each stream, and takes a few milliseconds. */
#define _POSIX_C_SOURCE 200809L
#include <adaptive_mpi.h>
#include <stdio.h>
#include <time.h>

ADAPTIVE_MPI_FUNCTION(batch) {
  const struct timespec pause = {0, 5000000};
  for (int64_t i = 0; i < batch->count; i++) {
    for (int line = 0; line < 512; line++) {
      fprintf(line % 2 ? stdout : stderr, "%0199d\n", line);
    }
    fflush(stdout);
    nanosleep(&pause, NULL);
    batch->values[i] = batch->points[i];
  }
}
