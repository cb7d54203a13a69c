"""What Minerals is given."""

from __future__ import annotations

from dataclasses import dataclass

from ...models import ModelShelf
from ...trainings import Trainings

NAME = "minerals"


@dataclass(frozen=True)
class Needs:
    models: ModelShelf
    trainings: Trainings
