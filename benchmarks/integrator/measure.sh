#!/bin/sh
# The integrator beside CQUAD (libgsl-dev) on 24,000 integrals, asked in batches of several sizes:
# evaluations, and how many integrals are as near as the tolerance asks. Prints the table of
# benchmarks/README.md.
#
#     benchmarks/integrator/measure.sh [MEMBERS-OF-EACH-FAMILY [SEED]]
set -eu
here=$(dirname "$0")
count=${1:-1000}
seed=${2:-1}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cc -O2 -o "$folder/cquad" "$here/cquad.c" -lgsl -lgslcblas -lm
swift build -c release --product LearnerBenchmark
program=$(pwd)/.build/release/LearnerBenchmark
cd "$folder"
"$OLDPWD/$here/battery.py" members "$count" "$seed" > members
./cquad < members > cquad.answers
for batch in 1 10 100 1000 any; do
  "$program" battery "$batch" < members > "$batch"
done
"$OLDPWD/$here/battery.py" compare members cquad.answers 1 10 100 1000 any
