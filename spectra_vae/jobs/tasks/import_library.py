"""Many minerals at once, from spectra that somebody gave to the page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ...storage.models import is_plain
from ...storage.runs import new_id
from ...text.message import SpectraVaeError
from ..record import Job
from ..task import Task, Tell, named, work_folder
from .encoder import queue_encoders

if TYPE_CHECKING:
    from ...library.importing import Step

GIVEN = "given"  # the folder in a job's own that holds its files


def importing(files: Mapping[str, bytes], name: str) -> Job:
    """The job that imports ``files``, one zip or many spectra, by what they are called; they wait
    in the job's own folder until its record is forgotten.

    Raises
    ------
    SpectraVaeError
        There is no file, or one is called as a path.
    """
    job = Job(new_id(name), name, TASK.kind, {"files": list(files)})
    check(job)
    folder = work_folder(job.id) / GIVEN
    folder.mkdir(parents=True)
    for file, content in files.items():
        (folder / file).write_bytes(content)
    return job


def import_files(job: Job, tell: Tell) -> dict[str, Any]:
    """Import what lies in the job's folder; what an earlier attempt made is not made again. The
    minerals that it made get their encoders then, one after another.

    Returns what :meth:`~spectra_vae.library.importing.Imported.to_dict` does.
    """
    from ...library.importing import import_library

    def on_progress(step: Step) -> None:
        tell({"done": step.done, "total": step.total, "name": step.name})

    folder = work_folder(job.id) / GIVEN
    files = [folder / file for file in job.arguments["files"]]
    alone = len(files) == 1 and files[0].suffix.lower() == ".zip"
    made = import_library(files[0] if alone else folder, on_progress)
    queue_encoders((*made.added, *made.known), job.owner)
    return made.to_dict()


def check(job: Job) -> Job:
    """Plain names of files, at least one."""
    files = job.arguments.get("files")
    if not (isinstance(files, list) and files and all(map(_is_file, files))):
        raise SpectraVaeError("error.import_files")
    return named(job)


def _is_file(name: object) -> bool:
    return isinstance(name, str) and is_plain(name)


TASK = Task("import-library", import_files, check=check, pausable=True)
