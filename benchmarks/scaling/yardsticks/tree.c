/* A root, sub-masters, leaves, plain MPI; no learner.
 *
 *     mpirun -n RANKS tree SUBMASTERS BATCH DEPTH SECONDS_TO_RUN [COST [PAUSE]]
 *
 * The root keeps two batches of BATCH points with each sub-master. A sub-master hands points one by
 * one to its leaves, DEPTH of them to each at a time, and sends results up by the batch, or as soon
 * as nothing else has come. COST is what a point costs in seconds, computing (> 0) or sleeping (< 0);
 * PAUSE > 0 sleeps so many seconds between looks for a message, instead of spinning.
 */
#include "yardstick.h"

struct plan { int ranks, submasters, batch, depth; double span, cost, pause; };

static int parent_of(const struct plan *plan, int rank) {
  return 1 + (rank - 1 - plan->submasters) % plan->submasters;
}

static void root(const struct plan *plan) {
  struct point *points = calloc((size_t)plan->batch, sizeof *points);
  struct result *results = calloc((size_t)plan->batch, sizeof *results);
  long sent = 0, told = 0;
  double sum = 0, start = now();
  for (int turn = 0; turn < 2; turn++)
    for (int child = 1; child <= plan->submasters; child++) {
      for (int i = 0; i < plan->batch; i++, sent++) points[i] = (struct point){(double)sent, sent};
      MPI_Send(points, plan->batch * (int)sizeof *points, MPI_BYTE, child, POINTS, MPI_COMM_WORLD);
    }
  while (told < sent) {
    MPI_Status status;
    int bytes;
    await_message(MPI_ANY_SOURCE, RESULTS, plan->pause, &status);
    MPI_Recv(results, plan->batch * (int)sizeof *results, MPI_BYTE, status.MPI_SOURCE, RESULTS,
             MPI_COMM_WORLD, &status);
    MPI_Get_count(&status, MPI_BYTE, &bytes);
    int count = bytes / (int)sizeof *results;
    for (int i = 0; i < count; i++) sum += results[i].y;
    told += count;
    if (now() - start >= plan->span) continue;
    for (int i = 0; i < count; i++, sent++) points[i] = (struct point){(double)sent, sent};
    MPI_Send(points, count * (int)sizeof *points, MPI_BYTE, status.MPI_SOURCE, POINTS,
             MPI_COMM_WORLD);
  }
  double seconds = now() - start;
  for (int rank = 1; rank < plan->ranks; rank++)
    MPI_Send(NULL, 0, MPI_BYTE, rank, STOP, MPI_COMM_WORLD);
  report(plan->ranks, plan->ranks - 1 - plan->submasters, plan->cost, told, seconds, sum);
  free(points);
  free(results);
}

static void submaster(const struct plan *plan, int rank) {
  /* A ring of waiting points; the root never has more than two batches here. */
  int size = 2 * plan->batch, head = 0, waiting = 0, finished = 0;
  struct point *ring = calloc((size_t)size, sizeof *ring);
  struct point *incoming = calloc((size_t)plan->batch, sizeof *incoming);
  struct result *results = calloc((size_t)plan->batch, sizeof *results);
  int *load = calloc((size_t)plan->ranks, sizeof *load), running = 0;
  for (;;) {
    MPI_Status status;
    await_message(MPI_ANY_SOURCE, MPI_ANY_TAG, plan->pause, &status);
    int source = status.MPI_SOURCE;
    if (status.MPI_TAG == STOP) {
      MPI_Recv(NULL, 0, MPI_BYTE, source, STOP, MPI_COMM_WORLD, &status);
      break;
    }
    if (status.MPI_TAG == POINTS) {
      int bytes;
      MPI_Recv(incoming, plan->batch * (int)sizeof *incoming, MPI_BYTE, source, POINTS,
               MPI_COMM_WORLD, &status);
      MPI_Get_count(&status, MPI_BYTE, &bytes);
      for (int i = 0; i < bytes / (int)sizeof *incoming; i++)
        ring[(head + waiting++) % size] = incoming[i];
    } else {
      MPI_Recv(&results[finished++], sizeof *results, MPI_BYTE, source, RESULTS, MPI_COMM_WORLD,
               &status);
      load[source]--;
      running--;
    }
    for (int filled = 1; filled <= plan->depth && waiting > 0; filled++)
      for (int leaf = plan->submasters + rank; leaf < plan->ranks && waiting > 0;
           leaf += plan->submasters) {
        if (load[leaf] >= filled) continue;
        MPI_Send(&ring[head], sizeof *ring, MPI_BYTE, leaf, POINTS, MPI_COMM_WORLD);
        head = (head + 1) % size;
        waiting--;
        load[leaf]++;
        running++;
      }
    if (finished == 0) continue;
    int more = finished < plan->batch && running + waiting > 0;
    if (more && finished < plan->batch / 2) continue;
    if (more) MPI_Iprobe(MPI_ANY_SOURCE, RESULTS, MPI_COMM_WORLD, &more, MPI_STATUS_IGNORE);
    if (more) continue;
    MPI_Send(results, finished * (int)sizeof *results, MPI_BYTE, 0, RESULTS, MPI_COMM_WORLD);
    finished = 0;
  }
  free(ring);
  free(incoming);
  free(results);
  free(load);
}

static void leaf(const struct plan *plan, int rank) {
  int parent = parent_of(plan, rank);
  struct leaf_log log = {.max = 1 << 18};
  log.gaps = calloc((size_t)log.max, sizeof(double));
  for (;;) {
    MPI_Status status;
    struct point point;
    await_message(MPI_ANY_SOURCE, MPI_ANY_TAG, plan->pause, &status);
    MPI_Recv(&point, sizeof point, MPI_BYTE, status.MPI_SOURCE, status.MPI_TAG, MPI_COMM_WORLD,
             &status);
    if (status.MPI_TAG == STOP) break;
    double started = now();
    leaf_log_begin(&log, started);
    struct result result = {.y = evaluate(point.x, plan->cost), .id = point.id};
    leaf_log_end(&log, started, now());
    MPI_Send(&result, sizeof result, MPI_BYTE, parent, RESULTS, MPI_COMM_WORLD);
  }
  leaf_log_send(&log);
  free(log.gaps);
}

int main(int argc, char **argv) {
  MPI_Init(&argc, &argv);
  int rank;
  struct plan plan = {0};
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  MPI_Comm_size(MPI_COMM_WORLD, &plan.ranks);
  if (argc < 5 || atoi(argv[1]) < 1 || plan.ranks < 1 + 2 * atoi(argv[1])) {
    if (rank == 0)
      fputs("usage: mpirun -n RANKS tree SUBMASTERS BATCH DEPTH SECONDS_TO_RUN [COST [PAUSE]]\n",
            stderr);
    MPI_Finalize();
    return 64;
  }
  plan.submasters = atoi(argv[1]);
  plan.batch = atoi(argv[2]);
  plan.depth = atoi(argv[3]);
  plan.span = atof(argv[4]);
  plan.cost = argc > 5 ? atof(argv[5]) : 0;
  plan.pause = argc > 6 ? atof(argv[6]) : 0;
  MPI_Barrier(MPI_COMM_WORLD);
  if (rank == 0) root(&plan);
  else if (rank <= plan.submasters) submaster(&plan, rank);
  else leaf(&plan, rank);
  MPI_Finalize();
  return 0;
}
