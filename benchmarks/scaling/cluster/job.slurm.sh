#!/usr/bin/env bash
# One size of the series, under Slurm; series.sh submits it. sbatch runs a copy of this file.
#SBATCH --exclusive
set -euo pipefail
launch() { ${MPIRUN:-mpirun} -n "$NTASKS" "$@"; }
# shellcheck source=SCRIPTDIR/points.sh
. "$HERE/points.sh"
