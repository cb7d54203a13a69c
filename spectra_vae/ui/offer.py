"""What the server has to give to its views: each is given only the part that it names."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any, TypeVar

from .background import QueueManager
from .drafts import Drafts
from .dropped_files import DroppedFiles
from .identifications import Identifications
from .models import ModelShelf
from .request import language
from .restorations import Restorations
from .trainings import Trainings

Needs = TypeVar("Needs")


@dataclass(frozen=True)
class Offer:
    """Everything that a view can ask for, by the name it is asked for. No state of any user."""

    models: ModelShelf
    files: DroppedFiles
    restorations: Restorations
    trainings: Trainings
    manager: QueueManager
    drafts: Drafts
    identifications: Identifications

    @classmethod
    def of_this_home(cls) -> Offer:
        """The shipped models, and what stands in this machine's home."""
        models, files, trainings = ModelShelf(), DroppedFiles(), Trainings()
        restorations = Restorations(models, files)
        manager = QueueManager(trainings.queue, language)
        drafts, identifications = Drafts(files, trainings.queue), Identifications(files)
        return cls(models, files, restorations, trainings, manager, drafts, identifications)

    def part(self, needs: type[Needs]) -> Needs:
        """The fields of a dataclass, filled by name."""
        given: Any = {field.name: getattr(self, field.name) for field in fields(needs)}  # type: ignore[arg-type]
        return needs(**given)
