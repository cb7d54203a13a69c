"""``spectra-vae compare A B``: is the mineral in the same state in two files?"""

from __future__ import annotations

import argparse
import json
import sys
from typing import TYPE_CHECKING

from ..text.failure import unexpected
from ..text.message import SpectraVaeError
from .numbers import shown

if TYPE_CHECKING:
    from ..measure.compare import Comparison
    from ..measure.report.restoration import Restoration
    from ..spectrometer import VirtualSpectrometer


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Make the command known."""
    parser = commands.add_parser("compare", help="is it the same state of the mineral in two files")
    parser.add_argument("a", metavar="A")
    parser.add_argument("b", metavar="B")
    parser.add_argument(
        "--model",
        help="shipped name, run or folder; none: the one that bridges instruments, or, with"
        " --resolution, the one of one instrument",
    )
    parser.add_argument(
        "--resolution",
        nargs=2,
        type=float,
        metavar=("R_A", "R_B"),
        default=(None, None),
        help="of the two instruments, cm⁻¹",
    )
    parser.add_argument("--json", action="store_true", help="one JSON object")
    parser.set_defaults(command=run)


def run(arguments: argparse.Namespace) -> int:
    """Restore both, compare them; a file that can't be is named, with the reason."""
    from ..minerals import DEFAULT
    from ..spectrometer import load

    told = any(r is not None for r in arguments.resolution)  # a bridge needs none and reads none
    vs = load(arguments.model or (DEFAULT if told else f"{DEFAULT}-bridge"))
    both = zip((arguments.a, arguments.b), arguments.resolution, strict=True)
    a, b = (_restored(vs, file, resolution, arguments.json) for file, resolution in both)
    if a is None or b is None:
        return 1
    comparison = vs.compare(a, b)
    if arguments.json:
        print(json.dumps(comparison.to_dict(), allow_nan=False))
    else:
        print(report(comparison))
    return 0


def _restored(
    vs: VirtualSpectrometer, file: str, resolution: float | None, as_json: bool
) -> Restoration | None:
    """One at a time: of two that are restored together, none could be named as the bad one."""
    from ..readers import read_spectrum

    try:
        return vs.restore(read_spectrum(file), resolution=resolution)
    except SpectraVaeError as known:
        wrong = known
    except Exception as fault:
        wrong = unexpected(file, fault)
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
        lines.append(f"  {name:14} {shown(name, one.a):28} {shown(name, one.b):28} {apart}")
    return "\n".join([*lines, *(f"  {check}" for check in c.checks[1:])])
