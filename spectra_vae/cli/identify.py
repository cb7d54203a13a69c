"""``spectra-vae identify FILE…``: what measured files are, and how much of each."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from ..text.failure import unexpected
from ..text.message import SpectraVaeError
from .folder import make_folder

if TYPE_CHECKING:
    from ..identification.result import Identification

MOST_CANDIDATES = 3


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Make the command known."""
    parser = commands.add_parser("identify", help="which minerals are in measured files")
    parser.add_argument("files", nargs="+", metavar="FILE")
    parser.add_argument(
        "--mineral", action="append", metavar="NAME", help="choose from these; none: the library"
    )
    parser.add_argument("--json", action="store_true", help="one JSON object a file and line")
    parser.add_argument("--out", type=Path, metavar="DIR", help="write FILE.identified.csv there")
    parser.add_argument("--resolution", type=float, metavar="R", help="of the instrument, cm⁻¹")
    parser.add_argument("--column", metavar="C", help="the intensity, by its name or number")
    parser.set_defaults(command=run)


def run(arguments: argparse.Namespace) -> int:
    """Each file on its own: one that can't be read gets its sentence and the others go on."""
    from ..minerals import mineral

    for name in arguments.mineral or ():
        mineral(name)  # refused before any file is read
    if arguments.out is not None:
        make_folder(arguments.out)
    failed = False
    for file in arguments.files:
        try:
            told = _told(file, _identified(file, arguments), arguments.json)
        except SpectraVaeError as known:
            wrong = known
        except Exception as fault:  # one bad file must not stop the others
            wrong = unexpected(file, fault)
        else:
            print(told, flush=True)
            continue
        failed = True
        if arguments.json:
            print(json.dumps({"file": file, "error": str(wrong)}), flush=True)
        else:
            print(f"{file}: {wrong}", file=sys.stderr)
    return int(failed)


def _identified(file: str, arguments: argparse.Namespace) -> Identification:
    from ..identification.identify import identify
    from ..readers import read_spectrum

    spectrum = read_spectrum(file, column=arguments.column)
    found = identify(spectrum, arguments.mineral, arguments.resolution)
    if arguments.out is not None:
        try:
            target = arguments.out / f"{Path(file).name}.identified.csv"
            target.write_text(found.to_csv(), encoding="utf-8")
        except OSError:
            raise SpectraVaeError("error.folder", name=str(arguments.out)[:80]) from None
    return found


def _told(file: str, found: Identification, as_json: bool) -> str:
    if as_json:
        return json.dumps({"file": file, **found.to_dict()}, allow_nan=False)
    return report(file, found)


def report(file: str, found: Identification) -> str:
    """The verdict, a line a phase with its fraction, what was near, what to hold against it."""
    lines = [f"{file}: {found.sentence}"]
    for phase in found.phases:
        area = _share(phase.fraction, phase.low, phase.high)
        mass = f"  of mass {_share(**asdict(phase.mass))}" if phase.mass else ""
        lines.append(f"  {phase.mineral:20} {area:22} {phase.shift:+.1f} cm⁻¹{mass}")
    lines += [f"  {limit.mineral:20} below {100 * limit.below:.1f} %" for limit in found.limits]
    if not found.phases:
        for band in found.bands:
            lines.append(f"  {band.position:8.1f} cm⁻¹  height {band.height:.4g}")
    for match in found.candidates[:MOST_CANDIDATES]:
        lines.append(f"  {match.mineral:20} {match.score:+.1f}  {match.why}")
    return "\n".join([*lines, *(f"  {check}" for check in found.checks)])


def _share(value: float, low: float, high: float) -> str:
    return f"{100 * value:.0f} %  ({100 * low:.0f} to {100 * high:.0f})"
