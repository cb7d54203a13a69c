"""What New mineral is given."""

from __future__ import annotations

from dataclasses import dataclass

from ...drafts import Drafts
from ...dropped_files import DroppedFiles
from ...models import ModelShelf
from ...trainings import Trainings

NAME = "new-mineral"


@dataclass(frozen=True)
class Needs:
    models: ModelShelf
    files: DroppedFiles
    drafts: Drafts
    trainings: Trainings
