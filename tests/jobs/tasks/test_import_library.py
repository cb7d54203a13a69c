"""Importing as a job: what the page gives becomes minerals, and what was made isn't made twice."""

from __future__ import annotations

import io
import zipfile

import numpy as np
import pytest

from spectra_vae.jobs.task import PauseError
from spectra_vae.jobs.tasks import task
from spectra_vae.jobs.tasks.import_library import TASK, importing
from spectra_vae.minerals.store import own_minerals

X = np.arange(200.0, 900.0, 1.5)


def spectrum(position: float) -> bytes:
    y = 1000 * np.exp(-4 * np.log(2) * ((X - position) / 9) ** 2)
    y += np.random.default_rng(0).normal(0, 2, len(X))
    return "\n".join(f"{a:.1f} {b:.3f}" for a, b in zip(X, y, strict=True)).encode()


FILES = {"Onestone.txt": spectrum(400), "Other.txt": spectrum(500), "words.txt": b"Words."}


@pytest.fixture(autouse=True)
def own_home(tmp_path, monkeypatch):
    monkeypatch.setenv("SPECTRA_VAE_HOME", str(tmp_path))


def test_it_is_a_kind():
    assert task("import-library") is TASK and TASK.pausable


def test_files_become_minerals_and_a_paused_job_goes_on():
    job = importing(FILES, "stones")

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
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in FILES.items():
            archive.writestr(name, content)
    result = TASK.run(importing({"stones.zip": packed.getvalue()}, "stones"), lambda _: None)
    assert result["added"] == ["onestone", "other"]


@pytest.mark.parametrize("files", [{}, {"../a.txt": b"x"}, {"a/b.txt": b"x"}, {"..": b"x"}])
def test_paths_are_refused(files, refused):
    with refused():
        importing(files, "stones")
