"""The queue of one machine, on diskcache: records, a worker that claims them, its children."""
