#!/usr/bin/env bash
# Samples a campaign on this machine and goes on after a crash:    local.sh campaign.yaml
# USR1, USR2, TERM or Ctrl-C stop it in good order; run again, it goes on. Copy it and make it yours.

ranks=4             # the root, a sub-master, and leaves, which compute
relaunches_max=3    # worlds in a row after a crash, none of them with a new point

campaign=${1:?usage: local.sh campaign.yaml}
program=$(command -v "${ADAPTIVE_MPI:-adaptive-mpi}" || echo "$PWD/.build/release/adaptive-mpi")
echo "on $ranks ranks: $program"

# More ranks than cores may be started: root and sub-master need next to nothing.
export OMPI_MCA_rmaps_base_oversubscribe=1

# Waits for the world and returns its code; a signal to this script ends `wait` early.
await() {
  while kill -0 "$1" 2> /dev/null; do wait "$1"; done
  wait "$1"
}

# Field $1 of what the world's root wrote down: number, points at its beginning, why it ended.
told() { cut -d' ' -f"$1" "$ADAPTIVE_MPI_WORLD_FILE" 2> /dev/null; }

export ADAPTIVE_MPI_WORLD_FILE ADAPTIVE_MPI_PREVIOUS_WORLD
ADAPTIVE_MPI_WORLD_FILE=$(mktemp)
trap 'rm -f "$ADAPTIVE_MPI_WORLD_FILE"' EXIT
# USR1 is what both Open MPI's mpirun and MPICH's pass on to every rank.
trap 'stopping=yes; kill -USR1 "$world" 2> /dev/null' USR1 USR2 TERM INT

relaunches=0
most=-1
while true; do
  # In a session of its own, so that Ctrl-C reaches this script alone.
  setsid mpirun -n "$ranks" "$program" run "$campaign" &
  world=$!
  await "$world"
  code=$?
  ADAPTIVE_MPI_PREVIOUS_WORLD=$(told 1)

  case $code in
    0 | 64 | 65 | 66 | 73 | 75 | 76 | 78) exit "$code" ;;  # docs/exit-codes.md
  esac
  [ -z "${stopping-}" ] || exit "$code"
  points=$(told 2)
  if [ "${points:--1}" -gt "$most" ]; then
    most=$points
    relaunches=0
  fi
  if [ "$relaunches" -ge "$relaunches_max" ]; then
    echo "$relaunches relaunches brought no new point; the last ended with code $code" >&2
    exit "$code"
  fi
  relaunches=$((relaunches + 1))
  echo "The world ended with code $code; the next one goes on."
  sleep 1
done
