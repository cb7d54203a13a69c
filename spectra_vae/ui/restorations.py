"""Dropped files restored; the last few are remembered by content, so a redraw costs no fit."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from ..readers import read_spectrum
from ..text.message import SpectraVaeError
from .dropped_files import DroppedFiles
from .models import ModelShelf, Recent

if TYPE_CHECKING:
    from ..measure.restore import Restoration

REMEMBERED_RESTORATIONS = 16
FITS_AT_ONCE = 4  # a file of 100 000 points takes a gigabyte for a moment


class FileGoneError(SpectraVaeError):
    """The server has the file no more: whoever asks has to send it again."""


class Restorations:
    """Restorations by content and question; safe to use from several threads."""

    def __init__(self, models: ModelShelf, files: DroppedFiles) -> None:
        self.models, self.files = models, files
        self._fitting = threading.Semaphore(FITS_AT_ONCE)
        self._restored: Recent[Any] = Recent(REMEMBERED_RESTORATIONS)

    def of(
        self,
        model: str,
        digest: str,
        name: str,
        column: str | None = None,
        resolution: float | None = None,
    ) -> Restoration:
        """The file with this digest, called ``name``, restored by a model.

        Raises :class:`FileGoneError`, or what its reader and the fit refuse.
        """
        key = (model, self.models.weights(model), digest, name, column, resolution)
        known: Restoration | None = self._restored.get(key)
        if known is not None:
            return known
        content = self.files.get(digest)
        if content is None:
            raise FileGoneError("error.file_gone", name=name[:80])
        with self._fitting:
            spectrum = read_spectrum(content, name, column)
            found = self.models.model(model).restore(spectrum, resolution=resolution)
        self._restored.put(key, found)
        return found
