#!/usr/bin/awk -f
# A program for adaptive-mpi: reads lines of x and gamma, writes a line with a Lorentzian each.
{
  printf "%.17g\n", $2 * $2 / ($2 * $2 + $1 * $1)
  fflush()
}
