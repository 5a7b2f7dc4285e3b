/* Losses alone, without a function: the default one, and what the tests look at. */
#include <adaptive_mpi.h>

ADAPTIVE_MPI_LIBRARY;

ADAPTIVE_MPI_LOSS(cell) {
  return hypot(cell->points[1] - cell->points[0], cell->values[1] - cell->values[0]);
}

/* Every number of the cell at a place of its own. */
ADAPTIVE_MPI_EXPORT double digits(const adaptive_mpi_cell *cell);
double digits(const adaptive_mpi_cell *cell) {
  double sum = (double)(cell->struct_bytes - (int64_t)sizeof *cell);
  double place = 1;
  sum += 100000 * (double)cell->count + 10000 * (double)cell->dimension +
         1000 * (double)cell->value_count;
  for (int64_t i = 0; i < cell->count * cell->dimension; i++) sum += cell->points[i] * (place /= 10);
  for (int64_t i = 0; i < cell->count * cell->value_count; i++) sum += cell->values[i] * (place /= 10);
  return sum;
}
