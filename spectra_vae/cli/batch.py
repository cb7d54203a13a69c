"""``spectra-vae batch FILE… --table FILE``: many files restored by the queue's workers."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from ..text.message import Message, SpectraVaeError
from .chosen import add_choice, model_of


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Make the command known."""
    parser = commands.add_parser("batch", help="many files restored by the queue's workers")
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help="or folders of them")
    add_choice(parser)
    parser.add_argument("--table", type=Path, required=True, metavar="FILE", help="CSV to write")
    parser.add_argument("--resolution", type=float, metavar="R", help="of the instrument, cm⁻¹")
    parser.add_argument("--name", default="batch", help="as the queue lists it")
    parser.set_defaults(command=run)


def run(arguments: argparse.Namespace) -> int:
    """Cut the files into pieces, queue them as one group, and gather what came out."""
    from ..jobs.backends import open_queue
    from ..jobs.pieces import cut
    from ..jobs.tasks.restore import check, restoring
    from ..storage.runs import new_id

    files, model = _files(arguments.files), model_of(arguments)
    queue, group = open_queue(), new_id(arguments.name)
    jobs = [
        check(restoring(f"{group}-{k}", arguments.name, piece, model, arguments.resolution, group))
        for k, piece in enumerate(cut(files), 1)
    ]
    queue.add(jobs)
    try:
        return _gather([job.id for job in jobs], len(files), arguments.table)
    except KeyboardInterrupt:
        for job in jobs:
            queue.cancel(job.id)
        raise


def _files(given: Sequence[Path]) -> list[str]:
    """Whole paths, a folder's files in order: workers stand elsewhere."""
    found = [
        str(file.resolve())
        for one in given
        for file in (sorted(f for f in one.iterdir() if f.is_file()) if one.is_dir() else [one])
    ]
    if not found:
        raise SpectraVaeError("error.batch_empty")
    return list(dict.fromkeys(found))


def _gather(jobs: Sequence[str], total: int, table: Path) -> int:
    from ..jobs.backends import open_queue
    from ..jobs.pieces import watch
    from ..jobs.standing import standing
    from ..jobs.tasks.restore import rows
    from ..measure.report.summary import table_csv

    queue = open_queue()
    for done in watch(queue, jobs):
        sys.stderr.write(f"\r{Message('job.counted', {'done': done, 'total': total})}   ")
        sys.stderr.flush()
    sys.stderr.write("\n")
    found = [row for job in jobs for row in rows(job)]
    table.write_text(table_csv(found), encoding="utf-8")
    unfinished = [job for name in jobs if (job := queue.get(name)) and job.state != "finished"]
    for job in unfinished:
        print(f"{job.id}: {job.why or standing(job, queue)}", file=sys.stderr)
    return int(bool(unfinished) or any(isinstance(told, str) for _, told in found))
