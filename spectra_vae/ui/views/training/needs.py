"""What Training is given."""

from __future__ import annotations

from dataclasses import dataclass

from ...background import QueueManager
from ...models import ModelShelf
from ...trainings import Trainings

NAME = "training"


@dataclass(frozen=True)
class Needs:
    models: ModelShelf
    trainings: Trainings
    manager: QueueManager
