"""What the views are given: models by name, loaded once; no state of any user.

The last few restorations are remembered by content, in memory only.
"""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..catalogue import WEIGHTS, cards, models, named
from ..readers import read_spectrum

if TYPE_CHECKING:
    from ..measure.restore import Restoration
    from ..virtual import VirtualSpectrometer

KEPT = 6
REMEMBERED = 16
FITS_AT_ONCE = 4  # a file of 100 000 points takes a gigabyte for a moment


class Services:
    """Models for the views; safe to use from several threads."""

    default_model = "gypsum"

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._fitting = threading.Semaphore(FITS_AT_ONCE)
        self._loaded: OrderedDict[tuple[str, int], Any] = OrderedDict()
        self._restored: OrderedDict[tuple[str, int, str, str], Restoration] = OrderedDict()

    def cards(self) -> list[dict[str, Any]]:
        return cards()

    def known(self, name: object) -> str:
        """``name`` if there is such a model, else the default."""
        return name if isinstance(name, str) and name in models() else self.default_model

    def folder(self, name: str) -> Path:
        """The folder of a model by its plain name; a path is no name."""
        return named(name)

    def model(self, name: str) -> VirtualSpectrometer:
        """The model, loaded on first use; imports torch."""
        from ..virtual import load

        folder = self.folder(name)
        key = (str(folder), self._weights(name))
        with self._lock:
            if key not in self._loaded:
                self._loaded[key] = load(folder)
                while len(self._loaded) > KEPT:
                    self._loaded.popitem(last=False)
            self._loaded.move_to_end(key)
            model: VirtualSpectrometer = self._loaded[key]
            return model

    def restored(self, name: str, content: bytes, file: str) -> Restoration:
        """A file restored; the last few are remembered, so that a redraw costs no second fit."""
        key = (name, self._weights(name), hashlib.sha256(content).hexdigest(), file)
        with self._lock:
            if key in self._restored:
                self._restored.move_to_end(key)
                return self._restored[key]
        with self._fitting:
            found = self.model(name).restore(read_spectrum(content, file))
        with self._lock:
            self._restored[key] = found
            while len(self._restored) > REMEMBERED:
                self._restored.popitem(last=False)
        return found

    def _weights(self, name: str) -> int:
        return (self.folder(name) / WEIGHTS).stat().st_mtime_ns

    def warm(self) -> None:
        """Import torch and load the default model, in a thread after the start."""

        def work() -> None:
            import torch

            torch.set_num_threads(1)  # eight request threads share the cores
            self.model(self.default_model).jacobian()

        threading.Thread(target=work, name="warm-up", daemon=True).start()
