"""Restoring many files: one piece of a batch, a row a file."""

from __future__ import annotations

import json
import traceback
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...spectra.given import check_resolution
from ...text.message import SpectraVaeError
from ..outcome import why
from ..record import Job
from ..task import Task, Tell, named, work_folder

if TYPE_CHECKING:
    from ...measure.report.summary import Summary
    from ...spectra.spectrum import Spectrum
    from ...spectrometer import VirtualSpectrometer

ROWS = "rows.jsonl"
TOGETHER = 40  # files: one fit of many costs a fifth of many fits, and half a second is told late


def restoring(
    job: str, name: str, files: Sequence[str], model: str, resolution: float | None, group: str
) -> Job:
    """The job that restores some files of a batch, ``group``, with one model."""
    arguments = {"files": list(files), "model": model, "resolution": resolution}
    return Job(job, name, TASK.kind, arguments, group=group)


def restore(job: Job, tell: Tell) -> dict[str, Any]:
    """Restore ``job.arguments["files"]``, each into a line of the job's folder.

    What an earlier attempt wrote isn't done again. Returns how many ``files`` there were, and how
    many were ``refused``.
    """
    from ...spectrometer import load

    files, kept = job.arguments["files"], work_folder(job.id) / ROWS
    done = {row["file"]: "error" in row for row in _whole_lines(kept)}
    vs = load(job.arguments["model"])
    with kept.open("a", encoding="utf-8") as out:
        for start in range(0, len(files), TOGETHER):
            some = files[start : start + TOGETHER]
            left = [file for file in some if file not in done]
            for row in _rows(vs, left, job.arguments["resolution"]):
                out.write(json.dumps(row, allow_nan=False) + "\n")
                done[row["file"]] = "error" in row
            out.flush()
            tell({"done": start + len(some), "total": len(files)})
    return {"files": len(files), "refused": sum(done.values())}


def rows(job: str) -> list[tuple[str, Summary | str]]:
    """What a piece found so far: (file, its summary, or the sentence why there is none)."""
    from ...measure.report.summary import Summary

    return [
        (row["file"], row["error"] if "error" in row else Summary.from_dict(row["summary"]))
        for row in _whole_lines(work_folder(job) / ROWS)
    ]


def check(job: Job) -> Job:
    """Files and a model by name, and a resolution that an instrument can have."""

    given = job.arguments
    files, resolution = given.get("files"), given.get("resolution")
    if not isinstance(files, list) or not all(isinstance(file, str) for file in files):
        raise SpectraVaeError("error.unknown_kind", kind=TASK.kind)
    check_resolution(resolution)
    arguments = {"files": files, "model": str(given.get("model")), "resolution": resolution}
    return replace(named(job), arguments=arguments)


def _rows(
    vs: VirtualSpectrometer, files: Sequence[str], resolution: float | None
) -> list[dict[str, Any]]:
    """A row a file, in order; where all together can't be restored, each is by itself."""
    from ...measure.report.summary import Summary
    from ...readers import read_spectrum

    read: dict[str, Spectrum] = {}
    rows: dict[str, dict[str, Any]] = {}
    for file in files:
        with _told(file, rows):
            read[file] = read_spectrum(Path(file))
    try:
        restored = dict(zip(read, vs.restore([*read.values()], resolution=resolution), strict=True))
    except Exception:  # of which file it is, shows below
        restored = {}
    for file, spectrum in read.items():
        with _told(file, rows):
            one = restored[file] if restored else vs.restore(spectrum, resolution=resolution)
            rows[file] = {"file": file, "summary": Summary.of(one).to_dict()}
    return [rows[file] for file in files]


@contextmanager
def _told(file: str, rows: dict[str, dict[str, Any]]) -> Iterator[None]:
    """What goes wrong with a file becomes its row: one bad file must not stop the others."""
    try:
        yield
    except SpectraVaeError as wrong:
        rows[file] = {"file": file, "error": str(wrong)}
    except Exception as fault:
        traceback.print_exc()
        rows[file] = {"file": file, "error": str(why(fault))}


def _whole_lines(file: Path) -> Iterator[Mapping[str, Any]]:
    """Rows that were written to their end; half a line of a killed process is cut off."""
    if not file.exists():
        return
    text = file.read_bytes()
    whole = text[: text.rfind(b"\n") + 1]
    if whole != text:
        file.write_bytes(whole)
    for line in whole.splitlines():
        yield json.loads(line)


TASK = Task("restore", restore, check=check, pausable=True)
