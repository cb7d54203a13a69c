"""What the Tour is given."""

from __future__ import annotations

from dataclasses import dataclass

from ...dropped_files import DroppedFiles
from ...restorations import Restorations

NAME = "tour"


@dataclass(frozen=True)
class Needs:
    files: DroppedFiles
    restorations: Restorations
