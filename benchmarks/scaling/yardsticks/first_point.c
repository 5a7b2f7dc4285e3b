/* A function for adaptive-mpi that tells when it was first called: each leaf appends the seconds since
 * 1970 to the file that FIRST_POINT names. */
#include <adaptive_mpi.h>
#include <stdlib.h>
#include <time.h>

static void note(void) {
  const char *name = getenv("FIRST_POINT");
  FILE *file = name ? fopen(name, "a") : NULL;
  if (!file) return;
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  fprintf(file, "%.6f\n", (double)now.tv_sec + (double)now.tv_nsec * 1e-9);
  fclose(file);
}

ADAPTIVE_MPI_FUNCTION(batch) {
  static int noted = 0;
  if (!noted++) note();
  for (int64_t i = 0; i < batch->count; i++) {
    double x = batch->points[i];
    batch->values[i] = x + 1e-4 / (1e-4 + x * x);
  }
}
