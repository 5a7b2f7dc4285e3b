#!/usr/bin/env bash
# A Slurm of three nodes on this machine, without systemd:    cluster.sh DIRECTORY
# Says "ready" once all nodes are idle, and stays; it ends, with all that it started, on TERM, or
# when its parent has ended. Wants root, Slurm and munge. Then:  export SLURM_CONF=DIRECTORY/slurm.conf
#
# n1 has the partitions "low" (preempted with notice), "lower" (without) and "high", which preempts
# both. n2 and n3 have "plain", the default.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
mkdir -p "$1"
cd "$1"
directory=$PWD
mkdir spool state temporary

# All share the machine's loopback, each with a port of its own: four in a row, below those that the
# system gives to connections (ip(7): ip_local_port_range). Slurm binds none that a connection still
# waits at, even one that was closed within the last minute.
free() {
  local port
  for port in "$@"; do
    ! grep --quiet --ignore-case "^ *[0-9]*: [0-9A-F]*:$(printf %04X "$port") " /proc/net/tcp /proc/net/tcp6 || return 1
  done
}
port=$((RANDOM % 10000 + 20000))
until free $port $((port + 1)) $((port + 2)) $((port + 3)); do port=$((RANDOM % 10000 + 20000)); done
host=$(hostname -s)

cat > slurm.conf << CONF
ClusterName=test
SlurmctldHost=$host(127.0.0.1)
SlurmctldPort=$port
SlurmUser=root
AuthType=auth/munge
AuthInfo=socket=$directory/munge.socket,cred_expire=5
StateSaveLocation=$directory/state
SlurmctldPidFile=$directory/slurmctld.pid
SlurmctldLogFile=$directory/slurmctld.log
SlurmctldParameters=preempt_send_user_signal
SlurmdPidFile=$directory/slurmd.%n.pid
SlurmdLogFile=$directory/slurmd.%n.log
SlurmdSpoolDir=$directory/spool/%n
SlurmdParameters=config_overrides
TmpFS=$directory/temporary/%n
CommunicationParameters=NoCtldInAddrAny,NoInAddrAny
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SchedulerParameters=bf_interval=1,sched_interval=1,batch_sched_delay=0
PreemptType=preempt/partition_prio
PreemptMode=REQUEUE
ReturnToService=2
SlurmdTimeout=10
MessageTimeout=5
KillWait=5
CONF
for node in 1 2 3; do
  mkdir spool/n$node temporary/n$node
  echo "NodeName=n$node NodeHostname=n$node NodeAddr=127.0.0.1 Port=$((port + node)) CPUs=16 RealMemory=4000"
done >> slurm.conf
cat >> slurm.conf << 'CONF'
PartitionName=low Nodes=n1 PriorityTier=1 PreemptMode=REQUEUE GraceTime=60
PartitionName=lower Nodes=n1 PriorityTier=1 PreemptMode=REQUEUE GraceTime=0
PartitionName=high Nodes=n1 PriorityTier=9 PreemptMode=OFF
PartitionName=plain Nodes=n[2-3] Default=YES
CONF
{
  echo "127.0.0.1 localhost"
  echo "127.0.0.1 $host"
  for node in 1 2 3; do echo "127.0.0.1 n$node"; done
} > hosts

end() {
  trap '' TERM INT
  # One that has ended already must not keep the others alive.
  for file in *.pid; do
    [ ! -e "$file" ] || kill -KILL "$(cat "$file")" 2> /dev/null || true
  done
  exit
}
trap end EXIT TERM INT

(umask 077; head -c 128 /dev/urandom > munge.key)
munged --foreground --key-file=munge.key --socket="$directory/munge.socket" --pid-file="$directory/munged.pid" \
  --seed-file="$directory/munge.seed" --log-file="$directory/munged.log" &
echo $! > munged.pid

export SLURM_CONF=$directory/slurm.conf
slurmctld -D -c > slurmctld.out 2>&1 &
echo $! > slurmctld.pid
for node in n1 n2 n3; do "$here/node.sh" "$directory" start $node; done

until [ "$(sinfo --noheader --Node --states=idle --partition=low,plain 2> /dev/null | wc -l)" = 3 ]; do
  sleep 0.1
done
echo ready
while [ -d "/proc/$PPID" ]; do sleep 1; done
