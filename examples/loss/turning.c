/* A loss that looks for where a curve turns: how much the slope changes from an interval to its
   neighbours, times its width. Straight stretches are left alone, however steep; bends are not. */
#include <adaptive_mpi.h>

ADAPTIVE_MPI_LIBRARY;

static double slope(const adaptive_mpi_cell *cell, int left) {
  return (cell->values[left + 1] - cell->values[left]) /
         (cell->points[left + 1] - cell->points[left]);
}

/* The points of an interval with `neighbors: 1`: the one before, its two ends, the one after. */
ADAPTIVE_MPI_LOSS(cell) {
  const double own = slope(cell, 1);
  double turn = 0.01; /* so that no interval is forgotten for ever */
  if (!isnan(cell->points[0])) turn += fabs(own - slope(cell, 0));
  if (!isnan(cell->points[3])) turn += fabs(own - slope(cell, 2));
  return turn * (cell->points[2] - cell->points[1]);
}
