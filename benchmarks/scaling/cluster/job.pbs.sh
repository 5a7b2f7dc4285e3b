#!/usr/bin/env bash
# One size of the series, under PBS; series.sh submits it.
#PBS -j oe
set -euo pipefail
# An MPI that was built without PBS support does not know the nodes.
launch() { ${MPIRUN:-mpirun} --hostfile "$PBS_NODEFILE" -n "$NTASKS" "$@"; }
# shellcheck source=SCRIPTDIR/points.sh
. "$HERE/points.sh"
