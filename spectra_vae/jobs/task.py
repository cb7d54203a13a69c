"""A kind of job: the function that does the work, and what the queue and the page ask of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from ..storage.models import home
from ..storage.runs import checked_name
from ..text.message import Message
from .record import Job

Progress = Mapping[str, Any]
Tell = Callable[[Progress], None]


class PauseError(Exception):
    """Somebody asked for a stop: what is needed to go on is to be saved now."""


def named(job: Job) -> Job:
    """The job under a name that a list can show."""
    return replace(job, name=checked_name(job.name))


def counted(progress: Progress) -> Message:
    """``3 of 20``: how far a task is that tells ``done`` and ``total``."""
    return Message("job.counted", {"done": progress["done"], "total": progress["total"]})


def work_folder(job: str) -> Path:
    """Where a job keeps what only its record tells of: the folder goes when the record does."""
    return home() / "jobs" / "work" / job


@dataclass(frozen=True)
class Task:
    """What jobs of one kind do.

    Parameters
    ----------
    kind
        What records call it; it stays when the file is renamed.
    run
        ``run(job, tell)`` works on ``job.arguments`` and returns JSON values. It calls ``tell``
        with its progress, JSON values too, as often as it likes: few of them are kept. ``tell``
        raises :class:`PauseError` when somebody wants the job to pause.
    check
        A job that somebody asks for, as it is queued; a
        :class:`~spectra_vae.text.message.SpectraVaeError` says what is wrong with it.
    how_far
        A progress in words that can follow "at".
    pausable
        Whether a job that was stopped goes on where it was.
    folder
        The folder of a job's id, for its log and what it makes.
    prompt
        Whether a person waits for it, for seconds: it starts before what waits, and beside what
        runs.
    """

    kind: str
    run: Callable[[Job, Tell], Mapping[str, Any]]
    check: Callable[[Job], Job] = named
    how_far: Callable[[Progress], Message] = counted
    pausable: bool = False
    folder: Callable[[str], Path] = work_folder
    prompt: bool = False
