/* The Rashba nanowire with superconducting pairing in a magnetic field, known as the Majorana wire
   (Lutchyn, Sau and Das Sarma, Phys. Rev. Lett. 105, 077001; Oreg, Refael and von Oppen,
   Phys. Rev. Lett. 105, 177002; both 2010). Its Bogoliubov-de Gennes Hamiltonian at momentum k is

     H(k) = (k^2 / 2m - mu) tau_z + alpha k sigma_y tau_z + B sigma_x + delta tau_x

   with sigma acting on spin and tau on particle and hole, in units in which hbar = 1.

   adaptive_mpi_function: field B -> bulk gap, the smallest |E| over all momenta.
   nanowire_bands:        momentum k -> the four energies, ascending.

   Parameters: mu, delta, alpha; mass (1); momenta (300), how many the gap is searched from; for
   nanowire_bands also field. */
#include <adaptive_mpi.h>
#include <complex.h>
#include <float.h>
#include <stdlib.h>

ADAPTIVE_MPI_LIBRARY;

typedef struct wire {
  double mu, delta, alpha, mass, field;
} wire;

/* H(k) in the basis (particle, hole) x (spin up, spin down). */
static void hamiltonian(const wire *w, double k, double complex h[4][4]) {
  const double xi = k * k / (2 * w->mass) - w->mu;
  const double complex rashba = -I * w->alpha * k;
  const double complex rows[4][4] = {
      {xi, w->field + rashba, w->delta, 0},
      {w->field - rashba, xi, 0, w->delta},
      {w->delta, 0, -xi, w->field - rashba},
      {0, w->delta, w->field + rashba, -xi},
  };
  memcpy(h, rows, sizeof rows);
}

/* Makes h[p][q] zero by a unitary rotation in the plane of p and q. */
static void rotate(double complex h[4][4], int p, int q) {
  const double size = cabs(h[p][q]);
  if (size == 0) return;
  const double complex phase = h[p][q] / size;
  const double theta = (creal(h[q][q]) - creal(h[p][p])) / (2 * size);
  const double t = copysign(1, theta) / (fabs(theta) + sqrt(theta * theta + 1));
  const double c = 1 / sqrt(t * t + 1), s = t * c;
  for (int i = 0; i < 4; i++) {
    const double complex x = h[i][p], y = h[i][q] * conj(phase);
    h[i][p] = c * x - s * y;
    h[i][q] = s * x + c * y;
  }
  for (int i = 0; i < 4; i++) {
    const double complex x = h[p][i], y = h[q][i] * phase;
    h[p][i] = c * x - s * y;
    h[q][i] = s * x + c * y;
  }
  h[p][q] = h[q][p] = 0;
}

/* Leaves the eigenvalues on the diagonal of h: Jacobi's method in its cyclic order (Forsythe and
   Henrici, Trans. Amer. Math. Soc. 94, 1, 1960), which converges quadratically; 0 if it did not. */
static int diagonalise(double complex h[4][4]) {
  double norm = 0;
  for (int i = 0; i < 16; i++) norm += creal(h[i / 4][i % 4] * conj(h[i / 4][i % 4]));
  for (int sweep = 0; sweep < 30; sweep++) {
    double off = 0;
    for (int p = 0; p < 3; p++) {
      for (int q = p + 1; q < 4; q++) off += creal(h[p][q] * conj(h[p][q]));
    }
    if (off <= norm * (DBL_EPSILON * DBL_EPSILON / 16)) return 1;
    for (int p = 0; p < 3; p++) {
      for (int q = p + 1; q < 4; q++) rotate(h, p, q);
    }
  }
  return 0;
}

/* The smallest |E| at momentum k; not a number if the diagonalisation failed. */
static double lowest(const wire *w, double k) {
  double complex h[4][4];
  hamiltonian(w, k, h);
  if (!diagonalise(h)) return NAN;
  double smallest = INFINITY;
  for (int i = 0; i < 4; i++) smallest = fmin(smallest, fabs(creal(h[i][i])));
  return smallest;
}

