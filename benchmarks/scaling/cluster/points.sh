#!/usr/bin/env bash
# Read by the job scripts: runs every cost and distribution on the job's ranks, one line of JSON each
# into RESULTS. `launch` starts a command on all ranks.
#
# TREE_BENCHMARK names the program; without it, the release build two folders up is taken. It is a
# build of the same sources for the same MPI: `swift build -c release --static-swift-stdlib`.
set -euo pipefail
program=${TREE_BENCHMARK:-$HERE/../../../.build/release/TreeBenchmark}
[ -x "$program" ] || { echo "points.sh: $program is missing; set TREE_BENCHMARK" >&2; exit 66; }
job=${SLURM_JOB_ID:-${PBS_JOBID:-$$}}
file=$RESULTS/$KIND-$NTASKS-$job.jsonl
checkpoints=$RESULTS/checkpoint-$job

for seconds in $SECONDS_PER_POINT; do
  if [ "$KIND" = weak ]; then count=$((NTASKS * POINTS_PER_RANK)); else count=$POINTS; fi
  # No more than fill a third of the job with this cost.
  count=$(awk -v p="$count" -v s="$seconds" -v n="$NTASKS" -v m="$MINUTES" \
    'BEGIN { most = m * 20 * n / s; printf "%d", (p < most ? p : most) }')
  for distribution in $DISTRIBUTIONS; do
    rm -rf "$checkpoints"
    if line=$(launch "$program" npoints="$count" learner=1d cost=sleep seconds="$seconds" \
        distribution="$distribution" directory="$checkpoints" started="$(date +%s.%N)"); then
      echo "$line" | sed -n "s/^{/{\"kind\":\"$KIND\",/p" >> "$file"
    else
      echo "points.sh: $seconds s, $distribution ended with $?" >&2
    fi
  done
done
rm -rf "$checkpoints"
