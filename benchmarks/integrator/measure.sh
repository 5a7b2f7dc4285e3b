#!/bin/sh
# The integrator beside CQUAD (libgsl-dev) on 24,000 integrals, asked in batches of several sizes:
# evaluations, and how many integrals are as near as the tolerance asks. Prints the table of
# benchmarks/README.md. 24,000 integrals take some two minutes for each size of batches.
#
# Answers are kept in the folder, if there is one, a hundred of a family and tolerance at a time; the
# next call with the same folder goes on from there.
#
#     benchmarks/integrator/measure.sh [MEMBERS-OF-EACH-FAMILY [SEED [FOLDER]]]
set -eu
here=$(cd "$(dirname "$0")" && pwd)
count=${1:-1000}
seed=${2:-1}
if [ $# -ge 3 ]; then
  mkdir -p "$3"
  folder=$3
else
  folder=$(mktemp -d)
  trap 'rm -rf "$folder"' EXIT
fi
cc -O2 -o "$folder/cquad" "$here/cquad.c" -lgsl -lgslcblas -lm
swift build -c release --product LearnerBenchmark
program=$(pwd)/.build/release/LearnerBenchmark
cd "$folder"
"$here/battery.py" members "$count" "$seed" |
  awk '{ n[$7, $1] += 1; print > sprintf("members_%s_%s_%02d", $7, $1, (n[$7, $1] - 1) / 100) }'
cat members_* > battery.txt
./cquad < battery.txt > cquad.txt
for batch in 1 10 100 1000 any; do
  for members in members_*; do
    answers=$batch-$members
    [ -e "$answers" ] && continue
    "$program" battery "$batch" < "$members" > "$answers.part"
    mv "$answers.part" "$answers"
  done
  cat "$batch"-members_*[0-9] > "batches-of-$batch"
done
"$here/battery.py" compare battery.txt cquad.txt batches-of-*