/* Past this momentum |E| is above its smallest value at k = 0, which is at most
   B + sqrt(delta^2 + mu^2): |E| >= k^2 / 2m - mu - alpha k - B - delta, as the norm of a sum is at
   most the sum of the norms. */
static double largest_momentum(const wire *w) {
  const double field = fabs(w->field), alpha = fabs(w->alpha);
  const double bound = w->mu + 2 * field + fabs(w->delta) + hypot(w->delta, w->mu);
  return w->mass * (alpha + sqrt(alpha * alpha + 2 * fmax(bound, 0) / w->mass));
}

/* The minimum of lowest() between a and b by golden sections (Kiefer, Proc. Amer. Math. Soc. 4,
   502, 1953). */
static double refined(const wire *w, double a, double b) {
  const double golden = 0.6180339887498949;
  double x = b - golden * (b - a), y = a + golden * (b - a);
  double at_x = lowest(w, x), at_y = lowest(w, y);
  for (int step = 0; step < 40; step++) {
    if (at_x < at_y) {
      b = y, y = x, at_y = at_x;
      x = b - golden * (b - a), at_x = lowest(w, x);
    } else {
      a = x, x = y, at_x = at_y;
      y = a + golden * (b - a), at_y = lowest(w, y);
    }
  }
  return fmin(at_x, at_y);
}

/* The smallest |E| over k >= 0 (it is even in k): on a grid that begins with k = 0, where the gap
   closes, then within each valley of the grid. */
static double gap(const wire *w, int momenta) {
  const double step = largest_momentum(w) / (momenta - 1);
  double before = INFINITY, here = lowest(w, 0), smallest = here;
  for (int i = 0; i < momenta; i++) {
    const double next = lowest(w, (i + 1) * step);
    if (isnan(next)) return NAN;
    if (here <= before && here <= next) {
      smallest = fmin(smallest, refined(w, fmax(i - 1, 0) * step, (i + 1) * step));
    }
    smallest = fmin(smallest, next);
    before = here, here = next;
  }
  return smallest;
}

static wire wire_of(adaptive_mpi_batch *batch) {
  return (wire){
      .mu = adaptive_mpi_parameter(batch, "mu"),
      .delta = adaptive_mpi_parameter(batch, "delta"),
      .alpha = adaptive_mpi_parameter(batch, "alpha"),
      .mass = adaptive_mpi_parameter_or(batch, "mass", 1),
  };
}

void adaptive_mpi_function(adaptive_mpi_batch *batch) {
  wire w = wire_of(batch);
  const double momenta = adaptive_mpi_parameter_or(batch, "momenta", 300);
  for (int64_t i = 0; i < batch->count; i++) {
    w.field = batch->points[i * batch->dimension];
    if (!(w.mass > 0) || !(momenta >= 3 && momenta <= 1e6)) {
      adaptive_mpi_fail(batch, i, "mass = %g must be above 0 and momenta = %g within 3 and 1e6",
                        w.mass, momenta);
    } else {
      batch->values[i * batch->value_count] = gap(&w, (int)momenta);
    }
  }
}

static int ascending(const void *a, const void *b) {
  const double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

ADAPTIVE_MPI_EXPORT void nanowire_bands(adaptive_mpi_batch *batch) {
  wire w = wire_of(batch);
  w.field = adaptive_mpi_parameter(batch, "field");
  for (int64_t i = 0; i < batch->count; i++) {
    double complex h[4][4];
    hamiltonian(&w, batch->points[i * batch->dimension], h);
    if (batch->value_count != 4) {
      adaptive_mpi_fail(batch, i, "nanowire_bands has 4 values, not %d", (int)batch->value_count);
    } else if (!diagonalise(h)) {
      adaptive_mpi_fail(batch, i, "no convergence in 30 sweeps");
    } else {
      double *energies = batch->values + i * 4;
      for (int band = 0; band < 4; band++) energies[band] = creal(h[band][band]);
      qsort(energies, 4, sizeof *energies, ascending);
    }
  }
}
