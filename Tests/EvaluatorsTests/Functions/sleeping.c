/* Sleeps for a learner's parameter and returns the process that it runs in. */
#define _POSIX_C_SOURCE 200809L
#include <adaptive_mpi.h>
#include <time.h>
#include <unistd.h>

ADAPTIVE_MPI_FUNCTION(batch) {
  const double seconds = adaptive_mpi_parameter(batch, "seconds");
  for (int64_t i = 0; i < batch->count; i++) {
    const struct timespec pause = {(time_t)seconds, (long)(fmod(seconds, 1) * 1e9)};
    nanosleep(&pause, NULL);
    batch->values[i] = (double)getpid();
  }
}
