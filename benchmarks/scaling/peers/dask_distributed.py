"""dask.distributed on local processes, two or as many as is said, results as they come."""

import logging
import sys

from distributed import Client, LocalCluster, as_completed
from tasks import measure, square

if __name__ == "__main__":
    logging.getLogger("distributed").setLevel(logging.ERROR)
    workers = int(sys.argv[1]) if len(sys.argv) > 1 else 2
    with LocalCluster(n_workers=workers, threads_per_worker=1, dashboard_address=None,
                      host="127.0.0.1") as cluster, Client(cluster) as client:
        measure(1 + workers, 1000, lambda count: sum(1 for _ in as_completed(
            client.map(square, [float(i) for i in range(count)], pure=False), with_results=True)))
