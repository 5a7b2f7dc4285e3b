#!/usr/bin/env bash
# A node of the cluster in DIRECTORY begins or dies:    node.sh DIRECTORY start|kill NODE
#
# A node has a host name, processes, mounts and System V memory of its own, on the machine's loopback.
set -euo pipefail
directory=$1 node=$3

case $2 in
  start)
    # The first process of a process namespace waits for orphans; if it is killed, all of them are.
    # shellcheck disable=SC2016  # the inner shell expands these
    SLURM_CONF=$directory/slurm.conf setsid \
      unshare --uts --mount --pid --ipc --fork --kill-child --mount-proc bash -c '
        hostname "$2"
        mount --bind "$1/hosts" /etc/hosts
        mount -t tmpfs -o mode=1777 tmpfs /dev/shm
        slurmd -D -N "$2" &
        while true; do wait -n || sleep 0.2; done
      ' node "$directory" "$node" < /dev/null >> "$directory/$node.out" 2>&1 &
    echo $! > "$directory/$node.pid"
    ;;
  kill)
    kill -KILL "$(cat "$directory/$node.pid")"
    ;;
esac
