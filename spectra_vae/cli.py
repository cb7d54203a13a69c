"""The command line: ``spectra-vae restore``, ``train``, ``serve`` and the others."""

from __future__ import annotations

import argparse
import io
import json
import shlex
import shutil
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .commands import compare
from .message import SpectraVaeError
from .report_text import report

if TYPE_CHECKING:
    from .jobs.queue import Queue
    from .measure.restore import Restoration

MODEL_FILES = ("model.json", "model.safetensors")


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; 0 when all went well, 1 with a sentence on standard error when not."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal without cm⁻¹ still gets the rest
    arguments = _parser().parse_args(argv)
    command: Callable[[argparse.Namespace], int] = arguments.command
    try:
        return command(arguments)
    except SpectraVaeError as wrong:
        print(wrong, file=sys.stderr)
        return 1
    except BrokenPipeError:
        return 1
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="spectra-vae", description="A virtual Raman spectrometer."
    )
    commands = parser.add_subparsers(metavar="COMMAND", required=True)

    restore = commands.add_parser("restore", help="the mineral's spectrum out of measured files")
    restore.add_argument("files", nargs="+", metavar="FILE")
    restore.add_argument("--model", default="gypsum", help="shipped name, run or folder (gypsum)")
    restore.add_argument("--json", action="store_true", help="one JSON object a file and line")
    restore.add_argument("--out", type=Path, metavar="DIR", help="write FILE.restored.csv there")
    restore.add_argument("--table", type=Path, metavar="FILE", help="write all files to one CSV")
    restore.add_argument("--resolution", type=float, metavar="R", help="of the instrument, cm⁻¹")
    restore.add_argument("--column", metavar="C", help="the intensity, by its name or number")
    restore.set_defaults(command=_restore)

    compare.add(commands)

    train = commands.add_parser("train", help="train a model from a recipe or a TOML/JSON file")
    train.add_argument(
        "recipe", nargs="?", default="gypsum", help="gypsum, gypsum-robust, … or a file"
    )
    train.add_argument("--out", type=Path, metavar="DIR", help="copy the model there, too")
    train.add_argument("--name", help="what the run is called")
    train.add_argument("--seed", type=int)
    train.add_argument("--steps", type=int)
    train.add_argument("--detach", action="store_true", help="queue it and print the run's id")
    train.set_defaults(command=_train)

    evaluate = commands.add_parser("evaluate", help="a model's numbers: KL, error, what knobs do")
    evaluate.add_argument("model")
    evaluate.add_argument("--json", action="store_true")
    evaluate.set_defaults(command=_evaluate)

    generate = commands.add_parser("generate", help="a spectrum from factors, as CSV")
    generate.add_argument("factors", nargs="*", metavar="NAME=VALUE", help="hydration=0 …")
    generate.add_argument("--model", default="gypsum")
    generate.set_defaults(command=_generate)

    serve = commands.add_parser("serve", help="the dashboard, at HOST and PORT")
    serve.set_defaults(command=_serve)

    worker = commands.add_parser("worker", help="run queued trainings until interrupted")
    worker.add_argument("--jobs", type=int, metavar="N", help="how many at once (1)")
    worker.set_defaults(command=_worker)

    models = commands.add_parser("models", help="the models there are")
    models.add_argument("--json", action="store_true")
    models.set_defaults(command=_models)
    return parser


def _restore(arguments: argparse.Namespace) -> int:
    from .measure.summary import Summary, table_csv
    from .readers import read_spectrum
    from .virtual import load

    resolution = arguments.resolution
    if resolution is not None and not 0 < resolution < 1000:
        raise SpectraVaeError("error.resolution", value=resolution)
    vs = load(arguments.model)
    if arguments.out is not None:
        _make_folder(arguments.out)
    rows: list[tuple[str, Summary | str]] = []
    written: set[Path] = set()
    for file in arguments.files:
        try:
            spectrum = read_spectrum(file, column=arguments.column)
            restoration = vs.restore(spectrum, resolution=resolution)
        except SpectraVaeError as wrong:
            rows.append((file, str(wrong)))
            _say_failure(file, wrong, arguments.json)
            continue
        rows.append((file, Summary.of(restoration)))
        if arguments.json:
            print(json.dumps({"file": file, **restoration.to_dict()}, allow_nan=False), flush=True)
        else:
            print(_report(file, restoration), flush=True)
        if arguments.out is not None:
            target = _unused(arguments.out, Path(file).name, written)
            target.write_text(restoration.to_csv(), encoding="utf-8")
    if arguments.table is not None:
        _write(arguments.table, table_csv(rows))
    return int(any(isinstance(told, str) for _, told in rows))


def _write(target: Path, text: str) -> None:
    try:
        target.write_text(text, encoding="utf-8")
    except OSError:
        raise SpectraVaeError("error.not_written", name=str(target)[:80]) from None


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        raise SpectraVaeError("error.folder", name=str(folder)[:80]) from None


