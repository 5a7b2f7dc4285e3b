/* What a message costs between two ranks: latency, bandwidth, and the work at either end.
 *
 *     mpirun -n 2 pingpong [ROUNDS]
 *
 * Rank 0 sends 48 bytes and waits for them to come back, looking all the time, as our loops do: a
 * probe for any message, then a receive. One-way latency is half a round less what sending and
 * receiving cost a rank. Bandwidth is that of 32 KiB messages.
 */
#include <math.h>

#include "yardstick.h"

enum { SMALL = 48, LARGE = 32 * 1024, WARM_UP = 2000 };

static double receive_seconds = 0, send_seconds = 0;

static void send_to(int rank, char *bytes, int count) {
  double before = now();
  MPI_Request request;
  int done = 0;
  MPI_Isend(bytes, count, MPI_BYTE, rank, POINTS, MPI_COMM_WORLD, &request);
  while (!done) MPI_Test(&request, &done, MPI_STATUS_IGNORE);
  send_seconds += now() - before;
}

static void receive(char *bytes, int count) {
  int found = 0;
  MPI_Status status;
  double before = now();
  while (!found) {
    before = now();
    MPI_Iprobe(MPI_ANY_SOURCE, MPI_ANY_TAG, MPI_COMM_WORLD, &found, &status);
  }
  MPI_Recv(bytes, count, MPI_BYTE, status.MPI_SOURCE, status.MPI_TAG, MPI_COMM_WORLD,
           MPI_STATUS_IGNORE);
  receive_seconds += now() - before;
}

static int compare(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* The median round, and in *spread half the logarithm of the ratio of the 84th to the 16th percent. */
static double rounds(int rank, char *bytes, int size, int count, double *spread) {
  double *times = calloc((size_t)count, sizeof *times);
  for (int i = -WARM_UP; i < count; i++) {
    if (i == 0) send_seconds = receive_seconds = 0;
    double before = now();
    if (rank == 0) {
      send_to(1, bytes, size);
      receive(bytes, size);
    } else {
      receive(bytes, size);
      send_to(0, bytes, size);
    }
    if (i >= 0) times[i] = now() - before;
  }
  qsort(times, (size_t)count, sizeof *times, compare);
  double middle = times[count / 2];
  *spread = 0.5 * log(times[count * 84 / 100] / times[count * 16 / 100]);
  free(times);
  return middle;
}

int main(int argc, char **argv) {
  int count = argc > 1 ? atoi(argv[1]) : 200000;
  MPI_Init(&argc, &argv);
  int rank;
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  char *bytes = calloc(1, LARGE);
  double spread, ignored;
  double small = rounds(rank, bytes, SMALL, count, &spread);
  double send = send_seconds / count, receipt = receive_seconds / count;
  double large = rounds(rank, bytes, LARGE, count / 20, &ignored);
  if (rank == 0)
    printf("{\"round_seconds\":%.9g,\"spread\":%.3g,\"send_seconds\":%.9g,"
           "\"receive_seconds\":%.9g,\"bytes_per_second\":%.6g}\n",
           small, spread, send, receipt, (LARGE - SMALL) / (0.5 * (large - small)));
  free(bytes);
  MPI_Finalize();
  return 0;
}
