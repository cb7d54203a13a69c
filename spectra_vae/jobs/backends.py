"""Which queue there is: the backend that the environment asks for."""

from __future__ import annotations

import os

from ..storage.models import home
from ..text.message import SpectraVaeError
from .local.queue import LocalQueue
from .queue import Queue

REDIS = "SPECTRA_VAE_REDIS"


def open_queue() -> Queue:
    """The queue of this home, as servers and workers ask it; errors as :func:`open_records`'s."""
    return open_records()


def open_records() -> LocalQueue:
    """The queue of this home, in the backend that the environment asks for.

    Raises
    ------
    SpectraVaeError
        Its folder can't be made or written, its database is broken, or a queue on Redis is asked
        for.
    """
    if os.environ.get(REDIS):  # who sets it believes that machines share one queue
        raise SpectraVaeError("error.redis", name=REDIS)
    return LocalQueue(home() / "jobs")
