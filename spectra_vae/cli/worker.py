"""``spectra-vae worker``: what runs the queued jobs."""

from __future__ import annotations

import argparse

from ..text.message import SpectraVaeError


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Make the command known."""
    parser = commands.add_parser("worker", help="run queued jobs until interrupted")
    parser.add_argument("--jobs", type=int, metavar="N", help="how many at once (1)")
    parser.set_defaults(command=run)


def run(arguments: argparse.Namespace) -> int:
    """Work until interrupted."""
    from ..jobs.backends import open_queue
    from ..jobs.queue import AT_ONCE_LIMIT, jobs_at_once, niceness

    jobs = arguments.jobs
    if jobs is not None and not 1 <= jobs <= AT_ONCE_LIMIT:
        raise SpectraVaeError("error.slots", value=jobs)
    niceness()  # is refused here, not in every job
    if not open_queue().work(jobs or jobs_at_once()):
        raise SpectraVaeError("error.worker_there")
    return 0
