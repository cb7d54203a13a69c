"""Where long work waits, runs, is cancelled and is found again. The queue needs no torch.

Three processes: a *server* puts records into the queue, one *worker* claims them in order, and
every *job* is a fresh interpreter in its own session that ends when its worker does.
"""
