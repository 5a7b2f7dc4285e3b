#!/usr/bin/env bash
# Samples a campaign in a Slurm job, over as many lives of the job as it takes:
#     sbatch --ntasks=512 --time=4:00:00 slurm.sh campaign.yaml
# Options of sbatch replace the lines below. jobscripts/README.md explains every line.
#SBATCH --ntasks=64
#SBATCH --time=1:00:00
#SBATCH --requeue
#SBATCH --open-mode=append
#SBATCH --signal=B:USR2@120

relaunches_max=3    # worlds in a row after a crash, none of them with a new point

campaign=${1:?usage: sbatch slurm.sh campaign.yaml}
read -ra launch <<< "${ADAPTIVE_MPI_LAUNCH:-mpirun}"      # or "srun --mpi=pmix"
program=$(command -v "${ADAPTIVE_MPI:-adaptive-mpi}" ||
  echo "${SLURM_SUBMIT_DIR:?this is a job for sbatch}/.build/release/adaptive-mpi")
echo "life $((${SLURM_RESTART_COUNT:-0} + 1)) of job $SLURM_JOB_ID on $SLURM_JOB_NODELIST: $program"

# Waits for the world and returns its code; a signal to this script ends `wait` early.
await() {
  while kill -0 "$1" 2> /dev/null; do wait "$1"; done
  wait "$1"
}

# Field $1 of what the world's root wrote down: number, points at its beginning, why it ended.
told() { cut -d' ' -f"$1" "$ADAPTIVE_MPI_WORLD_FILE" 2> /dev/null; }

# Ends this life of the job, so that there is another; a new job where Slurm refuses.
go_on_later() {
  if scontrol requeue "$SLURM_JOB_ID"; then
    sleep 300                                             # Slurm ends this life meanwhile
    exit 75
  fi
  again=(--dependency="afterany:$SLURM_JOB_ID"
    --time="$(squeue --noheader --jobs="$SLURM_JOB_ID" --format=%l)")
  for option in job-name:JOB_NAME partition:JOB_PARTITION account:JOB_ACCOUNT qos:JOB_QOS \
    ntasks:NTASKS ntasks-per-node:NTASKS_PER_NODE cpus-per-task:CPUS_PER_TASK \
    mem-per-cpu:MEM_PER_CPU mem:MEM_PER_NODE; do
    name=SLURM_${option#*:}
    [ -z "${!name-}" ] || again+=("--${option%:*}=${!name}")
  done
  sbatch "${again[@]}" "$0" "$campaign"
  exit 75
}

export ADAPTIVE_MPI_WORLD_FILE ADAPTIVE_MPI_PREVIOUS_WORLD
ADAPTIVE_MPI_WORLD_FILE=$(mktemp --tmpdir="$PWD")
trap 'rm -f "$ADAPTIVE_MPI_WORLD_FILE"' EXIT
# USR1 is what every mpirun, and srun, passes on to the ranks.
trap 'later=yes; kill -USR1 "$world" 2> /dev/null' USR1 USR2
trap 'never=yes; kill -USR1 "$world" 2> /dev/null' TERM

relaunches=0
most=-1
while true; do
  "${launch[@]}" "$program" run "$campaign" &
  world=$!
  await "$world"
  code=$?
  ADAPTIVE_MPI_PREVIOUS_WORLD=$(told 1)

  case $code in
    0 | 64 | 65 | 66 | 73 | 76 | 78) exit "$code" ;;      # docs/exit-codes.md
  esac
  [ -z "${never-}" ] || exit "$code"
  if [ "$code" = 75 ]; then
    [ "$(told 3)" != stop-file ] || exit 75               # somebody wants the end
    go_on_later
  fi
  [ -z "${later-}" ] || go_on_later
  # A node that is gone does not come back to this allocation.
  timeout 60 srun --overlap --nodes="$SLURM_JOB_NUM_NODES" --ntasks="$SLURM_JOB_NUM_NODES" true ||
    go_on_later

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
  echo "the world ended with code $code; the next one goes on"
  sleep 2
done
