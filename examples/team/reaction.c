/* Matter that diffuses along a rod and decays: -u'' + k^2 u = 1 with u = 0 at both ends. How much is
   there, against the rate k?

   The ranks of a team share the grid: each has a run of its points, tells its neighbors the values
   at its ends, and all sum the products of the method of conjugate gradients (Hestenes and Stiefel,
   J. Res. Natl. Bur. Stand. 49, 409 (1952)). */
#include <mpi.h>

#include <adaptive_mpi.h>
#include <stdlib.h>

/* This rank's part of the grid; vectors have a place more at each end for the neighbors' values. */
struct part {
  MPI_Comm team;
  int left, right;
  int count;
  double step;
};

static double dot(const struct part *part, const double *a, const double *b) {
  double own = 0, all;
  for (int i = 1; i <= part->count; i++) own += a[i] * b[i];
  MPI_Allreduce(&own, &all, 1, MPI_DOUBLE, MPI_SUM, part->team);
  return all;
}

/* out = -u'' + k^2 u. */
static void apply(const struct part *part, double k, double *u, double *out) {
  const int n = part->count;
  const double h2 = part->step * part->step;
  u[0] = u[n + 1] = 0; /* stays so at the ends of the rod, where there is no neighbor */
  MPI_Sendrecv(&u[1], 1, MPI_DOUBLE, part->left, 0, &u[n + 1], 1, MPI_DOUBLE, part->right, 0,
               part->team, MPI_STATUS_IGNORE);
  MPI_Sendrecv(&u[n], 1, MPI_DOUBLE, part->right, 1, &u[0], 1, MPI_DOUBLE, part->left, 1,
               part->team, MPI_STATUS_IGNORE);
  for (int i = 1; i <= n; i++) out[i] = (2 * u[i] - u[i - 1] - u[i + 1]) / h2 + k * k * u[i];
}

/* The mean of u; not a number if the iteration does not converge. Every rank finds the same. */
static double mean(const struct part *part, double k, double *work, int grid) {
  const int n = part->count, stride = n + 2;
  double *u = work, *residual = work + stride, *direction = work + 2 * stride;
  double *image = work + 3 * stride;
  for (int i = 0; i < stride; i++) {
    u[i] = 0;
    residual[i] = direction[i] = 1;
  }
  double norm = dot(part, residual, residual);
  const double enough = 1e-20 * norm;
  for (int turn = 0; norm > enough; turn++) {
    if (turn > 10 * grid) return NAN;
    apply(part, k, direction, image);
    const double length = norm / dot(part, direction, image);
    for (int i = 1; i <= n; i++) {
      u[i] += length * direction[i];
      residual[i] -= length * image[i];
    }
    const double next = dot(part, residual, residual);
    for (int i = 1; i <= n; i++) direction[i] = residual[i] + next / norm * direction[i];
    norm = next;
  }
  double own = 0, all;
  for (int i = 1; i <= n; i++) own += u[i];
  MPI_Allreduce(&own, &all, 1, MPI_DOUBLE, MPI_SUM, part->team);
  return all * part->step;
}

ADAPTIVE_MPI_FUNCTION(batch) {
  struct part part = {.team = adaptive_mpi_communicator(batch)};
  const int grid = (int)adaptive_mpi_parameter(batch, "grid");
  int rank, size;
  if (part.team == MPI_COMM_NULL) {
    for (int64_t i = 0; i < batch->count; i++) {
      adaptive_mpi_fail(batch, i, "a team is needed: set 'team' beside 'library'");
    }
    return;
  }
  MPI_Comm_rank(part.team, &rank);
  MPI_Comm_size(part.team, &size);
  part.left = rank > 0 ? rank - 1 : MPI_PROC_NULL;
  part.right = rank < size - 1 ? rank + 1 : MPI_PROC_NULL;
  part.count = grid * (rank + 1) / size - grid * rank / size;
  part.step = 1.0 / (grid + 1);
  double *work = malloc(4 * (size_t)(part.count + 2) * sizeof *work);
  for (int64_t i = 0; i < batch->count; i++) {
    batch->values[i] = mean(&part, batch->points[i], work, grid);
  }
  free(work);
}
