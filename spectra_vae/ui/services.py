"""What the views are given: models by name, loaded once; no state of any user.

The last few restorations are remembered by content, in memory only.
"""

from __future__ import annotations

import hashlib
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from ..jobs import speed
from ..jobs.queue import Queue, open_queue
from ..minerals import Mineral, mineral
from ..readers import read_spectrum
from ..storage.models import cards, models, named
from ..storage.runs import runs_folder
from ..text.message import Message
from ..vae.header import WEIGHTS, read_header
from .run_rows import ListedRun, all_runs

if TYPE_CHECKING:
    from ..measure.restore import Restoration
    from ..spectrometer import VirtualSpectrometer
    from ..vae.config import TrainConfig

T = TypeVar("T")

KEPT = 6
REMEMBERED = 16
FINDINGS = 64  # about models: command maps, scans, codes of simulated sets
LOOK_SECONDS = 1.0  # between two looks for a living worker
FITS_AT_ONCE = 4  # a file of 100 000 points takes a gigabyte for a moment


class Services:
    """Models for the views; safe to use from several threads."""

    default_model = "gypsum"
    default_bridge = "gypsum-bridge"
    default_mineral = "gypsum"

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._fitting = threading.Semaphore(FITS_AT_ONCE)
        self._loaded: OrderedDict[tuple[str, int], Any] = OrderedDict()
        self._restored: OrderedDict[tuple[Hashable, ...], Restoration] = OrderedDict()
        self._found: OrderedDict[tuple[Hashable, ...], Any] = OrderedDict()
        self._looked = 0.0
        self._measuring = False

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
        from ..spectrometer import load

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

    def mineral_of(self, name: str) -> Mineral:
        """The mineral a model was trained on; needs no torch."""
        return mineral(read_header(self.folder(name))["config"]["mineral"])

    def restored(
        self,
        name: str,
        content: bytes,
        file: str,
        column: str | None = None,
        resolution: float | None = None,
    ) -> Restoration:
        """A file restored; the last few are remembered, so that a redraw costs no second fit."""
        digest = hashlib.sha256(content).hexdigest()
        key = (name, self._weights(name), digest, file, column, resolution)
        with self._lock:
            if key in self._restored:
                self._restored.move_to_end(key)
                return self._restored[key]
        with self._fitting:
            spectrum = read_spectrum(content, file, column)
            found = self.model(name).restore(spectrum, resolution=resolution)
        with self._lock:
            self._restored[key] = found
            while len(self._restored) > REMEMBERED:
                self._restored.popitem(last=False)
        return found

    def found(self, name: str, find: Callable[..., T], *about: Hashable) -> T:
        """What ``find(model, *about)`` says of a model; the last findings are remembered."""
        key = (find.__module__, find.__qualname__, name, self._weights(name), *about)
        with self._lock:
            if key in self._found:
                self._found.move_to_end(key)
                known: T = self._found[key]
                return known
        new = find(self.model(name), *about)
        with self._lock:
            self._found[key] = new
            while len(self._found) > FINDINGS:
                self._found.popitem(last=False)
        return new

    def _weights(self, name: str) -> int:
        return (self.folder(name) / WEIGHTS).stat().st_mtime_ns

    def warm(self) -> None:
        """Import torch and load the default model, in a thread after the start."""

        def work() -> None:
            import torch

            torch.set_num_threads(1)  # eight request threads share the cores
            self.model(self.default_model).jacobian()

        threading.Thread(target=work, name="warm-up", daemon=True).start()

    # ---- jobs and runs

    @cached_property
    def queue(self) -> Queue:
        """The queue of this home, shared with workers and other servers."""
        return open_queue()

    def keep_working(self) -> None:
        """Where work is left and no worker lives, start one."""
        now = time.monotonic()
        with self._lock:
            if now - self._looked < LOOK_SECONDS:
                return
            self._looked = now
        if self.queue.waiting() or self.queue.running():
            self.queue.ensure_worker()

    def runs(self) -> list[ListedRun]:
        return all_runs(self.queue)

    def runs_version(self) -> str:
        """Changes with every record and run folder that comes or goes, and once speed is known."""
        folder = runs_folder()
        stamp = folder.stat().st_mtime_ns if folder.is_dir() else 0
        measured = speed.known() is not None
        return f"{self.queue.version()}-{stamp}-{measured}"

    def watched(self, wanted: object) -> ListedRun | None:
        """The run asked for, else the one that runs, the newest that ended, the next to start."""
        own = [row for row in self.runs() if row.state != "shipped"]
        found = next((row for row in own if row.id == wanted), None)
        return found or next((row for row in own if row.state != "waiting"), next(iter(own), None))

    def resume(self, run: str) -> None:
        """Let an ended job wait again."""
        self.queue.resume(run)
        self.queue.ensure_worker()

    def time_of(self, configs: Sequence[TrainConfig]) -> Message:
        """How long trainings would take here, as a sentence; measured when nobody knows yet."""
        known = speed.known()
        if known is None:
            with self._lock:
                first, self._measuring = not self._measuring, True
            if first:
                threading.Thread(target=self._measure, daemon=True).start()
            return Message("form.measuring")
        seconds = sum(known.seconds(c.to_dict()) for c in configs)
        return Message("form.takes", {"time": duration(seconds)})

    def _measure(self) -> None:
        try:
            speed.measure()
        finally:
            self._measuring = False


def duration(seconds: float) -> Message:
    """A time as people say it."""
    whole = max(0, round(seconds))
    hours, minutes = whole // 3600, whole % 3600 // 60
    if hours:
        return Message("time.hours", {"hours": hours, "minutes": minutes})
    if minutes:
        return Message("time.minutes", {"minutes": minutes, "seconds": whole % 60})
    return Message("time.seconds", {"seconds": whole})
