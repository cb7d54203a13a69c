"""What Minerals is given."""

from __future__ import annotations

from dataclasses import dataclass

from ...models import ModelShelf

NAME = "minerals"


@dataclass(frozen=True)
class Needs:
    models: ModelShelf
