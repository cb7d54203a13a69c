"""The band table of a pure substance, found and fitted while somebody waits to look at it."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from ...storage.runs import checked_name
from ...text.message import Message, SpectraVaeError
from ..record import Job
from ..task import Progress, Task, Tell, named, work_folder

if TYPE_CHECKING:
    from ...library.band_search import Look

VERSION = 1  # of how files become a table: another one makes other fits
GIVEN, FIT = "given", "fit.npz"  # in the job's folder: its files by number, and what came of them
NAMELESS = "draft"


class Given(NamedTuple):
    """A file as somebody gave it; ``column``: the one that was chosen, if any."""

    name: str
    content: bytes
    column: str | None = None


def fitting(
    files: Sequence[Given], resolution: float | None, baseline: str, owner: str = ""
) -> Job:
    """The job that fits ``files``, spectra of one substance; its id follows from what it is given,
    so that whoever asks again finds it.
    """
    plain = [{"name": one.name, "column": one.column} for one in files]
    arguments = {"files": plain, "resolution": resolution, "baseline": baseline}
    digests = [hashlib.sha256(one.content).hexdigest() for one in files]
    told = repr((VERSION, digests, sorted(arguments.items())))
    identity = f"{NAMELESS}-{hashlib.sha256(told.encode()).hexdigest()[:32]}"
    return Job(identity, _title(files[0].name), TASK.kind, arguments, owner)


def lay_out(job: Job, files: Sequence[Given]) -> None:
    """Put the files where the job looks for them."""
    folder = work_folder(job.id) / GIVEN
    folder.mkdir(parents=True, exist_ok=True)
    for number, one in enumerate(files):
        (folder / str(number)).write_bytes(one.content)


def fit_of(job: str) -> Path:
    """Where the fit of a job's id is kept, once there is one."""
    return work_folder(job) / FIT


def fit(job: Job, tell: Tell) -> dict[str, Any]:
    """Fit the files in the job's folder, which go then. Returns how many ``bands`` there are."""
    from ...library.fit_mineral import fit_mineral
    from ...library.kept_fit import keep
    from ...readers import read_spectrum

    def on_look(look: Look) -> None:
        tell({"bands": look.bands, "percent": f"{100 * look.misfit:.2g}"})

    folder, given = work_folder(job.id) / GIVEN, job.arguments
    spectra = [
        read_spectrum((folder / str(number)).read_bytes(), one["name"], one["column"])
        for number, one in enumerate(given["files"])
    ]
    draft = fit_mineral(spectra, NAMELESS, given["resolution"], given["baseline"], on_look)
    keep(draft.found, fit_of(job.id))
    shutil.rmtree(folder)
    return {"bands": len(draft.bands)}


def how_far(progress: Progress) -> Message:
    return Message("job.bands", {key: progress[key] for key in ("bands", "percent")})


def _title(file: str) -> str:
    """What a list calls the job."""
    try:
        return checked_name(Path(file).stem[:60])
    except SpectraVaeError:
        return NAMELESS


def check(job: Job) -> Job:
    """Refuse what no page sends: its files aren't in the job's folder."""
    if not (work_folder(job.id) / GIVEN).is_dir():
        raise SpectraVaeError("error.import_files")
    return named(replace(job, arguments=dict(job.arguments)))


TASK = Task("fit-mineral", fit, check=check, how_far=how_far, prompt=True)
