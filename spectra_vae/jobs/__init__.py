"""Where long work waits, runs, is cancelled and is found again. The queue needs no torch.

A *job* is a record of JSON values with a *kind*, and a kind is one file of
:mod:`~spectra_vae.jobs.tasks`. :class:`~spectra_vae.jobs.queue.Queue` is what everybody asks; each
of its backends is one folder. :mod:`~spectra_vae.jobs.local` is that of a single machine and has
three processes: a *server* puts records into the queue, one *worker* claims them in order, and
every *job* is a fresh interpreter in its own session that ends when its worker does.
:mod:`~spectra_vae.jobs.celery` is that of many machines: the records lie on a Redis, and any number
of workers take turns.
"""
