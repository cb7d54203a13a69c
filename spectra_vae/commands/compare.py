"""``spectra-vae compare A B``: is the mineral in the same state in two files?"""

from __future__ import annotations

import argparse
import json
import sys
from typing import TYPE_CHECKING

from ..message import SpectraVaeError

if TYPE_CHECKING:
    from ..measure.compare import Comparison
    from ..measure.estimates import Estimate
    from ..spectrum import Spectrum


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Make the command known."""
    parser = commands.add_parser("compare", help="is it the same state of the mineral in two files")
    parser.add_argument("a", metavar="A")
    parser.add_argument("b", metavar="B")
    parser.add_argument("--model", default="gypsum-bridge", help="shipped name, run or folder")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    parser.set_defaults(command=run)


def run(arguments: argparse.Namespace) -> int:
    """Read both, compare them; a file that can't be read is named, with the reason."""
    from ..virtual import load

    vs = load(arguments.model)
    a, b = _read(arguments.a, arguments.json), _read(arguments.b, arguments.json)
    if a is None or b is None:
        return 1
    comparison = vs.compare(a, b)
    if arguments.json:
        print(json.dumps(comparison.to_dict(), allow_nan=False))
    else:
        print(report(comparison))
    return 0


def _read(file: str, as_json: bool) -> Spectrum | None:
    from ..readers import read_spectrum

    try:
        return read_spectrum(file)
    except SpectraVaeError as wrong:
        if as_json:
            print(json.dumps({"file": file, "error": str(wrong)}))
        else:
            print(f"{file}: {wrong}", file=sys.stderr)
        return None


def report(c: Comparison) -> str:
    """The verdict, a line a factor, and what to hold against it."""
    lines = [str(c.checks[0])]
    lines.append(f"  {'':14} {c.a.name[:28]:28} {c.b.name[:28]:28} apart")
    for name, one in c.factors.items():
        apart = "unknown" if one.sigmas is None else f"{one.sigmas:+.2f} σ"
        lines.append(f"  {name:14} {_shown(one.a):28} {_shown(one.b):28} {apart}")
    return "\n".join([*lines, *(f"  {check}" for check in c.checks[1:])])


def _shown(one: Estimate) -> str:
    return f"{one.value:.3g}  ({one.low:.3g} to {one.high:.3g})" if one.known else "unknown"
