#!/bin/sh
# nd learners beside CGAL (libcgal-dev), Python adaptive and scipy, one after the other on one machine.
#
#     benchmarks/simplices/measure.sh          PYTHON names an interpreter that has the packages
set -eu
here=$(dirname "$0")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
if c++ -O2 -DNDEBUG -o "$folder/cgal" "$here/cgal.cpp" -lgmp -lmpfr; then
  for count in 10000 100000 1000000; do "$folder/cgal" "$count"; done
fi
swift build -c release --product LearnerBenchmark
for line in "10000 2" "100000 2" "1000000 2" "1000 3" "100000 3" "300 4"; do
  # shellcheck disable=SC2086
  .build/release/LearnerBenchmark nd $line 0
done
"${PYTHON:-python3}" "$here/peers.py" || echo "numpy or scipy is not installed: PYTHON names an interpreter"
