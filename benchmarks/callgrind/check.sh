#!/usr/bin/env bash
# Compares instructions per point with the ceilings beside this script; fails above one.
# Usage: benchmarks/callgrind/check.sh [PROGRAM]   (default: the release build of LearnerBenchmark)
#
# A count is the difference of two runs, of N and 2 N points, over N: what the process needs to start
# cancels. Counts repeat to a few in a thousand on any machine with the same toolchain and C library.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
program=${1:-$here/../../.build/release/LearnerBenchmark}
work=$(mktemp -d)
trap 'rm -r "$work"' EXIT

instructions() {
  valgrind --tool=callgrind --callgrind-out-file="$work/out" "$program" "$@" > /dev/null 2> "$work/log"
  awk '/^(summary|totals):/ { print $2; exit }' "$work/out"
}

failed=0
while read -r ceiling points mode rest; do
  case $ceiling in '' | '#'*) continue ;; esac
  # shellcheck disable=SC2086  # `rest` is a list of arguments, often empty
  small=$(instructions "$mode" "$points" $rest)
  # shellcheck disable=SC2086
  large=$(instructions "$mode" $((2 * points)) $rest)
  each=$(((large - small) / points))
  verdict=ok
  if [ "$each" -gt "$ceiling" ]; then
    verdict="ABOVE THE CEILING"
    failed=1
  fi
  echo "$mode $rest: $each instructions a point at $points to $((2 * points)) points, ceiling $ceiling: $verdict"
done < "$here/ceilings.txt"
exit "$failed"
