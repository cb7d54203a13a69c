"""What a mineral that was kept gets by itself: its readout at once, its encoder behind that."""

from __future__ import annotations

import threading
from contextlib import suppress

from ....jobs.tasks.encoder import encoding
from ....text.message import SpectraVaeError
from ...guard import minerals as owned
from .needs import Needs


def teach(given: Needs, name: str) -> threading.Thread:
    """Let a kept mineral get its encoder; where the queue is full it stays without one.

    Whoever kept it waits for its sliders: they come first, as a training beside them would take
    their processor. Returns the thread that sees to it.
    """
    job, queue = encoding(name, owner=owned.maker()), given.trainings.queue

    def work() -> None:
        with suppress(SpectraVaeError):
            given.models.folder(name)
            queue.add([job])
            queue.ensure_worker()

    thread = threading.Thread(target=work, name="readout", daemon=True)
    thread.start()
    return thread
