"""A disk that is really full, and one that can't be written: a small file system of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

import pytest
from trainings import LONG, gone, state, stepping, training, until
from ui.persons import called

from spectra_vae.jobs.standing import standing
from spectra_vae.ui.app import create_app
from spectra_vae.ui.guard import allowance
from spectra_vae.ui.offer import Offer
from spectra_vae.ui.run_rows import all_runs

pytestmark = pytest.mark.alone

SIZE = "24m"
CLI = [sys.executable, "-m", "spectra_vae.cli.main"]
NOBODY = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]


@pytest.fixture
def disk(tmp_path):
    """A file system of 24 MB."""
    if os.geteuid() or not shutil.which("mount"):
        pytest.skip("a file system of its own needs root")
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", folder]
    made = subprocess.run(command, capture_output=True, check=False, text=True)
    if made.returncode:
        pytest.skip(f"no file system can be mounted here: {made.stderr[:80]}")
    yield folder
    subprocess.run(["umount", "-l", folder], check=True)


@pytest.fixture
def home(disk, monkeypatch):
    monkeypatch.setenv("SPECTRA_VAE_HOME", str(disk / "home"))
    return disk / "home"


def fill(disk):
    """Leave no byte free; the file that takes them."""
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file, pytest.raises(OSError, match="No space left"):
        while True:
            file.write(bytes(4096))
    return ballast


def said(queue, run):
    """What the page's row and the command line say of a run."""
    row = next(row for row in all_runs(queue) if row.id == run)
    return str(row.message), str(standing(queue.get(run), queue))


def test_a_run_says_that_the_disk_is_full_while_it_is_and_afterwards(disk, queue, start_worker):
    queue.add([training("a", LONG)])
    start_worker()
    going = stepping(queue, "a")
    ballast = fill(disk)
    assert all("the disk is full" in words for words in said(queue, "a"))
    until(lambda: gone(going), 120)
    assert "disk is full" in said(queue, "a")[0]
    ballast.unlink()
    ended, _ = state(queue, "a", "failed")
    assert ended.why.code == "job.disk_full" and "disk is full" in said(queue, "a")[0]
    queue.resume("a")
    stepping(queue, "a")
    queue.cancel("a")
    state(queue, "a", "cancelled")


@pytest.fixture
def page(queue, monkeypatch):
    """``page(output, values)``: a callback's answer as text; the page itself must be there."""
    app = create_app(Offer.of_this_home(), warm=False)
    client = app.server.test_client()

    def ask(output, values, states=None):
        assert client.get("/").status_code == client.get("/health").status_code == 200
        return str(called(client, app, output, values, states))

    monkeypatch.setattr(allowance, "FREE_BYTES", 0)  # what is refused before, isn't then
    return ask


def start(page):
    job = training("b")
    jobs = [{"name": "b", **job.arguments}]
    return page("training-request-result.data", {"training-request": {"jobs": jobs}})


def press(page, what, run):
    asked = {"run-action": {"what": what, "run": run}}
    return page("undo-run.data", asked, {"undo-run": []})


def test_what_can_not_be_written_on_a_full_disk_is_said(disk, queue, page):
    queue.add([training("a")])
    ballast = fill(disk)
    refused = "The disk is full, or the queue"
    assert refused in start(page) and refused in press(page, "cancel", "a")
    assert [job.id for job in queue.waiting()] == ["a"]
    ballast.unlink()
    press(page, "cancel", "a")
    assert queue.get("a").state == "cancelled"


def test_runs_that_nobody_can_write_are_said_without_a_path(queue, home, page, start_worker):
    (home / "runs").write_text("no folder")
    queue.add([training("a")])
    start_worker()
    ended, _ = state(queue, "a", "failed")
    assert str(ended.why).startswith("stopped with an error (") and str(home) not in str(ended.why)
    (home / "runs").unlink()
    press(page, "resume", "a")
    state(queue, "a", "running", "finished")


@pytest.mark.parametrize("command", [["serve"], ["worker"]])
def test_nobody_starts_on_somebody_elses_home_and_hears_why(home, command):
    if not shutil.which("setpriv"):
        pytest.skip("setpriv is not installed")
    home.mkdir(mode=0o755)
    told = subprocess.run(
        [*NOBODY, *CLI, *command], capture_output=True, text=True, timeout=120, check=False
    )
    assert told.returncode == 1 and "Traceback" not in told.stderr
    assert told.stderr.strip().endswith("set SPECTRA_VAE_HOME to another.")
