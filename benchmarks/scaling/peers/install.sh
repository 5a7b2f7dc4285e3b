#!/usr/bin/env bash
# Installs what the benchmarks compare with from the Python Package Index into a virtual environment
# of its own (.build/peers): mpi4py, Python adaptive, dask.distributed. Nothing of theirs is part of
# this repository. mpi4py is built against the MPI whose mpicc comes first.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
folder=${ADAPTIVE_MPI_PEERS:-$here/../../../.build/peers}
echo "Installs mpi4py, adaptive and distributed from the Python Package Index into $folder."
python3 -m venv "$folder"
"$folder/bin/pip" install --quiet --no-binary mpi4py mpi4py adaptive distributed
"$folder/bin/python" -c 'import adaptive, distributed, mpi4py
print(f"adaptive {adaptive.__version__}, distributed {distributed.__version__}, mpi4py {mpi4py.__version__}")'
