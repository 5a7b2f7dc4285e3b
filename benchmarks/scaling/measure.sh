#!/usr/bin/env bash
# Measures every claim of the tree, or those named, then writes the table of ../README.md from all
# results. Twenty minutes on a quiet machine; REPEATS=1 for a quick look.
# Usage: benchmarks/scaling/measure.sh [CLAIM…]      e.g. measure.sh gap start
set -euo pipefail
cd "$(dirname "$0")"
export PYTHONDONTWRITEBYTECODE=1
if [ $# -eq 0 ]; then
  set -- null_learner learner1d one_point gap sleeping waking idle memory start kill growth
fi
for claim in "$@"; do
  python3 "$claim.py"
done
python3 table.py
