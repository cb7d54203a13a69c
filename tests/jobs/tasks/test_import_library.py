"""Importing as a job: what the page gives becomes minerals, and what was made isn't made twice."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace

import numpy as np
import pytest

from spectra_vae.jobs.task import PauseError
from spectra_vae.jobs.tasks import import_library, task
from spectra_vae.jobs.tasks.import_library import TASK, importing
from spectra_vae.minerals.store import own_minerals

X = np.arange(200.0, 900.0, 1.5)


def spectrum(position: float) -> bytes:
    y = 1000 * np.exp(-4 * np.log(2) * ((X - position) / 9) ** 2)
    y += np.random.default_rng(0).normal(0, 2, len(X))
    return "\n".join(f"{a:.1f} {b:.3f}" for a, b in zip(X, y, strict=True)).encode()


def zipped(files) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return packed.getvalue()


FILES = {"Onestone.txt": spectrum(400), "Other.txt": spectrum(500), "words.txt": b"Words."}


@pytest.fixture(autouse=True)
def own_home(tmp_path, monkeypatch):
    monkeypatch.setenv("SPECTRA_VAE_HOME", str(tmp_path))


def test_it_is_a_kind():
    assert task("import-library") is TASK and TASK.pausable


def test_files_become_minerals_and_a_paused_job_goes_on():
    (job,) = importing(FILES, "stones")

    def pause(progress):
        if progress["name"] == "onestone":
            raise PauseError

    with pytest.raises(PauseError):
        TASK.run(job, pause)
    assert own_minerals() == ("onestone",)
    told = []
    result = TASK.run(job, told.append)
    assert result["known"] == ["onestone"] and result["added"] == ["other"]
    assert [one["file"] for one in result["refused"]] == ["words.txt"]
    assert str(TASK.how_far(told[-1])) == "3 of 3"


def test_a_zip_is_read_where_it_lies():
    (job,) = importing({"stones.zip": zipped(FILES)}, "stones")
    result = TASK.run(job, lambda _: None)
    assert result["added"] == ["onestone", "other"]


@pytest.mark.parametrize("files", [{}, {"../a.txt": b"x"}, {"a/b.txt": b"x"}, {"..": b"x"}])
def test_paths_are_refused(files, refused):
    with refused():
        importing(files, "stones")


@pytest.mark.parametrize("packed", [False, True])
def test_pieces_share_the_work_and_miss_nothing(monkeypatch, packed):
    monkeypatch.setattr(import_library, "PIECE_FILES", 2)
    files = {f"Stone {letter}.txt": spectrum(300 + 9 * k) for k, letter in enumerate("abcdef")}
    files["words.txt"] = b"Words."
    given = {"stones.zip": zipped(files)} if packed else files
    jobs, told = importing(given, "stones"), {}
    assert [job.arguments["piece"] for job in jobs] == [0, 1, 2, 3]
    assert {job.group for job in jobs} == {jobs[0].id} and len({job.id for job in jobs}) == 4
    results = [TASK.run(job, lambda one, job=job: told.update({job.id: one})) for job in jobs]
    found = import_library.together(results)
    assert sorted(found["added"]) == [f"stone-{letter}" for letter in "abcdef"]
    assert sorted(own_minerals()) == sorted(found["added"])
    assert [one["file"] for one in found["refused"]] == ["words.txt"]
    assert sum(1 for result in results if result["added"]) > 1
    progress = import_library.how_far(jobs, [told.get(job.id, {}) for job in jobs])
    assert progress == {"done": 7, "total": 7}


def test_a_whole_import_is_as_far_as_its_pieces():
    jobs = [replace(job, arguments={**job.arguments, "count": 10}) for job in importing(FILES, "x")]
    assert import_library.how_far(jobs * 2, [{"done": 1, "total": 4}, {}]) == {
        "done": 1,
        "total": 10,
    }
