"""Many minerals at once, from spectra that somebody gave to the page: in pieces, on all workers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import ceil
from typing import TYPE_CHECKING, Any

from ...storage.models import is_plain
from ...storage.owners import check_place, give_mineral
from ...storage.runs import new_id
from ...text.message import SpectraVaeError
from ..record import Job
from ..task import Progress, Task, Tell, named, work_folder
from .encoder import queue_encoders

if TYPE_CHECKING:
    from ...library.importing import Step

GIVEN = "given"  # the folder in the first job's own that holds the files of all
PIECE_FILES = 25  # each piece reads all files' heads, and starts an interpreter
PIECES_LIMIT = 8
ZIP_END, ZIP_COUNT = b"PK\x05\x06", slice(10, 12)  # behind which a zip says how many files it has


def importing(files: Mapping[str, bytes], name: str, owner: str = "") -> list[Job]:
    """The jobs that import ``files``, one zip or many spectra, by what they are called; they wait
    in the first job's own folder until its record is forgotten.

    ``owner``: whose the minerals are then; somebody's take no shipped one's place.

    Raises
    ------
    SpectraVaeError
        There is no file, or one is called as a path.
    """
    group, count = new_id(name), _count(files)
    pieces = min(max(ceil(count / PIECE_FILES), 1), PIECES_LIMIT)
    given = {"files": list(files), "count": count, "pieces": pieces}
    jobs = [
        check(Job(_piece(group, k), name, TASK.kind, {**given, "piece": k}, owner, group))
        for k in range(pieces)
    ]
    folder = work_folder(group) / GIVEN
    folder.mkdir(parents=True)
    for file, content in files.items():
        (folder / file).write_bytes(content)
    return jobs


def import_files(job: Job, tell: Tell) -> dict[str, Any]:
    """Import a piece of what lies in the group's folder; what an earlier attempt made is not made
    again. The minerals that it made get their encoders then, one after another.

    Returns what :meth:`~spectra_vae.library.importing.Imported.to_dict` does.
    """
    from ...library.import_source import Share
    from ...library.importing import import_library

    def on_progress(step: Step) -> None:
        if step.added:
            give_mineral(step.added, job.owner)
        tell({"done": step.done, "total": step.total, "name": step.name})

    folder = work_folder(job.group or job.id) / GIVEN
    files = [folder / file for file in job.arguments["files"]]
    alone = len(files) == 1 and files[0].suffix.lower() == ".zip"
    made = import_library(
        files[0] if alone else folder,
        on_progress,
        share=Share(job.arguments.get("piece", 0), job.arguments.get("pieces", 1)),
        may_add=lambda name: check_place(name, job.owner),
    )
    queue_encoders((*made.added, *made.known), job.owner)
    return made.to_dict()


def how_far(pieces: Sequence[Job], told: Sequence[Progress]) -> Progress:
    """The progress of a whole import, of what its pieces told; some haven't begun."""
    done, total = (sum(one.get(key, 0) for one in told) for key in ("done", "total"))
    whole = total if all(told) else max(total, *(job.arguments.get("count", 1) for job in pieces))
    return {"done": done, "total": whole}


def together(results: Iterable[Mapping[str, Any]]) -> dict[str, list[Any]]:
    """What all pieces of an import found, as one."""
    found: dict[str, list[Any]] = {}
    for result in results:
        for key, values in result.items():
            found.setdefault(key, []).extend(values)
    return found


def check(job: Job) -> Job:
    """Plain names of files, at least one."""
    files = job.arguments.get("files")
    if not (isinstance(files, list) and files and all(map(_is_file, files))):
        raise SpectraVaeError("error.import_files")
    return named(job)


def _piece(group: str, k: int) -> str:
    """A piece's id; the first one is called as all together."""
    return f"{group}-{k + 1}" if k else group


def _count(files: Mapping[str, bytes]) -> int:
    """How many files there are, as a zip says it of itself."""
    count, first = len(files), next(iter(files.values()), b"")
    end = first.rfind(ZIP_END)
    if count == 1 and end >= 0:
        count = int.from_bytes(first[end:][ZIP_COUNT], "little")
    return count


def _is_file(name: object) -> bool:
    return isinstance(name, str) and is_plain(name)


TASK = Task("import-library", import_files, check=check, pausable=True)
