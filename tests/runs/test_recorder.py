"""What a crash may cost: a training's state, its picture and its history are written in time."""

from __future__ import annotations

import time
from types import SimpleNamespace

import numpy as np
import pytest
from trainings import TINY

import spectra_vae as sv
from spectra_vae.runs import record
from spectra_vae.runs.record import Recorder
from spectra_vae.storage.runs import history_of, read_live
from spectra_vae.vae import resume
from spectra_vae.vae.train import steps

STEP_SECONDS = 0.5


@pytest.fixture
def clock(monkeypatch):
    """A clock that goes on when it is told to."""
    now = SimpleNamespace(seconds=1000.0)
    told = SimpleNamespace(monotonic=lambda: now.seconds, time=time.time)
    monkeypatch.setattr(record, "time", told)
    return now


def test_a_crash_costs_ten_seconds_at_most(tmp_path, clock):
    recorder, lost, stale = Recorder(tmp_path), [], []
    for step in steps(sv.TrainConfig(**TINY, steps=1000)):
        clock.seconds += STEP_SECONDS
        recorder.see(step)
        kept = resume.load(tmp_path)
        lost.append(step.number - (kept.number if kept else 0))
        stale.append(step.number - read_live(tmp_path)["step"])
        if step.number == 50:
            break
    recorder.close()
    assert max(lost) * STEP_SECONDS < record.STATE_SECONDS == 10
    assert max(stale) * STEP_SECONDS < record.LIVE_SECONDS + STEP_SECONDS
    rows = [row["step"] for row in history_of(tmp_path)]
    assert rows[0] == 1 or rows[0] * STEP_SECONDS <= record.ROW_SECONDS
    assert np.diff(rows).max() * STEP_SECONDS <= record.ROW_SECONDS
