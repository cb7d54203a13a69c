"""Training an encoder for a mineral that has none, and calibrating its intervals."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

from ...minerals import mineral, minerals
from ...storage.runs import new_id
from ...text.message import Message, SpectraVaeError
from ..record import Job
from ..task import Progress, Task, Tell, named


def encoding(name: str, then: Sequence[str] = (), owner: str = "") -> Job:
    """The job that trains the encoder of a mineral's name, for its table as it stands; when it
    ends, those of the minerals ``then`` wait in turn, behind whatever waits by that time.

    Raises
    ------
    MineralError
        There is none.
    """
    arguments = {"mineral": name, "then": list(then)}
    return check(Job(new_id(name), name, TASK.kind, arguments, owner))


def train(job: Job, tell: Tell) -> dict[str, Any]:
    """Train and keep it. Returns ``{"mineral": name}``."""
    from ...runs.encoder import train_encoder

    name = job.arguments["mineral"]
    try:
        train_encoder(mineral(name), lambda share: tell({"percent": round(100 * share)}))
    finally:
        queue_encoders(job.arguments.get("then", ()), job.owner)
    return {"mineral": name}


def queue_encoders(names: Sequence[str], owner: str = "") -> None:
    """Let the first of ``names`` that has none, and after it the others, get an encoder; where the
    queue is full they stay without one.
    """
    from ...model.shared import encoded_folder, intact
    from ..backends import open_queue

    for k, name in enumerate(names):
        if name in minerals() and not intact(encoded_folder(mineral(name))):
            with suppress(SpectraVaeError):
                open_queue().add([encoding(name, names[k + 1 :], owner)])
            return


def check(job: Job) -> Job:
    """A mineral that there is, and names of others."""
    name = mineral(job.arguments.get("mineral", "")).name
    then = [str(one) for one in job.arguments.get("then", ())]
    return named(replace(job, arguments={"mineral": name, "then": then}))


def how_far(progress: Progress) -> Message:
    return Message("job.percent", {"percent": progress["percent"]})


TASK = Task("encoder", train, check=check, how_far=how_far)
