/* Values of any size. The upper bound of [0, 1] takes a minute, and says so in the file that
   RECORDER_FILE names; every other point takes no time. */
#define _GNU_SOURCE
#include <adaptive_mpi.h>
#include <stdlib.h>
#include <unistd.h>

static void say_that_it_begins(void) {
  const char *path = getenv("RECORDER_FILE");
  FILE *file = path == NULL ? NULL : fopen(path, "w");
  if (file == NULL) return;
  fputs("1", file);
  fclose(file);
}

ADAPTIVE_MPI_FUNCTION(batch) {
  for (int64_t i = 0; i < batch->count; i++) {
    if (batch->points[i] == 1.0) {
      say_that_it_begins();
      sleep(60);
    }
    for (int64_t j = 0; j < batch->value_count; j++) {
      batch->values[i * batch->value_count + j] = batch->points[i] + (double)j;
    }
  }
}
