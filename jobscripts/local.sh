#!/usr/bin/env bash
# Samples a campaign on this machine and goes on after a crash:    local.sh campaign.yaml
# USR1, USR2, TERM or Ctrl-C stop it in good order; run again, it goes on. Copy it and make it yours.

ranks=4             # the root, a sub-master, and leaves, which compute
worlds_max=3        # worlds in a row that may end without a new point

campaign=${1:?usage: local.sh campaign.yaml}
log=${campaign%.yaml}.log
program=$(command -v "${ADAPTIVE_MPI:-adaptive-mpi}" || echo "$PWD/.build/release/adaptive-mpi")

# More ranks than cores may be started: root and sub-master need next to nothing.
export OMPI_MCA_rmaps_base_oversubscribe=1

# The number of the world that began last; empty before the first.
last_world() { sed -n 's/^world \([0-9]*\) begins .*/\1/p' "$log" | tail -n 1; }

# Worlds that have begun since the log last told of a new point.
worlds_without_points() {
  awk '/^world [0-9]+ begins with | points +\+/ {
         match($0, /[0-9][0-9 ]* points/); n = substr($0, RSTART, RLENGTH); gsub(/[^0-9]/, "", n)
         if (n + 0 > most) { most = n + 0; worlds = 0 }
         if (/^world/) worlds++
       } END { print worlds + 0 }' "$log"
}

# Waits for the world and returns its code; a signal to this script ends `wait` early.
await() {
  while kill -0 "$1" 2> /dev/null; do wait "$1"; done
  wait "$1"
}

: > "$log"
# USR1 is what both Open MPI's mpirun and MPICH's pass on to every rank.
trap 'stopping=yes; kill -USR1 "$world" 2> /dev/null' USR1 USR2 TERM INT

while true; do
  # In a session of its own, so that Ctrl-C reaches this script alone.
  ADAPTIVE_MPI_PREVIOUS_WORLD=$(last_world) \
    setsid mpirun -n "$ranks" "$program" run "$campaign" > >(tee -a "$log") 2>&1 &
  world=$!
  await "$world"
  code=$?

  case $code in
    0 | 64 | 65 | 66 | 73 | 75 | 76 | 78) exit "$code" ;;  # docs/exit-codes.md
  esac
  [ -z "${stopping-}" ] || exit "$code"
  if [ "$(worlds_without_points)" -ge "$worlds_max" ]; then
    echo "$worlds_max worlds in a row ended without a new point, the last with code $code; see $log" >&2
    exit "$code"
  fi
  echo "The world ended with code $code; the next one goes on."
done
