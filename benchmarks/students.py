"""A class against a real server: everybody starts two tiny trainings within a minute.

    python -m benchmarks.students [STUDENTS] [SECONDS]         (default 30, 60)

Loopback only: gunicorn, the queue and its worker as one machine has them. Odd students ask for both
at once, even ones for one after the other; each also tries to cancel, delete and rename somebody
else's. Then some ask for more than the queue holds, and take it back. Prints what became of it all;
the exit code is 1 when somebody was served twice while another waited all along, when a stranger's
hand did something, or when a training ended without a word.
"""

from __future__ import annotations

import random
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import numpy as np

from spectra_vae.jobs.local.queue import LocalQueue
from spectra_vae.jobs.queue import Queue
from spectra_vae.jobs.record import Job
from spectra_vae.jobs.records import ENDED_LIMIT
from spectra_vae.vae.config import TrainConfig

from .machine import machine
from .server import Browser, Served, served

STUDENTS, SECONDS = 30, 60.0
TINY = TrainConfig(steps=3, spectra=64, batch=16, encoder=(8,), decoder=(8,))
PATIENCE_SECONDS = 7200.0
LOOK_SECONDS = 0.5
TICKET = "training-request-result.data"
ACTION = "undo-run.data"
EVERYBODY = "of everybody"  # in the sentence of a queue that is full for all


@dataclass
class Told:
    """What the page said to everybody; lists are safe in threads."""

    seconds: list[float] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)


class Student:
    """Somebody with a browser, who is known by a cookie."""

    def __init__(self, server: Served, name: str, told: Told) -> None:
        self.browser, self.name, self.told = Browser(server), name, told
        self.browser.get("/")

    def start(self, *names: str) -> bool:
        """Ask for trainings, as the form does; False: refused, and that is told."""
        config = TINY.to_dict()
        jobs = [{"name": f"{self.name}-{name}", "config": config} for name in names]
        begin = time.monotonic()
        answer = self.browser.call(TICKET, {"training-request.data": {"jobs": jobs}})
        self.told.seconds.append(time.monotonic() - begin)
        data = answer.get("response", {}).get("training-request-result", {}).get("data")
        if not (isinstance(data, dict) and "refused" in data):
            return True
        self.told.refused.append(data["refused"])
        return False

    def press(self, what: str, run: str) -> str:
        """A button of the table; what the page says then."""
        action = {"run-action.data": {"what": what, "run": run}}
        answer = self.browser.call(self.browser.output(ACTION), action, {"undo-run.data": []})
        return str(answer.get("sideUpdate", {}).get("notice", {}).get("children", ""))

    def work(self, seconds: float, both: bool) -> None:
        """Two trainings within ``seconds``: both at once, or one after the other."""
        rng = random.Random(self.name)
        first, second = sorted(rng.uniform(0, seconds) for _ in range(2))
        time.sleep(first)
        if both:
            self.start("a", "b")
            return
        self.start("a")
        time.sleep(second - first)
        self.start("b")

    def meddle(self, run: str) -> None:
        """Try what nobody but a run's owner may do."""
        for what in ("cancel", "pause", "delete", "undo", "resume"):
            self.told.strangers.append(self.press(what, run))


def fill(server: Served, told: Told) -> list[Student]:
    """People who ask for trainings until the queue is full for one of them, then for all."""
    eager: list[Student] = []
    while not any(EVERYBODY in why for why in told.refused):
        eager.append(Student(server, f"eager{len(eager)}", told))
        count = 0
        while eager[-1].start(str(count)):
            count += 1
    return eager


def take_back(queue: Queue, eager: Sequence[Student]) -> None:
    """They cancel what they asked for."""
    by_name = {one.name: one for one in eager}
    for job in (*queue.waiting(), *queue.running()):
        owner = by_name.get(job.name.partition("-")[0])
        if owner is not None:
            owner.press("cancel", job.id)


def over(queue: Queue) -> list[Job]:
    """Every job, once none is busy; after long patience those that still are, too."""
    end = time.monotonic() + PATIENCE_SECONDS
    while (busy := [*queue.running(), *queue.waiting()]) and time.monotonic() < end:
        time.sleep(LOOK_SECONDS)
    return [*queue.ended(ENDED_LIMIT), *busy]


def unfair(jobs: Sequence[Job]) -> list[str]:
    """Whoever was served twice while somebody else waited all along and was not served once."""
    found, starts = [], sorted((job for job in jobs if job.started), key=lambda job: job.started)
    for k, first in enumerate(starts):
        rest = starts[k + 1 :]
        again = next((job for job in rest if job.owner == first.owner), None)
        if again is None:
            continue
        between = {job.owner for job in rest[: rest.index(again)]}
        found += [
            f"{job.name} waited while {first.name} and {again.name} began"
            for job in rest[rest.index(again) + 1 :]
            if job.created < first.started and job.owner not in {first.owner, *between}
        ]
    return found


def together(work: Sequence[Callable[[], object]]) -> None:
    threads = [threading.Thread(target=one) for one in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def of_another(student: Student, runs: Mapping[str, str]) -> str:
    """The id of a run that somebody else started; name → id."""
    others = sorted(name for name in runs if not name.startswith(f"{student.name}-"))
    return runs[random.Random(student.name).choice(others)]


def report(jobs: Sequence[Job], told: Told, took: float) -> int:
    """Prints what became of it all; how much of it was wrong."""
    states = Counter(job.state for job in jobs if job.name.startswith("student"))
    silent = [job.name for job in jobs if job.state != "finished" and not _told(job)]
    by_others = [why for why in told.strangers if "belongs to somebody else" not in why]
    order = unfair(jobs)
    p50, p95 = 1000 * np.percentile(told.seconds, (50, 95))
    print(f"their trainings: {dict(states)} after {took:.0f} s")
    print(f"{len(told.seconds)} starts asked for: p50 {p50:.0f} ms, p95 {p95:.0f} ms")
    print(f"order: {len(order)} served twice while another waited {order[:1]}")
    print(
        f"{len(told.strangers)} tries at others' runs, {len(by_others)} not refused {by_others[:1]}"
    )
    print(f"{len(silent)} ended without a word {silent[:1]}")
    for why in dict.fromkeys(told.refused):
        print(f"refused: {why}")
    return len(order) + len(by_others) + len(silent) + states.total() - states["finished"]


def _told(job: Job) -> bool:
    """Whether it says why it isn't finished."""
    return job.state == "cancelled" or job.why is not None


def main(count: int, seconds: float) -> int:
    """How much was wrong."""
    print(f"{count} students, two trainings each within {seconds:g} s ({machine()})", flush=True)
    told, begin = Told(), time.monotonic()
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        with served(home, SPECTRA_VAE_HOSTS="class.example") as server:
            students = [Student(server, f"student{k}", told) for k in range(count)]
            together([partial(one.work, seconds, k % 2 == 1) for k, one in enumerate(students)])
            queue = LocalQueue(home / "jobs")
            runs = {job.name: job.id for job in (*queue.waiting(), *queue.running())}
            together([partial(one.meddle, of_another(one, runs)) for one in students])
            take_back(queue, fill(server, told))
            jobs = over(queue)
    return report(jobs, told, time.monotonic() - begin)


if __name__ == "__main__":
    given = [float(word) for word in sys.argv[1:]]
    sys.exit(bool(main(int(given[0]) if given else STUDENTS, *(given[1:] or [SECONDS]))))
