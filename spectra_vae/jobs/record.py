"""A job as a record: JSON values only, so that any queue on any machine can carry it."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any, Literal

from ..text.message import Message

State = Literal["waiting", "running", "finished", "paused", "cancelled", "died", "failed"]
BUSY: tuple[State, ...] = ("waiting", "running")
RESUMABLE: tuple[State, ...] = ("paused", "cancelled", "died", "failed")


@dataclass(frozen=True)
class Job:
    """One piece of long work.

    Parameters
    ----------
    id, name
        Plain names; ``id`` is also the name of the folder of what the job makes.
    kind, arguments
        Which of :mod:`spectra_vae.jobs.tasks` it is, and with what, JSON values.
    owner
        Who asked for it, where a server tells persons apart; owners take turns.
    group
        Jobs queued together (a sweep) share it; it counts once against the queue's bound.
    state, message
        How it stands, and why as JSON; :attr:`why` reads it.
    ask
        What its worker is asked to do with it: ``cancel`` or ``pause``.
    pid, born
        Its process, by pid *and* creation time: pids are used again.
    holder
        The worker that has it, where there may be several.
    attempts
        How often it has been started; a job that takes its worker down with it stops at three.
    created, started, ended
        Seconds since 1970.
    result
        What the task returned, JSON values.
    """

    id: str
    name: str
    kind: str
    arguments: Mapping[str, Any]
    owner: str = ""
    group: str = ""
    state: State = "waiting"
    message: Mapping[str, Any] | None = None
    ask: Literal["", "cancel", "pause"] = ""
    pid: int = 0
    born: float = 0.0
    holder: str = ""
    attempts: int = 0
    created: float = field(default_factory=time.time)
    started: float = 0.0
    ended: float = 0.0
    result: Mapping[str, Any] | None = None

    @property
    def busy(self) -> bool:
        return self.state in BUSY

    @property
    def resumable(self) -> bool:
        return self.state in RESUMABLE

    @property
    def why(self) -> Message | None:
        """Why it stands as it does."""
        return None if self.message is None else _message(self.message)

    def to_json(self) -> str:
        return json.dumps(asdict(self), allow_nan=False)

    @classmethod
    def from_json(cls, text: str) -> Job:
        """The record; what an older version called ``task`` is its kind."""
        values = json.loads(text)
        values.setdefault("kind", values.get("task"))
        known = {f.name for f in fields(cls)}
        return cls(**{k: v for k, v in values.items() if k in known})

    def ends(self, state: State, message: Message | None = None, **values: Any) -> Job:
        """The record after its end."""
        why = None if message is None else _told(message)
        return replace(
            self,
            state=state,
            message=why,
            ask="",
            pid=0,
            born=0.0,
            holder="",
            ended=time.time(),
            **values,
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
            holder="",
            started=0.0,
            ended=0.0,
        )


def _told(message: Message) -> dict[str, Any]:
    """A message as JSON, with the messages inside it; worded where it is shown."""
    params = {k: _told(v) if isinstance(v, Message) else v for k, v in message.params.items()}
    return {"code": message.code, "params": params}


def _message(told: Mapping[str, Any]) -> Message:
    params = {
        k: _message(v) if isinstance(v, Mapping) and v.keys() == {"code", "params"} else v
        for k, v in told["params"].items()
    }
    return Message(told["code"], params)
