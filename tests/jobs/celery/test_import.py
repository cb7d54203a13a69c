"""An import in pieces: two workers at once, and nothing missed."""

from __future__ import annotations

import numpy as np
from trainings import state, until

from spectra_vae.jobs.tasks import import_library
from spectra_vae.minerals.store import own_minerals

X = np.arange(200.0, 900.0, 1.5)
LETTERS = "ab"


def spectrum(position):
    y = 1000 * np.exp(-4 * np.log(2) * ((X - position) / 9) ** 2)
    y += np.random.default_rng(0).normal(0, 2, len(X))
    return "\n".join(f"{a:.1f} {b:.3f}" for a, b in zip(X, y, strict=True)).encode()


def test_two_workers_share_an_import(queue, start_worker, monkeypatch):
    monkeypatch.setattr(import_library, "PIECE_FILES", 1)
    files = {f"Stone {one}.txt": spectrum(300 + 60 * k) for k, one in enumerate(LETTERS)}
    jobs = import_library.importing(files, "stones", "somebody")
    assert len(jobs) == 2
    start_worker(), start_worker()
    until(lambda: queue.workers() == 2)
    queue.add(jobs)
    until(lambda: len(queue.running()) == 2)
    assert len({job.holder for job in queue.running()}) == 2
    ended = [state(queue, job.id, "finished", seconds=250)[0] for job in jobs]
    added = import_library.together(job.result for job in ended)["added"]
    assert sorted(added) == sorted(own_minerals()) == [f"stone-{one}" for one in LETTERS]
