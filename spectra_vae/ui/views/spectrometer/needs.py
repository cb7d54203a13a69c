"""What the Spectrometer is given."""

from __future__ import annotations

from dataclasses import dataclass

from ...models import ModelShelf

NAME = "spectrometer"


@dataclass(frozen=True)
class Needs:
    models: ModelShelf
