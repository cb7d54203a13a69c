"""A job as a record: JSON values only, so that any queue on any machine can carry it."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any, Literal

from ..text.message import Message

State = Literal["waiting", "running", "finished", "paused", "cancelled", "died", "failed"]
RESUMABLE: tuple[State, ...] = ("paused", "cancelled", "died", "failed")


@dataclass(frozen=True)
class Job:
    """One piece of long work.

    Parameters
    ----------
    id, name, task, arguments
        What it is; ``id`` is also the id of the run. Arguments are JSON values.
    group
        Jobs queued together (a sweep) share it; it counts once against the queue's bound.
    state, message
        How it stands, and why, as a :class:`~spectra_vae.text.message.Message` in a dictionary.
    ask
        What its worker is asked to do with it: ``cancel`` or ``pause``.
    pid, born
        Its process, by pid *and* creation time: pids are used again.
    attempts
        How often it has been started; a job that takes its worker down with it stops at three.
    created, started, ended
        Seconds since 1970.
    result
        What the task returned, JSON values.
    """

    id: str
    name: str
    task: str
    arguments: Mapping[str, Any]
    group: str = ""
    state: State = "waiting"
    message: Mapping[str, Any] | None = None
    ask: Literal["", "cancel", "pause"] = ""
    pid: int = 0
    born: float = 0.0
    attempts: int = 0
    created: float = field(default_factory=time.time)
    started: float = 0.0
    ended: float = 0.0
    result: Mapping[str, Any] | None = None

    @property
    def resumable(self) -> bool:
        return self.state in RESUMABLE

    def to_json(self) -> str:
        return json.dumps(asdict(self), allow_nan=False)

    @classmethod
    def from_json(cls, text: str) -> Job:
        known = {f.name for f in fields(cls)}
        return cls(**{k: v for k, v in json.loads(text).items() if k in known})

    def ends(self, state: State, message: Message | None = None, **values: Any) -> Job:
        """The record after its end."""
        said = None
        if message is not None:  # worded where it is shown
            said = {k: v for k, v in message.to_dict().items() if k != "text"}
        return replace(
            self, state=state, message=said, ask="", pid=0, born=0.0, ended=time.time(), **values
        )

    def again(self) -> Job:
        """The record as it waits once more."""
        return replace(
            self,
            state="waiting",
            message=None,
            ask="",
            pid=0,
            born=0.0,
            started=0.0,
            ended=0.0,
        )
