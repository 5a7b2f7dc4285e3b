/* One master, workers, plain MPI.
 *
 *     mpirun -n RANKS pool BATCH DEPTH SECONDS_TO_RUN [COST]
 *
 * The master keeps DEPTH batches of BATCH points with each worker, and sends the next when one comes
 * back. COST is what a point costs in seconds, computing (> 0) or sleeping (< 0).
 */
#include "yardstick.h"

static void master(int ranks, int batch, int depth, double span, double cost) {
  double *points = calloc((size_t)batch, sizeof *points);
  struct result *results = calloc((size_t)batch, sizeof *results);
  long sent = 0, told = 0, flying = 0;
  double sum = 0, start = now();
  for (int turn = 0; turn < depth; turn++)
    for (int worker = 1; worker < ranks; worker++) {
      for (int i = 0; i < batch; i++) points[i] = (double)sent++;
      MPI_Send(points, batch, MPI_DOUBLE, worker, POINTS, MPI_COMM_WORLD);
      flying++;
    }
  while (flying > 0) {
    MPI_Status status;
    int bytes;
    MPI_Recv(results, batch * (int)sizeof *results, MPI_BYTE, MPI_ANY_SOURCE, RESULTS,
             MPI_COMM_WORLD, &status);
    MPI_Get_count(&status, MPI_BYTE, &bytes);
    int count = bytes / (int)sizeof *results;
    for (int i = 0; i < count; i++) sum += results[i].y;
    told += count;
    if (now() - start >= span) {
      flying--;
      continue;
    }
    for (int i = 0; i < batch; i++) points[i] = (double)sent++;
    MPI_Send(points, batch, MPI_DOUBLE, status.MPI_SOURCE, POINTS, MPI_COMM_WORLD);
  }
  double seconds = now() - start;
  for (int worker = 1; worker < ranks; worker++)
    MPI_Send(NULL, 0, MPI_DOUBLE, worker, STOP, MPI_COMM_WORLD);
  report(ranks, ranks - 1, cost, told, seconds, sum);
  free(points);
  free(results);
}

static void worker(int batch, double cost) {
  double *points = calloc((size_t)batch, sizeof *points);
  struct result *results = calloc((size_t)batch, sizeof *results);
  struct leaf_log log = {.max = 1 << 20};
  log.gaps = calloc((size_t)log.max, sizeof(double));
  for (;;) {
    MPI_Status status;
    int count;
    MPI_Recv(points, batch, MPI_DOUBLE, 0, MPI_ANY_TAG, MPI_COMM_WORLD, &status);
    if (status.MPI_TAG == STOP) break;
    MPI_Get_count(&status, MPI_DOUBLE, &count);
    double started = now();
    leaf_log_begin(&log, started);
    for (int i = 0; i < count; i++) results[i].y = evaluate(points[i], cost);
    leaf_log_end(&log, started, now());
    MPI_Send(results, count * (int)sizeof *results, MPI_BYTE, 0, RESULTS, MPI_COMM_WORLD);
  }
  leaf_log_send(&log);
  free(log.gaps);
  free(points);
  free(results);
}

int main(int argc, char **argv) {
  MPI_Init(&argc, &argv);
  int rank, ranks;
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  MPI_Comm_size(MPI_COMM_WORLD, &ranks);
  if (argc < 4 || ranks < 2) {
    if (rank == 0) fputs("usage: mpirun -n RANKS pool BATCH DEPTH SECONDS_TO_RUN [COST]\n", stderr);
    MPI_Finalize();
    return 64;
  }
  double cost = argc > 4 ? atof(argv[4]) : 0;
  MPI_Barrier(MPI_COMM_WORLD);
  if (rank == 0) master(ranks, atoi(argv[1]), atoi(argv[2]), atof(argv[3]), cost);
  else worker(atoi(argv[1]), cost);
  MPI_Finalize();
  return 0;
}
