/* An MPI program that does nothing: what start and memory are compared with.
 *
 *     mpirun -n RANKS empty [SECONDS]
 *
 * Rank 0 prints one line of JSON: when all ranks had started, in seconds since 1970, and the largest
 * private and resident memory of a rank. Then all ranks sleep for SECONDS.
 */
#include <mpi.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* The sum of a field of /proc/self/smaps_rollup, in MB. */
static double megabytes(const char *field) {
  FILE *file = fopen("/proc/self/smaps_rollup", "r");
  char line[256];
  double sum = 0;
  while (file && fgets(line, sizeof line, file))
    if (!strncmp(line, field, strlen(field))) sum += atof(strchr(line, ':') + 1) / 1024;
  if (file) fclose(file);
  return sum;
}

int main(int argc, char **argv) {
  MPI_Init(&argc, &argv);
  int rank;
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  double own[2] = {megabytes("Private_"), megabytes("Rss:")}, most[2];
  MPI_Reduce(own, most, 2, MPI_DOUBLE, MPI_MAX, 0, MPI_COMM_WORLD);
  if (rank == 0) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    printf("{\"started_at\":%.6f,\"private_mb\":%.2f,\"rss_mb\":%.2f}\n",
           (double)now.tv_sec + (double)now.tv_nsec * 1e-9, most[0], most[1]);
    fflush(stdout);
  }
  if (argc > 1) usleep((useconds_t)(atof(argv[1]) * 1e6));
  MPI_Finalize();
  return 0;
}
