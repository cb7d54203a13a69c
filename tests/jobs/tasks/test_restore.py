"""Pieces of a batch: rows that are kept, gone on with, and gathered into one table."""

from __future__ import annotations

import csv

import pytest

from spectra_vae.cli.main import main
from spectra_vae.examples import example
from spectra_vae.jobs.task import PauseError, work_folder
from spectra_vae.jobs.tasks.restore import ROWS, check, restore, restoring, rows
from spectra_vae.text.message import SpectraVaeError

from ..small_jobs import ids


@pytest.fixture
def files(tmp_path):
    folder = tmp_path / "measured"
    folder.mkdir()
    (folder / "a.csv").write_bytes(example("clean"))
    (folder / "b.csv").write_text("no spectrum", encoding="utf-8")
    (folder / "c.csv").write_bytes(example("clean"))
    return sorted(map(str, folder.iterdir()))


def piece(files):
    return restoring("a-1", "a", files, "gypsum", None, "a")


def test_a_killed_piece_goes_on_where_it_was(home, files, monkeypatch):
    monkeypatch.setattr("spectra_vae.jobs.tasks.restore.TOGETHER", 1)
    job, told = piece(files), []
    work_folder(job.id).mkdir(parents=True)

    def until_the_second(progress):
        told.append(progress)
        if progress["done"] == 2:
            raise PauseError

    with pytest.raises(PauseError):
        restore(job, until_the_second)
    kept = work_folder(job.id) / ROWS
    two = kept.read_bytes()
    kept.write_bytes(two + b'{"file": "half')
    assert restore(job, told.append) == {"files": 3, "refused": 1}
    assert kept.read_bytes().startswith(two) and told[-1] == {"done": 3, "total": 3}
    found = dict(rows(job.id))
    assert list(found) == files and isinstance(found[files[1]], str)
    assert found[files[0]] == found[files[2]]


def test_files_together_or_each_by_itself_are_the_same_rows(home, files, monkeypatch):
    told = []
    for job in (restoring("together", "a", files, "gypsum", None, "a"), piece(files)):
        work_folder(job.id).mkdir(parents=True)
        assert restore(job, told.append) == {"files": 3, "refused": 1}
        monkeypatch.setattr("spectra_vae.jobs.tasks.restore.TOGETHER", 1)
    assert [progress["done"] for progress in told] == [3, 1, 2, 3]
    for one, other in zip(rows("together"), rows("a-1"), strict=True):
        if isinstance(one[1], str):
            assert one == other
        else:
            assert one[1].verdict == other[1].verdict
            assert one[1].values["position"] == pytest.approx(other[1].values["position"], 1e-6)


def test_what_no_piece_can_be_is_refused(home, files):
    assert check(piece(files)).arguments["files"] == files
    for wrong in (
        restoring("a", "a", files, "gypsum", -1.0, "a"),
        restoring("a", "a", [1], "gypsum", None, "a"),
    ):
        with pytest.raises(SpectraVaeError):
            check(wrong)


def test_a_batch_is_one_table(queue, start_worker, files, tmp_path, capsys):
    start_worker()
    table = tmp_path / "table.csv"
    code = main(["batch", str(tmp_path / "measured"), "--model", "gypsum", "--table", str(table)])
    assert code == 1  # one file was refused
    found = list(csv.DictReader(table.read_text(encoding="utf-8").splitlines()))
    assert [row["file"] for row in found] == files and found[1]["error"].endswith(".")
    assert "3 of 3" in capsys.readouterr().err and len(ids(queue.ended(kind="restore"))) == 1
    assert main(["batch", str(work_folder("a").parent), "--table", str(table)]) == 1