def _unused(folder: Path, name: str, written: set[Path]) -> Path:
    """Where a file's restoration goes; two files of one name in a call keep both."""
    target, count = folder / f"{name}.restored.csv", 1
    while target in written:
        count += 1
        target = folder / f"{name}.restored-{count}.csv"
    written.add(target)
    return target


def _say_failure(file: str, wrong: SpectraVaeError, as_json: bool) -> None:
    """The sentence; where a column must be chosen, the choices and how to tell."""
    from .readers import ColumnsError

    columns = wrong.columns if isinstance(wrong, ColumnsError) else ()
    if as_json:
        more = {"columns": list(columns)} if columns else {}
        print(json.dumps({"file": file, "error": str(wrong), **more}), flush=True)
        return
    print(f"{file}: {wrong}", file=sys.stderr)
    if columns:
        print(f"  --column {shlex.quote(columns[0])}", file=sys.stderr)


def _report(file: str, r: Restoration) -> str:
    low, high = r.read["range"]
    lines = [f"{file}: {r.read['points']} points, {low:.0f} to {high:.0f} cm⁻¹"]
    for fix in r.read["fixes"]:
        lines.append(f"  {fix['text']}")
    for name, one in {**r.estimates, **r.quantities}.items():
        number = f"{one.value:.3g}  ({one.low:.3g} to {one.high:.3g})" if one.known else "unknown"
        lines.append(f"  {name:14} {number:28} {one.note}")
    verdict = "alien" if r.novelty.alien else "normal"
    lines.append(f"  {verdict}, novelty {r.novelty.score:.2f}: {' '.join(map(str, r.novelty.why))}")
    lines += [f"  {check}" for check in r.checks]
    return "\n".join(lines)


def _train(arguments: argparse.Namespace) -> int:
    """Queue a training as the page does, and follow it here."""
    from dataclasses import replace

    from .folders import checked_name, new_id
    from .jobs import worker
    from .jobs.queue import Queue
    from .jobs.record import Job
    from .recipes import recipe

    given = {
        k: getattr(arguments, k) for k in ("seed", "steps") if getattr(arguments, k) is not None
    }
    config = replace(recipe(arguments.recipe), **given)
    name = checked_name(arguments.name or Path(arguments.recipe).stem)
    if arguments.out is not None:
        _make_folder(arguments.out)
    queue, run = Queue(worker.jobs_folder()), new_id(name)
    ticket = {"run": run, "name": name, "config": config.to_dict()}
    queue.add([Job(run, name, "train", ticket)])
    worker.ensure()
    if arguments.detach:
        print(run)
        return 0
    try:
        return _follow(queue, run, arguments.out)
    except KeyboardInterrupt:
        queue.cancel(run)
        raise


def _follow(queue: Queue, run: str, out: Path | None) -> int:
    from .folders import run_folder
    from .jobs.follow import follow
    from .message import Message

    job = None
    for job, live in follow(queue, run):
        if job.state == "waiting":
            place = Message("job.waiting", {"name": job.name, "position": queue.position(run)})
            sys.stderr.write(f"\r{place}   ")
        elif live:
            _progress(live)
        sys.stderr.flush()
    sys.stderr.write("\n")
    if job is None or job.state != "finished":
        said = job.message if job else None
        why = Message(said["code"], said["params"]) if said else Message("job.ended")
        print(f"{run}: {why}", file=sys.stderr)
        return 1
    folder = run_folder(run)
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


def _worker(arguments: argparse.Namespace) -> int:
    from .jobs import worker

    jobs = arguments.jobs
    if jobs is not None and not 1 <= jobs <= 64:
        raise SpectraVaeError("error.slots", value=jobs)
    if not worker.run(jobs):
        raise SpectraVaeError("error.worker_there")
    return 0


def _serve(arguments: argparse.Namespace) -> int:
    del arguments
    from .ui.app import create_app
    from .ui.serve import serve

    return serve(create_app().server)


def _evaluate(arguments: argparse.Namespace) -> int:
    from .report import evaluate
    from .virtual import load

    metrics = evaluate(load(arguments.model))
    print(json.dumps(metrics, allow_nan=False) if arguments.json else report(metrics))
    return 0


def _generate(arguments: argparse.Namespace) -> int:
    from .virtual import load

    factors = {}
    for given in arguments.factors:
        name, _, value = given.partition("=")
        try:
            factors[name] = float(value)
        except ValueError:
            raise SpectraVaeError("error.factor_argument", given=given[:80]) from None
    spectrum = load(arguments.model).generate(**factors)
    print("wavenumber_cm-1,intensity")
    for x, y in zip(spectrum.wavenumber, spectrum.intensity, strict=True):
        print(f"{x:.6g},{y:.6g}")
    return 0


def _models(arguments: argparse.Namespace) -> int:
    from .catalogue import cards

    found = cards()
    if arguments.json:
        print(json.dumps(found))
        return 0
    for card in found:
        print(
            f"{card['id']:36} {card['supervision']:10} seed {card['seed']}, {card['steps']} steps"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
