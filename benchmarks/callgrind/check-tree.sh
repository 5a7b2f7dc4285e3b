#!/usr/bin/env bash
# Compares the instructions that root, sub-master and leaf need for a point with the ceilings in
# tree-ceilings.txt; fails above one.
# Usage: benchmarks/callgrind/check-tree.sh [PROGRAM]   (default: the release build of TreeInstructions)
#
# One process plays all three roles over frames in memory; callgrind collects inside one role's turns.
# A count is the difference of two runs, of N and 2 N points, over N: what the process needs to start
# cancels. Swift's hashing is seeded alike in every run.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
program=${1:-$here/../../.build/release/TreeInstructions}
work=$(mktemp -d)
trap 'rm -r "$work"' EXIT
export SWIFT_DETERMINISTIC_HASHING=1

instructions() {
  valgrind --tool=callgrind --callgrind-out-file="$work/out" "--toggle-collect=*turnOf$1*" \
    "$program" "$2" "$3" > /dev/null 2> "$work/log"
  awk '/^(summary|totals):/ { print $2; exit }' "$work/out"
}

failed=0
while read -r ceiling points role learner; do
  case $ceiling in '' | '#'*) continue ;; esac
  small=$(instructions "$role" "$learner" "$points")
  large=$(instructions "$role" "$learner" $((2 * points)))
  each=$(((large - small) / points))
  verdict=ok
  # No count at all means that the turns were not found.
  if [ "$each" -gt "$ceiling" ] || [ "$each" -le 0 ]; then
    verdict="ABOVE THE CEILING, OR NOT COUNTED"
    failed=1
  fi
  echo "$role, learner $learner: $each instructions a point at $points to $((2 * points)) points, ceiling $ceiling: $verdict"
done < "$here/tree-ceilings.txt"
exit "$failed"
