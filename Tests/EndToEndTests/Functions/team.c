/* What a team does, written down: 48 bytes of the point x, the process's id, its rank in the team,
   the team's size, the leader's id, and its rank in the world, before each evaluation; with x = -10
   at set-up and x = 10 at tear-down. The value is x^2, of rank 0 alone.

   Parameters say who does what: `seconds` that all sleep, `lead_seconds` that rank 0 sleeps alone;
   the ranks that are `failing` or set `nan` where x > 0.4, are `missing` from what the team does
   together where 0.4 < x < 0.45, or `crashing` where 0.49 < x < 0.51. */
#define _GNU_SOURCE
#include <mpi.h>

#include <adaptive_mpi.h>
#include <fcntl.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static struct {
  MPI_Comm team;
  int file, rank, size;
  double world_rank, leader;
} own = {.file = -1};

static int record(double x) {
  const double fields[6] = {x, getpid(), own.rank, own.size, own.leader, own.world_rank};
  return write(own.file, fields, sizeof fields) == sizeof fields;
}

ADAPTIVE_MPI_SET_UP(context) {
  const char *path = getenv("RECORDER_FILE");
  own.team = adaptive_mpi_communicator(context);
  if (own.team == MPI_COMM_NULL) return adaptive_mpi_refuse(context, "there is no team");
  MPI_Comm_rank(own.team, &own.rank);
  MPI_Comm_size(own.team, &own.size);
  if (own.rank != context->team_rank || own.size != context->team_size) {
    return adaptive_mpi_refuse(context, "rank %d of %d is not the context's", own.rank, own.size);
  }
  own.world_rank = (double)context->rank;
  own.leader = getpid();
  MPI_Bcast(&own.leader, 1, MPI_DOUBLE, 0, own.team);
  own.file = path ? open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600) : -1;
  if (own.file < 0) return adaptive_mpi_refuse(context, "cannot open RECORDER_FILE");
  record(-10);
  if (getenv("TEAM_REFUSES") && atoi(getenv("TEAM_REFUSES")) == (int)context->rank) {
    return adaptive_mpi_refuse(context, "this rank will not");
  }
  return 0;
}

ADAPTIVE_MPI_TEAR_DOWN(context) {
  (void)context;
  MPI_Barrier(own.team);
  record(10);
  close(own.file);
}

static void pause_for(double seconds) {
  const struct timespec pause = {(time_t)seconds, (long)(fmod(seconds, 1) * 1e9)};
  nanosleep(&pause, NULL);
}

/* A barrier whose waiting ranks sleep: one that some rank never comes to must not take the cores from
   the ranks that go on. */
static void meet(void) {
  MPI_Request request;
  int is_done = 0;
  MPI_Ibarrier(own.team, &request);
  while (MPI_Test(&request, &is_done, MPI_STATUS_IGNORE), !is_done) pause_for(0.0002);
}

/* Passes a number around, from anybody and under any tag: it must be the neighbor's. */
static int talk(double x) {
  double mine[2] = {x, own.rank}, others[2];
  MPI_Request request;
  MPI_Irecv(others, 2, MPI_DOUBLE, MPI_ANY_SOURCE, MPI_ANY_TAG, own.team, &request);
  MPI_Send(mine, 2, MPI_DOUBLE, (own.rank + 1) % own.size, 7, own.team);
  MPI_Wait(&request, MPI_STATUS_IGNORE);
  return others[0] == x && (int)others[1] == (own.rank + own.size - 1) % own.size;
}

ADAPTIVE_MPI_FUNCTION(batch) {
  const double seconds = adaptive_mpi_parameter_or(batch, "seconds", 0);
  const double lead_seconds = adaptive_mpi_parameter_or(batch, "lead_seconds", 0);
  const double failing = adaptive_mpi_parameter_or(batch, "failing", -1);
  const double nan_rank = adaptive_mpi_parameter_or(batch, "nan", -1);
  const double missing = adaptive_mpi_parameter_or(batch, "missing", -1);
  const double crashing = adaptive_mpi_parameter_or(batch, "crashing", -1);
  for (int64_t i = 0; i < batch->count; i++) {
    const double x = batch->points[i];
    int flag;
    if (!record(x)) adaptive_mpi_fail(batch, i, "the record was not written");
    if (own.rank == (int)crashing && x > 0.49 && x < 0.51) *(volatile int *)0 = 1;
    if (own.rank == (int)missing && x > 0.4 && x < 0.45) return;
    MPI_Iprobe(MPI_ANY_SOURCE, MPI_ANY_TAG, own.team, &flag, MPI_STATUS_IGNORE);
    if (flag) adaptive_mpi_fail(batch, i, "somebody else's message is here");
    meet();
    if (!talk(x)) adaptive_mpi_fail(batch, i, "somebody else's message was received");
    pause_for(own.rank == 0 && lead_seconds > 0 ? lead_seconds : seconds);
    if (own.rank == 0) batch->values[i] = x * x;
    if (own.rank == (int)nan_rank && x > 0.4) batch->values[i] = NAN;
    if (own.rank == (int)failing && x > 0.4) adaptive_mpi_fail(batch, i, "not for %g", x);
  }
}
