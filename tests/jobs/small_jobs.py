"""Jobs of the kinds in ``kinds``, and what is asked of them again and again."""

from __future__ import annotations

from pathlib import Path

from trainings import until

from spectra_vae.jobs.record import Job

KINDS = Path(__file__).parent / "kinds"
ENDLESS = 10**9


def ids(jobs):
    return [job.id for job in jobs]


def counting(name, total=3, **more):
    """A job that counts."""
    return Job(name, name, "count", {"total": total}, **more)


def running(queue, name):
    """Until a job has a process and told something; its record then."""

    def look():
        found = queue.get(name)
        return found if found.pid and queue.progress(name) else None

    return until(look)[0]
