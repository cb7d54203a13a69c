"""Faults are said in words, and the rest goes on: a full disk, a broken file, a deleted model."""

import errno
import json

import pytest

from spectra_vae.jobs.local.queue import LocalQueue
from spectra_vae.jobs.outcome import DISK_FULL, carry_out
from spectra_vae.jobs.record import Job
from spectra_vae.jobs.task import Task
from spectra_vae.storage import process
from spectra_vae.storage.runs import RUN, note, run_folder
from spectra_vae.text.message import SpectraVaeError
from spectra_vae.ui.app import create_app
from spectra_vae.ui.guard import allowance
from spectra_vae.ui.models import DEFAULT_MODEL, ModelShelf
from spectra_vae.ui.offer import Offer
from spectra_vae.ui.run_rows import all_runs
from spectra_vae.ui.views.training.runs_cards import runs_table
from spectra_vae.vae.config import TrainConfig


@pytest.fixture
def offer(tmp_path, monkeypatch):
    monkeypatch.setenv("SPECTRA_VAE_HOME", str(tmp_path))
    return Offer.of_this_home()


@pytest.fixture
def client(offer):
    return create_app(offer, warm=False).server.test_client()


def start(client, **config):
    """What the page's form sends, and what comes back of it."""
    jobs = [{"name": "a", "config": {**TrainConfig(steps=5).to_dict(), **config}}]
    payload = {
        "output": "training-request-result.data",
        "outputs": {"id": "training-request-result", "property": "data"},
        "inputs": [{"id": "training-request", "property": "data", "value": {"jobs": jobs}}],
        "changedPropIds": ["training-request.data"],
        "state": [],
    }
    answer = client.post("/_dash-update-component", json=payload)
    assert answer.status_code == 200
    return answer.json.get("response", {}).get("training-request-result", {}).get("data")


def full(*_, **__):
    raise OSError(errno.ENOSPC, "No space left on device")


def test_a_lost_start_says_why(client, offer, monkeypatch):
    monkeypatch.setattr(LocalQueue, "add", full)
    assert start(client)["refused"].startswith("The disk is full")


def test_no_training_starts_on_a_nearly_full_disk(client, offer, monkeypatch):
    monkeypatch.setattr(allowance, "FREE_BYTES", 10**18)
    assert "are free on the disk" in start(client)["refused"]
    assert offer.trainings.queue.waiting() == []


@pytest.mark.parametrize(
    "config",
    [{"encoder": [8192] * 16}, {"spectra": 1_000_000}, {"batch": 65_536}, {"steps": "many"}],
)
def test_what_would_take_the_machine_is_refused_in_words(client, offer, config):
    assert start(client, **config)["refused"].endswith(".")
    assert offer.trainings.queue.waiting() == []


def test_a_full_disk_is_the_reason_even_where_the_log_is_full_too(monkeypatch):
    job = Job("a", "a", "broken", {})
    monkeypatch.setattr("spectra_vae.jobs.outcome.task", lambda _: Task("broken", full))
    monkeypatch.setattr("traceback.print_exc", full)
    outcome = carry_out(job, lambda _: None)
    assert outcome.state == "failed" and outcome.message.code == DISK_FULL


BROKEN = {
    "a state": '{"state": "<b>x"}',
    "nested": "[" * 100_000,
    "a list": "[1]",
    "no text": b"\xff\xfe\x00",
    "other types": json.dumps({"name": [1], "state": 5, "beta": "x", "supervision": {}}),
    "huge": '{"beta": 1e999, "seed": ' + "9" * 400 + "}",
}


@pytest.mark.parametrize("text", BROKEN.values(), ids=BROKEN)
def test_a_broken_run_is_one_broken_row(offer, text):
    for run in ("good", "bad"):
        run_folder(run).mkdir(parents=True)
    note(run_folder("good"), name="good", state="finished")
    (run_folder("bad") / RUN).write_bytes(text if isinstance(text, bytes) else text.encode())
    rows = {row.id: row for row in all_runs(offer.trainings.queue)}
    assert rows["good"].state == "finished" and rows["bad"].state == "died"
    for language in ("en", "it"):
        table, words = runs_table(list(rows.values()), [], "", None, language)
        assert "good" in str(table) and words


def test_a_model_that_was_deleted_is_not_replaced_by_another(home, refused):
    shelf = ModelShelf()
    with refused(SpectraVaeError) as caught:
        shelf.chosen("20260101-000000-mine-00000000")
    assert "deleted" in str(caught.value)
    for nothing in (None, "", 5, "../../etc"):
        assert shelf.chosen(nothing) == DEFAULT_MODEL


def test_a_run_takes_no_shipped_models_place(offer):
    folder = run_folder(DEFAULT_MODEL)
    folder.mkdir(parents=True)
    (folder / "model.json").write_text("{}")
    assert ModelShelf().folder(DEFAULT_MODEL) != folder


def test_a_set_clock_ends_no_process(monkeypatch):
    pid, born = process.identity(process.os.getpid())
    created = process.psutil.Process.create_time
    monkeypatch.setattr(process.psutil.Process, "create_time", lambda one: created(one) + 3600)
    assert process.alive(pid, born)
