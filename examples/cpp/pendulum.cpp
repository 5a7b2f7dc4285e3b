// The period of a pendulum against its amplitude, in units of that of small swings: it grows without
// bound towards an amplitude of 180 degrees, where the pendulum stands on its head.
//
// T / T0 = 1 / agm(1, cos(amplitude / 2)), by the arithmetic-geometric mean (Gauss).
#include <adaptive_mpi.h>

#include <cmath>
#include <stdexcept>

namespace {

double mean(double a, double g) {
  while (std::abs(a - g) > 1e-15 * a) {
    const double next = (a + g) / 2;
    g = std::sqrt(a * g);
    a = next;
  }
  return a;
}

double period(double degrees) {
  const double amplitude = degrees * std::acos(-1.0) / 180;
  if (std::abs(degrees) >= 180) throw std::domain_error("a pendulum on its head has no period");
  return 1 / mean(1, std::cos(amplitude / 2));
}

}  // namespace

ADAPTIVE_MPI_FUNCTION(batch) {
  for (int64_t i = 0; i < batch->count; i++) {
    // No exception may leave the function.
    try {
      batch->values[i] = period(batch->points[i]);
    } catch (const std::exception &error) {
      adaptive_mpi_fail(batch, i, "%s", error.what());
    }
  }
}
