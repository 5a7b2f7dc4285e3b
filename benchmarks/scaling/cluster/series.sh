#!/usr/bin/env bash
# Submits a series of scaling jobs, one a size, or prints what it would submit.
#
#     series.sh weak|strong [--pbs] [--print] [-- OPTIONS FOR sbatch OR qsub…]
#
# Sizes, costs and distributions by environment, with these defaults:
#     RANKS="128 512 2048 8192 25600 51200"   SECONDS_PER_POINT="0.01 0.1 1 10"
#     DISTRIBUTIONS="fixed lognormal pareto"  PER_NODE=128  MINUTES=15  RESULTS=$PWD/scaling-results
#     POINTS_PER_RANK=100 (weak)              POINTS=1000000 (strong)
#
# Weak: a job's points grow with its ranks, at most so many that they take a third of MINUTES.
# Strong: the same points for every size. When jobs are back: table.py RESULTS.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
kind=${1:-}
case $kind in weak | strong) shift ;; *) sed -n '2,13s/^# \{0,1\}//p' "$0"; exit 64 ;; esac
batch=slurm
submits=yes
while [ $# -gt 0 ]; do
  case $1 in
    --pbs) batch=pbs ;;
    --print) submits= ;;
    --) shift; break ;;
    *) echo "series.sh: '$1': allowed are --pbs, --print and --" >&2; exit 64 ;;
  esac
  shift
done

ranks_list=${RANKS:-128 512 2048 8192 25600 51200}
per_node=${PER_NODE:-128}
minutes=${MINUTES:-15}
export RESULTS=${RESULTS:-$PWD/scaling-results}
export SECONDS_PER_POINT=${SECONDS_PER_POINT:-0.01 0.1 1 10}
export DISTRIBUTIONS=${DISTRIBUTIONS:-fixed lognormal pareto}
export POINTS_PER_RANK=${POINTS_PER_RANK:-100} POINTS=${POINTS:-1000000}
export KIND=$kind MINUTES=$minutes HERE=$here
mkdir -p "$RESULTS"

for ranks in $ranks_list; do
  nodes=$(((ranks + per_node - 1) / per_node))
  export NTASKS=$ranks
  if [ "$batch" = slurm ]; then
    command=(sbatch "--ntasks=$ranks" "--nodes=$nodes" "--time=$minutes"
      "--job-name=scaling-$kind-$ranks" "--output=$RESULTS/job-%j.log" --export=ALL "$@"
      "$here/job.slurm.sh")
  else
    command=(qsub -l "select=$nodes:ncpus=$per_node:mpiprocs=$per_node"
      -l "walltime=$(printf %02d:%02d:00 $((minutes / 60)) $((minutes % 60)))" -N "scaling-$kind-$ranks" -V "$@" "$here/job.pbs.sh")
  fi
  if [ -n "$submits" ]; then "${command[@]}"; else echo "${command[*]}"; fi
done
