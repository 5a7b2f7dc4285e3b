#!/bin/sh
# The integrator beside CQUAD (libgsl-dev) on 24,000 integrals, asked in batches of several sizes:
# evaluations, and how many integrals are as near as the tolerance asks. Prints the table of
# benchmarks/README.md. 24,000 integrals take some five minutes for each size of batches.
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
"$OLDPWD/$here/battery.py" members "$count" "$seed" > battery.txt
./cquad < battery.txt > cquad.txt
for batch in 1 10 100 1000 any; do
  "$program" battery "$batch" < battery.txt > "batches-of-$batch"
done
"$OLDPWD/$here/battery.py" compare battery.txt cquad.txt batches-of-*
