"""What adaptive-mpi brings for Python: `adaptive_mpi.worker` hosts a function beside a leaf."""

__version__ = "0.1.0"
