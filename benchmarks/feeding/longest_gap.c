/* A function that costs nothing and keeps the longest time between two of its calls, which each
   leaf prints at its end. The first hundred calls, while windows grow, do not count. */
#define _GNU_SOURCE
#include <adaptive_mpi.h>
#include <stdio.h>
#include <time.h>

static double last_end = 0;
static double longest = 0;
static long call_count = 0;

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

ADAPTIVE_MPI_FUNCTION(batch) {
  const double gap = now() - last_end;
  if (call_count++ > 100 && gap > longest) longest = gap;
  for (int64_t i = 0; i < batch->count; i++) {
    const double x = batch->points[i];
    batch->values[i] = x + 1e-4 / (1e-4 + x * x);
  }
  last_end = now();
}

ADAPTIVE_MPI_TEAR_DOWN(context) {
  printf("leaf %d: longest gap %.1f ms in %ld calls\n", (int)context->rank, 1e3 * longest,
         call_count);
}
