"""``spectra-vae train``: queue a training as the page does, and follow it here."""

from __future__ import annotations

import argparse
import json
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..runs.report import report
from .folder import make_folder

if TYPE_CHECKING:
    from ..jobs.queue import Queue

MODEL_FILES = ("model.json", "model.safetensors")


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Make the command known."""
    parser = commands.add_parser("train", help="train a model from a recipe or a TOML/JSON file")
    parser.add_argument(
        "recipe", nargs="?", help="a recipe, MINERAL or MINERAL-KIND, as in NAME-robust, or a file"
    )
    parser.add_argument("--out", type=Path, metavar="DIR", help="copy the model there, too")
    parser.add_argument("--name", help="what the run is called")
    parser.add_argument("--seed", type=int)
    parser.add_argument("--steps", type=int)
    parser.add_argument(
        "--vary",
        metavar="FACTORS",
        help="the factors that vary, with a range or without: intensity,crystallinity=0.2:1",
    )
    parser.add_argument("--detach", action="store_true", help="queue it and print the run's id")
    parser.set_defaults(command=run)


def run(arguments: argparse.Namespace) -> int:
    """Queue a training as the page does, and follow it here."""
    from dataclasses import replace

    from ..jobs.backends import open_queue
    from ..jobs.tasks.train import training
    from ..minerals import DEFAULT
    from ..recipes import recipe
    from ..storage.runs import checked_name, new_id
    from ..vae.ranges import read

    given: dict[str, Any] = {
        k: getattr(arguments, k) for k in ("seed", "steps") if getattr(arguments, k) is not None
    }
    asked = arguments.recipe or DEFAULT
    base = recipe(asked)
    if arguments.vary is not None:
        given["vary"] = read(base.substance, arguments.vary)
    config = replace(base, **given)
    name = checked_name(arguments.name or Path(asked).stem)
    if arguments.out is not None:
        make_folder(arguments.out)
    queue, run = open_queue(), new_id(name)
    queue.add([training(run, name, config)])
    queue.ensure_worker()
    if arguments.detach:
        print(run)
        return 0
    try:
        return _follow(queue, run, arguments.out)
    except KeyboardInterrupt:
        queue.cancel(run)
        raise


def _follow(queue: Queue, run: str, out: Path | None) -> int:
    from ..jobs.follow import follow
    from ..jobs.standing import standing
    from ..storage.runs import read_live, run_folder
    from ..text.message import Message

    job, folder = None, run_folder(run)
    for job, _ in follow(queue, run):
        if job.state == "waiting":
            sys.stderr.write(f"\r{standing(job, queue)}   ")
        elif live := read_live(folder):
            _progress(live)
        sys.stderr.flush()
    sys.stderr.write("\n")
    if job is None or job.state != "finished":
        why = (job and job.why) or Message("job.ended")
        print(f"{run}: {why}", file=sys.stderr)
        return 1
    if out is not None:
        for file in ("config.json", "history.jsonl", "metrics.json", *MODEL_FILES):
            shutil.copy(folder / file, out / file)
        folder = out
    print(folder, flush=True)
    print(report(json.loads((folder / "metrics.json").read_text(encoding="utf-8"))))
    return 0


def _progress(live: Mapping[str, Any]) -> None:
    left = live["seconds"] / live["step"] * (live["steps"] - live["step"])
    kl = " ".join(f"{k:.2f}" for k in live["kl"])
    sys.stderr.write(
        f"\rstep {live['step']}/{live['steps']}  loss {live['loss']:.1f}  KL {kl}"
        f"  {left:.0f} s left   "
    )
