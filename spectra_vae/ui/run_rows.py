"""Runs as a person sees them: records of the queue, folders and shipped models in one list."""

from __future__ import annotations

import functools
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ..jobs.queue import Queue, each_once
from ..jobs.record import Job
from ..jobs.standing import stopped_short
from ..jobs.tasks.train import TASK
from ..storage.models import named, shipped_models
from ..storage.process import alive
from ..storage.runs import (
    delete,
    listing,
    own_name,
    read_deleted,
    read_live,
    read_run,
    run_folder,
    undelete,
)
from ..storage.runs import rename as rename_folder
from ..text.message import Message, SpectraVaeError
from ..vae.header import read_header
from ..vae.settings import SUPERVISIONS
from .guard.people import may_change

KIND = TASK.kind  # jobs of other kinds are no runs
ENDS = ("finished", "paused", "cancelled", "died", "failed")


@dataclass(frozen=True)
class RunRow:
    """A run. ``state``: a job's, or ``shipped``; ``position`` in the queue, 0 for none; ``ask``:
    what its worker is asked to do and hasn't done yet; ``owner``: whose it is, ``mine``: whether
    whoever asks may change it."""

    id: str
    name: str
    state: str
    supervision: str
    beta: float
    seed: int
    created: float = 0.0
    seconds: float | None = None
    rmse: float | None = None
    active: int | None = None
    mig: float | None = None
    position: int = 0
    message: Message | None = None
    resumable: bool = False
    ask: str = ""
    owner: str = ""
    mine: bool = True
    config: Mapping[str, Any] = field(default_factory=dict)

    @property
    def usable(self) -> bool:
        """Whether there is a model to open."""
        return self.state in ("finished", "shipped")

    @property
    def busy(self) -> bool:
        return self.state in ("waiting", "running")


def all_runs(queue: Queue) -> list[RunRow]:
    """Busy ones first, then by age, shipped models last."""
    notes = {note["id"]: note for note in listing()}
    waiting, running, ended = each_once(queue.waiting(), queue.running(), queue.ended(kind=KIND))
    rows = [of_job(job, notes.pop(job.id, {}), 0) for job in running if job.kind == KIND]
    rows += [
        of_job(job, notes.pop(job.id, {}), k)
        for k, job in enumerate(waiting, 1)
        if job.kind == KIND
    ]
    rest = [of_job(job, notes.pop(job.id, {}), 0) for job in ended]
    for run, note in notes.items():  # older ones; whether one can be resumed, its record knows
        job = queue.get(run)
        rest.append(of_job(job, note, 0) if job else _of_note(note))
    rest.sort(key=lambda row: -row.created)
    return rows + rest + [_of_model(name) for name in shipped_models()]


def of_job(job: Job, note: Mapping[str, Any], position: int) -> RunRow:
    config = job.arguments.get("config", {})
    plain = not config.get("variational", True)
    return RunRow(
        id=job.id,
        name=_text(note, "name", job.name),
        state=job.state,
        supervision="plain" if plain else _supervision(config.get("supervision")),
        beta=config.get("beta", 0.0),
        seed=config.get("seed", 0),
        created=job.created,
        seconds=_number(note, "seconds") or _taken(job),
        rmse=_number(note, "rmse"),
        active=_number(note, "active"),
        mig=_number(note, "mig"),
        position=position,
        message=stopped_short(job) or job.why,
        resumable=job.resumable,
        ask=job.ask,
        owner=job.owner,
        mine=may_change(job.owner),
        config=config,
    )


def _taken(job: Job) -> float | None:
    """Seconds of training, all attempts together; None for a job that isn't over or never started.

    Without a word of its training: from start to end.
    """
    if not (job.started and job.ended):
        return None
    return _number(read_live(run_folder(job.id)), "seconds") or job.ended - job.started


def _of_note(note: Mapping[str, Any]) -> RunRow:
    """A run that no record tells of: trained in a notebook, or its record is purged."""
    state = _text(note, "state")
    if state not in ENDS and state != "running":
        state = "died"  # or somebody wrote something else into the file
    pid, born = (_number(note, key) for key in ("pid", "born"))
    if state == "running" and not (pid and pid > 0 and born and alive(int(pid), born)):
        state = "died"
    return RunRow(
        id=note["id"],
        name=_text(note, "name", note["id"]),
        state=state,
        supervision=_supervision(note.get("supervision")),
        beta=_number(note, "beta") or 0.0,
        seed=_number(note, "seed") or 0,
        created=_number(note, "created") or 0.0,
        seconds=_number(note, "seconds"),
        rmse=_number(note, "rmse"),
        active=_number(note, "active"),
        mig=_number(note, "mig"),
        owner=_text(note, "owner"),
        mine=may_change(_text(note, "owner")),
    )


def _supervision(given: object) -> str:
    return given if given in (*SUPERVISIONS, "plain") else "none"


def owner_of(queue: Queue, run: str) -> str:
    """Whose a run is, as its record or its folder says, a deleted one's too; nobody's: empty."""
    job = queue.get(run)
    if job is not None:
        return job.owner
    return _text(read_run(run_folder(run)) or read_deleted(run), "owner")


def _text(note: Mapping[str, Any], key: str, otherwise: str = "") -> str:
    """What a file says, where it is a text at all."""
    value = note.get(key)
    return value if isinstance(value, str) else otherwise


def _number(note: Mapping[str, Any], key: str) -> Any:
    """What a file says, where it is a number at all."""
    value = note.get(key)
    if not isinstance(value, int | float) or isinstance(value, bool):
        return None
    return value if abs(value) <= sys.float_info.max else None


@functools.lru_cache(maxsize=32)
def _of_model(name: str) -> RunRow:
    header = read_header(named(name))
    config, metrics, card = header["config"], header.get("metrics") or {}, header["card"]
    return RunRow(
        id=name,
        name=name,
        state="shipped",
        supervision=card["supervision"],
        beta=config.get("beta", 0.0),
        seed=card["seed"],
        seconds=card.get("seconds"),
        rmse=metrics.get("decode_rmse"),
        active=len(metrics["active"]) if "active" in metrics else None,
        mig=metrics.get("scores", {}).get("mig"),
        config=config,
    )


def remove(queue: Queue, run: str) -> str:
    """Delete a run's record and folder; its name. One that is busy must be cancelled first."""
    job, folder = queue.get(run), run_folder(run)
    if job is None and not folder.is_dir():
        raise SpectraVaeError("error.unknown_run", name=run[:80])
    queue.forget(run)
    name = read_run(folder).get("name") or (job.name if job else run)
    if folder.is_dir():
        delete(run)
    return str(name)


def bring_back(queue: Queue, run: str) -> None:
    """Undo :func:`remove`: the folder, the record, or the one of them that there was."""
    folder, record = undelete(run), queue.recall(run)
    if not folder and not record:
        raise SpectraVaeError("error.unknown_run", name=run[:80])


def rename(queue: Queue, run: str, name: object) -> None:
    """Call a run otherwise, whether it has a folder yet or not."""
    new = own_name(name)
    if run_folder(run).is_dir():
        rename_folder(run, new)
    if queue.get(run) is not None:
        queue.rename(run, new)
