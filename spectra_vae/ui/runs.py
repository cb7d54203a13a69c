"""Runs as a person sees them: records of the queue, folders and shipped models in one list."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ..catalogue import ModelError, models, named, read_header, shipped
from ..folders import checked_name, delete, listing, read_run, run_folder, undelete
from ..folders import rename as rename_folder
from ..jobs.process import identity
from ..jobs.queue import Queue
from ..jobs.record import RESUMABLE, Job
from ..message import Message, SpectraVaeError


@dataclass(frozen=True)
class Row:
    """A run. ``state``: a job's, or ``shipped``; ``position`` in the queue, 0 for none; ``ask``:
    what its worker is asked to do and hasn't done yet."""

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
    config: Mapping[str, Any] = field(default_factory=dict)

    @property
    def usable(self) -> bool:
        """Whether there is a model to open."""
        return self.state in ("finished", "shipped")

    @property
    def busy(self) -> bool:
        return self.state in ("waiting", "running")


def all_runs(queue: Queue) -> list[Row]:
    """Busy ones first, then by age, shipped models last."""
    notes = {note["id"]: note for note in listing()}
    waiting, running, ended = queue.waiting(), queue.running(), queue.ended()
    rows = [of_job(job, notes.pop(job.id, {}), 0) for job in running]
    rows += [of_job(job, notes.pop(job.id, {}), k) for k, job in enumerate(waiting, 1)]
    rest = [of_job(job, notes.pop(job.id, {}), 0) for job in ended]
    rest += [_of_note(note) for note in notes.values()]
    rest.sort(key=lambda row: -row.created)
    return rows + rest + [_of_model(name) for name in _shipped()]


def of_job(job: Job, note: Mapping[str, Any], position: int) -> Row:
    config = job.arguments.get("config", {})
    plain = not config.get("variational", True)
    message = job.message
    return Row(
        id=job.id,
        name=note.get("name", job.name),
        state=job.state,
        supervision="plain" if plain else config.get("supervision", "none"),
        beta=config.get("beta", 0.0),
        seed=config.get("seed", 0),
        created=job.created,
        seconds=note.get("seconds") or _taken(job),
        rmse=note.get("rmse"),
        active=note.get("active"),
        mig=note.get("mig"),
        position=position,
        message=Message(message["code"], message["params"]) if message else None,
        resumable=job.state in RESUMABLE,
        ask=job.ask,
        config=config,
    )


def _taken(job: Job) -> float | None:
    """Seconds from start to end; None for a job that isn't over or never started."""
    return job.ended - job.started if job.started and job.ended else None


def _of_note(note: Mapping[str, Any]) -> Row:
    """A run that no record tells of: trained in a notebook, or its record is purged."""
    state = note.get("state", "died")
    if state == "running" and not identity(int(note.get("pid", 0) or 0))[0]:
        state = "died"
    return Row(
        id=note["id"],
        name=str(note.get("name", note["id"])),
        state=state,
        supervision=str(note.get("supervision", "none")),
        beta=note.get("beta", 0.0),
        seed=note.get("seed", 0),
        created=note.get("created", 0.0),
        seconds=note.get("seconds"),
        rmse=note.get("rmse"),
        active=note.get("active"),
        mig=note.get("mig"),
    )


def _shipped() -> list[str]:
    return [name for name in models() if (shipped() / name).is_dir()]


@functools.lru_cache(maxsize=32)
def _of_model(name: str) -> Row:
    header = read_header(named(name))
    config, metrics, card = header["config"], header.get("metrics") or {}, header["card"]
    return Row(
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


def is_shipped(name: str) -> bool:
    """Whether a shipped model is called so: in a list nobody could tell a run from it."""
    return name.casefold() in {known.casefold() for known in _shipped()}


def rename(queue: Queue, run: str, name: object) -> None:
    """Call a run otherwise, whether it has a folder yet or not."""
    new = checked_name(name)
    if is_shipped(new):
        raise ModelError("error.name_shipped", name=new)
    if run_folder(run).is_dir():
        rename_folder(run, new)
    if queue.get(run) is not None:
        queue.rename(run, new)
