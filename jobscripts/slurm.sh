#!/usr/bin/env bash
# Samples a campaign in a Slurm job, over as many lives of the job as it takes:
#     sbatch --ntasks=512 --time=4:00:00 slurm.sh campaign.yaml
# Options of sbatch replace the lines below. jobscripts/README.md explains every line.
#SBATCH --ntasks=64
#SBATCH --time=1:00:00
#SBATCH --requeue
#SBATCH --open-mode=append
#SBATCH --signal=B:USR2@120

worlds_max=3        # worlds in a row that may end without a new point

campaign=${1:?usage: sbatch slurm.sh campaign.yaml}
read -ra launch <<< "${ADAPTIVE_MPI_LAUNCH:-mpirun}"      # or "srun --mpi=pmix"
program=$(command -v "${ADAPTIVE_MPI:-adaptive-mpi}" ||
  echo "${SLURM_SUBMIT_DIR:?this is a job for sbatch}/.build/release/adaptive-mpi")
log=$(scontrol show job "$SLURM_JOB_ID" | sed -n 's/^ *StdOut=//p')
echo "life $((${SLURM_RESTART_COUNT:-0} + 1)) of job $SLURM_JOB_ID on $SLURM_JOB_NODELIST: $program"

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

# USR1 is what every mpirun passes on to its ranks.
trap 'kill -USR1 "$world" 2> /dev/null' USR1 USR2
trap 'cancelled=yes; kill -USR1 "$world" 2> /dev/null' TERM

while true; do
  ADAPTIVE_MPI_PREVIOUS_WORLD=$(last_world) "${launch[@]}" "$program" run "$campaign" &
  world=$!
  await "$world"
  code=$?

  case $code in
    0 | 64 | 65 | 66 | 73 | 76 | 78) exit "$code" ;;        # docs/exit-codes.md
  esac
  [ -z "${cancelled-}" ] || exit "$code"
  if [ "$(worlds_without_points)" -ge "$worlds_max" ]; then
    echo "$worlds_max worlds in a row ended without a new point, the last with code $code" >&2
    exit "$code"
  fi
  [ "$code" = 75 ] && break
  echo "the world ended with code $code; the next one goes on"
done

# Stopped, with more to do: back into the queue, unless somebody wanted the end.
if tail -n 100 "$log" | grep -q "^adaptive-mpi: stopped.*the file 'stop'"; then exit 75; fi
if scontrol requeue "$SLURM_JOB_ID"; then
  sleep 120                                                 # Slurm ends this life
else
  sbatch --dependency="afterany:$SLURM_JOB_ID" --job-name="$SLURM_JOB_NAME" \
    --partition="$SLURM_JOB_PARTITION" --nodes="$SLURM_JOB_NUM_NODES" --ntasks="$SLURM_NTASKS" \
    --time="$(squeue --noheader --jobs="$SLURM_JOB_ID" --format=%l)" "$0" "$@"
fi
exit 75
