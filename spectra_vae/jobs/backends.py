"""Which queue there is: the backend that the environment asks for."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from ..storage.models import home
from ..text.message import SpectraVaeError
from .local.queue import LocalQueue
from .queue import Queue

if TYPE_CHECKING:
    from .celery.queue import CeleryQueue

REDIS = "SPECTRA_VAE_REDIS"


def open_queue() -> Queue:
    """The queue of this home, in the backend that the environment asks for.

    Raises
    ------
    SpectraVaeError
        Its folder can't be made or written, its database is broken, or its Redis doesn't answer
        or isn't this folder's.
    """
    return open_records()


def open_records() -> LocalQueue | CeleryQueue:
    """What :func:`open_queue` opens, for a job that writes its own end down."""
    address = os.environ.get(REDIS)
    return _on_redis(address) if address else LocalQueue(home() / "jobs")


def _on_redis(address: str) -> CeleryQueue:
    """Celery is imported by whoever has a cluster, and by nobody else."""
    try:
        from .celery.queue import CeleryQueue
    except ModuleNotFoundError:
        raise SpectraVaeError("error.no_cluster", name=REDIS) from None
    return CeleryQueue(address)
