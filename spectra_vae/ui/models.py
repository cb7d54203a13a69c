"""Models for the views: by name, loaded once, and what was found out about them."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from ..minerals import DEFAULT, Mineral, mineral, minerals
from ..storage.models import ModelError, cards, is_plain, mineral_of, models, named
from ..vae.header import WEIGHTS, read_header

if TYPE_CHECKING:
    from ..spectrometer import VirtualSpectrometer

T = TypeVar("T")

DEFAULT_MODEL = DEFAULT
DEFAULT_BRIDGE = f"{DEFAULT}-bridge"  # of two instruments
LOADED_MODELS = 6
REMEMBERED_FINDINGS = 64  # command maps, scans, codes of simulated sets


class Recent(Generic[T]):
    """The last few values by key; safe to use from several threads."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._lock = threading.Lock()
        self._values: OrderedDict[Hashable, T] = OrderedDict()

    def get(self, key: Hashable) -> T | None:
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
            return self._values.get(key)

    def put(self, key: Hashable, value: T) -> T:
        with self._lock:
            self._values[key] = value
            self._values.move_to_end(key)
            while len(self._values) > self.most:
                self._values.popitem(last=False)
        return value


class ModelShelf:
    """Models by name; safe to use from several threads. It holds no state of any user."""

    def __init__(self) -> None:
        self._loading = threading.Lock()
        self._models: Recent[VirtualSpectrometer] = Recent(LOADED_MODELS)
        self._findings: Recent[Any] = Recent(REMEMBERED_FINDINGS)
        self._solving = threading.Lock()
        self._readouts: Recent[tuple[Mineral, Path]] = Recent(LOADED_MODELS)

    def cards(self) -> list[dict[str, Any]]:
        """What there is to choose from, the shipped ones first."""
        return cards()

    def minerals(self) -> list[Mineral]:
        """Those that no model is called after: the shared decoder reads them out."""
        trained = set(models())
        return [mineral(name) for name in minerals() if name not in trained]

    def known(self, name: object) -> str:
        """``name`` if there is such a model or mineral, else the default."""
        there = isinstance(name, str) and (name in models() or name in minerals())
        return str(name) if there else DEFAULT_MODEL

    def chosen(self, name: object) -> str:
        """The model that a page has open, else the default; a sentence where it is there no more.

        Another one in its place would be taken for it.
        """
        if isinstance(name, str) and name != self.known(name) and is_plain(name):
            raise ModelError("error.model_gone", name=name[:80])
        return self.known(name)

    def folder(self, name: str) -> Path:
        """The folder of a model by its plain name, or of a mineral's, which is solved where it
        isn't yet; a path is no name.
        """
        return named(name) if name in models() or name not in minerals() else self._readout(name)

    def _readout(self, name: str) -> Path:
        from ..model.shared import encoded_folder, model_folder

        own = mineral(name)
        with self._solving:  # once, however many ask
            known = self._readouts.get(name)
            if known is not None and known[0] is own and (known[1] / WEIGHTS).is_file():
                encoded = encoded_folder(own)  # it may have an encoder by now
                if known[1] == encoded or not (encoded / WEIGHTS).is_file():
                    return known[1]
            return self._readouts.put(name, (own, model_folder(own)))[1]

    def model(self, name: str) -> VirtualSpectrometer:
        """The model, loaded on first use; imports torch."""
        from ..spectrometer import load

        key = (str(self.folder(name)), self.weights(name))
        with self._loading:  # once, however many ask
            return self._models.get(key) or self._models.put(key, load(self.folder(name)))

    def mineral_of(self, name: str) -> Mineral:
        """The mineral a model was trained on, or the one called so; needs no torch."""
        if name not in models() and name in minerals():
            return mineral(name)
        return mineral_of(read_header(named(name)))

    def found(self, name: str, find: Callable[..., T], *about: Hashable) -> T:
        """What ``find(model, *about)`` says of a model; the last findings are remembered."""
        key = (find.__module__, find.__qualname__, name, self.weights(name), *about)
        known: T | None = self._findings.get(key)
        if known is not None:
            return known
        new = find(self.model(name), *about)
        self._findings.put(key, new)
        return new

    def weights(self, name: str) -> int:
        """Which weights a model has now: a run that is trained on changes them."""
        return (self.folder(name) / WEIGHTS).stat().st_mtime_ns

    def warm(self) -> None:
        """Import torch and load the default model, in a thread after the start."""

        def work() -> None:
            import torch

            torch.set_num_threads(1)  # eight request threads share the cores
            self.model(DEFAULT_MODEL).jacobian()
            self.minerals()  # their tables are read once

        threading.Thread(target=work, name="warm-up", daemon=True).start()
