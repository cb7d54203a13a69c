"""What the Spectrometer is given."""

from __future__ import annotations

from dataclasses import dataclass

from ...dropped_files import DroppedFiles
from ...models import ModelShelf
from ...restorations import Restorations

NAME = "spectrometer"


@dataclass(frozen=True)
class Needs:
    models: ModelShelf
    files: DroppedFiles
    restorations: Restorations
