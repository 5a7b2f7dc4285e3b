#!/usr/bin/env bash
# The longest gap in feeding one leaf, without and with snapshots being written meanwhile:
#     benchmarks/feeding/measure.sh [PROGRAM]    (default: the release build)
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
program=${1:-$here/../../.build/release/adaptive-mpi}
work=$(mktemp -d)
trap 'rm -r "$work"' EXIT
cc -std=c11 -O2 -Wall -Wextra -fPIC -shared -I "$here/../../include" \
  -o "$work/libgap.so" "$here/longest_gap.c" -lm

for interval in 1h 1s; do
  cat > "$work/campaign.yaml" << CAMPAIGN
name: gap
directory: run
function: {library: libgap.so}
learners: [{name: one, kind: 1d, bounds: [-1.0, 1.0]}]
goal: {npoints: 1000000}
checkpoint: {interval: $interval}
CAMPAIGN
  for _ in 1 2 3 4 5; do
    echo "snapshot every $interval, $(mpirun -n 2 "$program" run "$work/campaign.yaml" --fresh |
      grep 'longest gap')"
  done
done
