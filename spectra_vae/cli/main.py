"""The command line: ``spectra-vae restore``, ``train``, ``serve`` and the others."""

from __future__ import annotations

import argparse
import io
import json
import sys
from collections.abc import Callable, Sequence

from ..runs.report import report
from ..text.message import Message, SpectraVaeError
from . import compare, restore, train


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; 0 when all went well, 1 with a sentence on standard error when not."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal without cm⁻¹ still gets the rest
    arguments = _parser().parse_args(argv)
    command: Callable[[argparse.Namespace], int] = arguments.command
    try:
        code = command(arguments)
        sys.stdout.flush()  # here, where a full disk can still be said
        return code
    except SpectraVaeError as wrong:
        print(wrong, file=sys.stderr)
        return 1
    except BrokenPipeError:
        return 1
    except OSError as wrong:
        print(Message("error.system", {"why": wrong.strerror or str(wrong)}), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="spectra-vae", description="A virtual Raman spectrometer."
    )
    commands = parser.add_subparsers(metavar="COMMAND", required=True)

    for one in (restore, compare, train):
        one.add(commands)

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


def _worker(arguments: argparse.Namespace) -> int:
    from ..jobs.queue import AT_ONCE_LIMIT, jobs_at_once, open_queue

    jobs = arguments.jobs
    if jobs is not None and not 1 <= jobs <= AT_ONCE_LIMIT:
        raise SpectraVaeError("error.slots", value=jobs)
    if not open_queue().work(jobs or jobs_at_once()):
        raise SpectraVaeError("error.worker_there")
    return 0


def _serve(arguments: argparse.Namespace) -> int:
    del arguments
    from ..ui.app import create_app
    from ..ui.serve import serve

    return serve(create_app().server)


def _evaluate(arguments: argparse.Namespace) -> int:
    from ..runs.evaluate import evaluate
    from ..spectrometer import load

    metrics = evaluate(load(arguments.model))
    print(json.dumps(metrics, allow_nan=False) if arguments.json else report(metrics))
    return 0


def _generate(arguments: argparse.Namespace) -> int:
    from ..spectrometer import load

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
    from ..storage.models import cards

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
