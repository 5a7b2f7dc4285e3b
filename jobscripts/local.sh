#!/usr/bin/env bash
# Samples a campaign on this machine and goes on after a crash:    local.sh campaign.yaml
# USR1, USR2, TERM or Ctrl-C stop it in good order; run again, it goes on. Copy it and make it yours.

ranks=4             # the root, a sub-master, and leaves, which compute
crashes_max=3       # worlds in a row that may crash without a new point

campaign=${1:?usage: local.sh campaign.yaml}
log=${campaign%.yaml}.log

# More ranks than cores may be started: root and sub-master need next to nothing.
export OMPI_MCA_rmaps_base_oversubscribe=1

# The highest number of points that the progress lines in the log tell.
points() {
  sed -n 's|^ *[^ ]*  *\([0-9][0-9 ]*\) points .*|\1|p' "$log" | tr -d ' ' | sort -n | tail -n 1
}

# Waits for the world. A signal to this script ends `wait` early, with a code above 128.
await() {
  wait "$1"
  code=$?
  while [ "$code" -gt 128 ] && kill -0 "$1" 2> /dev/null; do
    wait "$1"
    code=$?
  done
}

touch "$log"
# USR1 is what both Open MPI's mpirun and MPICH's pass on to every rank.
trap 'stopping=yes; kill -USR1 "$world" 2> /dev/null' USR1 USR2 TERM INT
crashes=0
most=$(points)
while true; do
  # In a session of its own, so that Ctrl-C reaches this script alone.
  setsid mpirun -n "$ranks" adaptive-mpi run "$campaign" > >(tee -a "$log") 2>&1 &
  world=$!
  await "$world"

  case $code in
    0 | 64 | 65 | 66 | 73 | 75 | 76 | 78) exit "$code" ;;  # docs/exit-codes.md
  esac
  [ -z "${stopping-}" ] || exit "$code"

  now=$(points)
  if [ "${now:-0}" -gt "${most:-0}" ]; then
    crashes=0
    most=$now
  fi
  crashes=$((crashes + 1))
  if [ "$crashes" -ge "$crashes_max" ]; then
    echo "$crashes worlds in a row ended with a crash, the last with code $code; see $log" >&2
    exit "$code"
  fi
  echo "The world ended with code $code; the next one goes on."
done
