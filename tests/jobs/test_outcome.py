"""However a task ends, a record can say so."""

from __future__ import annotations

import errno

import pytest

from spectra_vae.jobs.outcome import carry_out
from spectra_vae.jobs.record import Job
from spectra_vae.jobs.task import PauseError, Task
from spectra_vae.jobs.tasks import tasks
from spectra_vae.text.message import LANGUAGES, Message, SpectraVaeError, say


def breaks_with(wrong):
    def run(job, tell):
        raise wrong

    return run


@pytest.fixture
def outcome(monkeypatch):
    """``outcome(run)``: of a job whose task is that function."""

    def of(run):
        monkeypatch.setitem(tasks(), "tried", Task("tried", run))
        return carry_out(Job("a", "a", "tried", {"n": 2}), lambda progress: None)

    return of


def test_what_a_task_returns(outcome):
    found = outcome(lambda job, tell: {"twice": 2 * job.arguments["n"]})
    assert (found.state, found.message, found.result) == ("finished", None, {"twice": 4})


@pytest.mark.parametrize(
    ("wrong", "state", "code"),
    [
        (SpectraVaeError("error.ranges"), "failed", "error.ranges"),
        (MemoryError(), "failed", "job.no_memory"),
        (OSError(errno.ENOSPC, "full"), "failed", "job.disk_full"),
        (RuntimeError("database or disk is full"), "failed", "job.disk_full"),
        (PermissionError("no"), "failed", "job.broke"),
        (ZeroDivisionError("x" * 1000), "failed", "job.broke"),
    ],
)
def test_whatever_it_raises_is_a_sentence(outcome, wrong, state, code):
    found = outcome(breaks_with(wrong))
    assert (found.state, found.message.code, found.result) == (state, code, None)
    assert found.disk_full == (code == "job.disk_full")
    for language in LANGUAGES:
        assert len(say(found.message, language)) < 300


def test_a_pause_is_no_failure(outcome):
    assert outcome(breaks_with(PauseError())).state == "paused"


@pytest.mark.parametrize("result", [{"n": float("nan")}, {"n": object()}])
def test_what_is_no_json_is_said_here_and_not_found_in_the_queue(outcome, result):
    assert outcome(lambda job, tell: result).message.code == "job.broke"


def test_a_progress_that_cannot_be_worded_fails_where_it_is_told(outcome):
    assert outcome(lambda job, tell: tell({"step": 3}) or {}).message.code == "job.broke"


def test_a_kind_that_nobody_knows_is_a_sentence():
    found = carry_out(Job("a", "a", "unheard", {}), lambda progress: None)
    assert "jobs of the kind unheard" in str(found.message)


def test_a_reason_stays_a_message_in_the_record():
    inner = Message("job.counted", {"done": 2, "total": 3})
    job = Job("a", "a", "tried", {}).ends("died", Message("job.died_at", {"progress": inner}))
    back = Job.from_json(job.to_json())
    assert back == job and back.why == Message("job.died_at", {"progress": inner})
    assert say(back.why, "it").startswith("si è interrotto (2 di 3).")
