"""What Compare is given."""

from __future__ import annotations

from dataclasses import dataclass

from ...dropped_files import DroppedFiles
from ...identifications import Identifications
from ...models import ModelShelf
from ...restorations import Restorations

NAME = "compare"


@dataclass(frozen=True)
class Needs:
    models: ModelShelf
    files: DroppedFiles
    restorations: Restorations
    identifications: Identifications
