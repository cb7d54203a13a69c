"""Batches made ahead: the next one is measured in a thread while the network learns from this one.

What a training sees does not depend on it: batches are drawn one after the other from one
generator, and a state saved in between speaks of the batch that was taken, not of the one ahead.
"""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import numpy as np

from .data import Batch, TrainingSet


class Ahead:
    """The batches of a training. ``random``: the generator's state before the next one is drawn."""

    def __init__(self, data: TrainingSet, size: int, rng: np.random.Generator) -> None:
        self._data, self._size, self._rng = data, size, rng
        self._thread = ThreadPoolExecutor(1, "batches")  # ends when the training is let go
        self._next: Future[Batch] | None = None
        self.random: Mapping[str, Any] = rng.bit_generator.state

    def take(self, last: bool) -> Batch:
        """The next batch; the one after it is begun, unless this is the ``last``."""
        batch = (self._next or self._begun()).result()
        self.random = self._rng.bit_generator.state
        self._next = None if last else self._begun()
        return batch

    def go_back(self, random: Mapping[str, Any]) -> None:
        """Draw the next batch from a saved state; before the first one is taken."""
        self._rng.bit_generator.state = dict(random)
        self.random = self._rng.bit_generator.state

    def _begun(self) -> Future[Batch]:
        return self._thread.submit(self._data.batch, self._size, self._rng)
