#!/usr/bin/env bash
# What a point costs beside its function, for every kind of function.
set -euo pipefail
cd "$(dirname "$0")/../../.."
swift build -c release --product FunctionBenchmark
swift build -c release --product adaptive-mpi
place=$(mktemp -d)
trap 'rm -r "$place"' EXIT
cat > "$place/empty.c" << 'END'
#include <adaptive_mpi.h>
ADAPTIVE_MPI_FUNCTION(batch) {
  for (int64_t i = 0; i < batch->count; i++) batch->values[i] = batch->points[i];
}
END
cat > "$place/answer.c" << 'END'
#include <stdio.h>
int main(void) {
  double x;
  while (scanf("%lf", &x) == 1) {
    printf("%.17g\n", x);
    fflush(stdout);
  }
  return 0;
}
END
printf 'def f(x): return x\ndef g(points): return points[:, 0]\n' > "$place/empty.py"
cc -O2 -fPIC -shared -I include -o "$place/libempty.so" "$place/empty.c" -lm
cc -O2 -o "$place/answer" "$place/answer.c"
.build/release/FunctionBenchmark "$place/libempty.so" "$place/empty.py" "$place/answer" \
  "$PWD/.build/release/adaptive-mpi"

# Peers, where benchmarks/scaling/peers/install.sh has installed them.
if [ -x "${ADAPTIVE_MPI_PEERS:-.build/peers}/bin/python" ]; then
  echo
  python3 benchmarks/scaling/functions/peers.py "$PWD/.build/release/adaptive-mpi"
else
  echo "no peers: benchmarks/scaling/peers/install.sh installs them"
fi
