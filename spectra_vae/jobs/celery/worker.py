"""A worker of the cluster: takes turns, watches its jobs, and takes over what dead workers left."""

from __future__ import annotations

import contextlib
import subprocess
import threading
import time

from celery import Celery, signals

from ...storage.process import alive, kill_session
from ..attempt import Attempt
from ..record import Job
from . import log
from .app import TURN
from .beats import BEAT_SECONDS, Watch, dead_here, this_worker
from .shared import SharedRecords, patiently
from .shelf import AwayError

LOOK_SECONDS = 0.1


class Worker:
    """What a worker does in its turns, and between them."""

    def __init__(self, queue: SharedRecords, at_once: int) -> None:
        self.queue = queue
        self.at_once = at_once
        self.name = this_worker()
        self.stopping = threading.Event()
        self.in_hand: set[str] = set()
        self._watch = Watch(self.name)

    # ---- a turn

    def turn(self) -> None:
        """Claim the first job that waits, if one does, and see it to its end."""
        if self.stopping.is_set() or (job := self.queue.claim(self.name)) is None:
            return
        self.in_hand.add(job.id)
        try:
            attempt = Attempt.start(self.queue, job)
            if attempt is not None:
                log.tell("started", job=job.id, kind=job.kind, attempt=job.attempts)
                self._see_through(attempt)
        finally:
            self.in_hand.discard(job.id)

    def _see_through(self, attempt: Attempt) -> None:
        job, pid = attempt.job, attempt.process.pid
        with contextlib.suppress(AwayError):
            self.queue.started(job.id, pid, self.name)
        while not attempt.over:
            if self.stopping.is_set():
                self._hand_back(attempt)
                return
            with contextlib.suppress(AwayError):  # the work goes on without Redis
                attempt.obey()
            with contextlib.suppress(subprocess.TimeoutExpired):
                attempt.process.wait(LOOK_SECONDS)
        patiently(attempt.settle)
        self._say_end(job)

    def _hand_back(self, attempt: Attempt) -> None:
        attempt.kill()
        self.queue.hand_back(attempt.job.id, self.name)
        log.tell("handed back", job=attempt.job.id, kind=attempt.job.kind)

    def _say_end(self, job: Job) -> None:
        with contextlib.suppress(AwayError):
            ended = self.queue.get(job.id) or job
            log.tell(ended.state, job=job.id, kind=job.kind, why=str(ended.why or ""))

    # ---- between turns

    def rounds(self) -> None:
        """Give signs of life and look after the others', until the process ends."""
        while True:
            try:
                self.round()
            except AwayError:
                self._watch.forget()
            time.sleep(BEAT_SECONDS)

    def round(self) -> None:
        """One sign of life; what a dead worker left waits again; whoever waits has a turn."""
        self.queue.beats.give(self.name)
        beats, running = self.queue.beats.heard(), self.queue.running()
        left = self._watch.left(running, beats, self.in_hand.copy(), time.monotonic())
        for job in running:
            if (job.id, job.holder) in left and dead_here(job.holder) and alive(job.pid, job.born):
                kill_session(job.pid, job.born)
        if left:
            self.queue.take_over(lambda job: (job.id, job.holder) in left)
            log.tell("taken over", jobs=sorted(job for job, _ in left))
        room = self.at_once - len(self.in_hand)
        if room > 0 and self.queue.waiting() and not self.queue.turns.offered():
            self.queue.turns.offer()  # its message was lost, with a Redis or a worker

    def stop(self, **_: object) -> None:
        """Jobs in hand are handed back, and no more are claimed."""
        self.stopping.set()


def run(queue: SharedRecords, at_once: int) -> None:
    """Be a Celery worker until interrupted."""
    worker = Worker(queue, at_once)
    app: Celery = queue.turns.app
    app.task(worker.turn, name=TURN)
    signals.setup_logging.connect(log.configure, weak=False)
    signals.worker_shutting_down.connect(worker.stop, weak=False)
    threading.Thread(target=worker.rounds, daemon=True).start()
    celery = app.Worker(
        pool="threads",  # a turn only watches; the work is in a process of its own
        concurrency=at_once,
        without_gossip=True,
        without_mingle=True,
        without_heartbeat=True,
        quiet=True,
    )
    try:
        celery.start()
    finally:
        with contextlib.suppress(AwayError):
            queue.beats.end(worker.name)
