#!/usr/bin/env bash
# What journal and snapshots cost the root, with an empty function and 2 ranks:
#     benchmarks/saving/measure.sh [PROGRAM]     (default: the release build)
# For each size, five times in turn: nothing saved before the end, a journal made durable each
# second, the same with a snapshot a second. Prints seconds of rank 0's processor and of the clock.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
program=${1:-$here/../../.build/release/adaptive-mpi}
work=$(mktemp -d)
trap 'rm -r "$work"' EXIT
# shellcheck disable=SC2016  # the inner shell expands it
timed='TIMEFORMAT="%U %S %R"; { time "$0" run "$1" --fresh >/dev/null; } 2>"$2"'

for points in 10000 100000 1000000; do
  for _ in 1 2 3 4 5; do
    for saving in "none 1h 1h" "journal 1s 1h" "snapshots 1s 1s"; do
      read -r name commit interval <<< "$saving"
      cat > "$work/campaign.yaml" << CAMPAIGN
name: saving
directory: run
function: {builtin: peak}
learners: [{name: one, kind: 1d, bounds: [-1.0, 1.0]}]
goal: {npoints: $points}
checkpoint: {commit: $commit, interval: $interval}
CAMPAIGN
      mpirun -n 1 bash -c "$timed" "$program" "$work/campaign.yaml" "$work/times" : \
        -n 1 "$program" run "$work/campaign.yaml" --fresh > "$work/log"
      awk -v n="$points" -v name="$name" \
        '{ printf "%7d points, %-9s: root %.2f s of processor, %.2f s\n", n, name, $1 + $2, $3 }' \
        "$work/times"
    done
  done
done
