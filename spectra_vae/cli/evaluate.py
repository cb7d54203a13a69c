"""``spectra-vae evaluate``: a model's numbers."""

from __future__ import annotations

import argparse
import json

from ..runs.report import report


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Make the command known."""
    parser = commands.add_parser("evaluate", help="a model's numbers: KL, error, what knobs do")
    parser.add_argument("model")
    parser.add_argument("--json", action="store_true")
    parser.set_defaults(command=run)


def run(arguments: argparse.Namespace) -> int:
    """Print the numbers of a model, in lines or as JSON."""
    from ..runs.evaluate import evaluate
    from ..spectrometer import load

    metrics = evaluate(load(arguments.model))
    print(json.dumps(metrics, allow_nan=False) if arguments.json else report(metrics))
    return 0
