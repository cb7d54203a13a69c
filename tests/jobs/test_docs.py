"""``docs/add-a-kind-of-job.md`` performed: its one file is added and runs, in a real worker."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from trainings import gone, state, until

from spectra_vae.examples import example
from spectra_vae.jobs.standing import standing
from spectra_vae.jobs.tasks import tasks
from spectra_vae.text.message import say
from spectra_vae.ui.background import QueueManager

LONG = 100_000  # files: goes on until somebody ends it
DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGE = (DOCS / "add-a-kind-of-job.md").read_text(encoding="utf-8")
ONE_FILE, QUEUED = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)


@pytest.fixture
def files(tree, add_kind, queue, start_worker):
    """The page's file is added; there are the two files that it reads, and a worker."""
    assert "read-files" not in tasks()
    add_kind("read_files", ONE_FILE)
    (tree / "a.csv").write_bytes(example("clean"))  # where this process stands, and its worker
    (tree / "b.csv").write_text("no spectrum", encoding="utf-8")
    start_worker()
    until(queue.has_worker)


def test_it_starts_and_ends_with_a_result(files, queue):
    exec(compile(QUEUED, "docs", "exec"), {})
    (waiting,) = queue.waiting()
    assert str(standing(waiting, queue)) == "survey waits as number 1."
    done, _ = state(queue, waiting.id, "finished")
    assert list(done.result["refused"]) == ["b.csv"]
    assert done.result["refused"]["b.csv"].endswith(".")


def test_it_tells_how_far_it_is_and_is_cancelled(files, queue):
    task = tasks()["read-files"]
    manager = QueueManager(queue, lambda: "it")
    kind = manager.make_job_fn(task.run, None)
    ticket = {"jobs": [{"name": "rassegna", "files": ["a.csv"] * LONG}]}
    key = manager.build_cache_key(task.run, [ticket])
    job = manager.call_job_fn(key, kind, [ticket], None)
    found, _ = until(lambda: queue.get(job) if queue.progress(job) else None)
    (told,) = manager.get_progress(job)
    assert manager.job_running(job) and re.match(r"rassegna: \d+ di ", told)
    queue.cancel(job)
    cancelled, _ = state(queue, job, "cancelled")
    assert gone(found) and say(standing(cancelled, queue)) == "rassegna is cancelled."
    assert manager.get_result(key, job) == {"run": job, "state": "cancelled"}


def test_the_pages_name_what_is_there():
    root = DOCS.parent
    for page in ("add-a-kind-of-job.md", "add-a-queue-backend.md"):
        text = (DOCS / page).read_text(encoding="utf-8")
        named = re.findall(r"`((?:spectra_vae|tests)/[\w/.]+)`", text)
        assert named
        for name in named:
            assert "NAME" in name or (root / name).exists(), name
