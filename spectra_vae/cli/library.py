"""``spectra-vae library``: many minerals of one's own at once."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from ..text.message import Message

if TYPE_CHECKING:
    from ..library.importing import Imported, Step


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Make the command and what it does known."""
    parser = commands.add_parser("library", help="minerals from a folder or a zip of spectra")
    kinds = parser.add_subparsers(metavar="import", required=True)
    one = kinds.add_parser(
        "import", help="a table for each mineral; run again, it goes on where it was stopped"
    )
    one.add_argument("source", type=Path, metavar="FOLDER|ZIP")
    one.add_argument("--resolution", type=float, help="FWHM of the instrument, cm⁻¹")
    one.add_argument("--replace", action="store_true", help="your minerals of the same names")
    one.add_argument("--json", action="store_true", help="one JSON object")
    one.set_defaults(command=import_all)


def import_all(arguments: argparse.Namespace) -> int:
    """Import, saying how far it is; 1 when a file was refused."""
    from ..library.importing import import_library

    found = import_library(arguments.source, _say_progress, arguments.resolution, arguments.replace)
    if arguments.json:
        print(json.dumps(found.to_dict(), ensure_ascii=False))
    else:
        print("\n".join(_report(found)))
    return int(bool(found.refused))


def _say_progress(step: Step) -> None:
    print(f"{step.done}/{step.total} {step.name}", file=sys.stderr, flush=True)


def _report(found: Imported) -> list[str]:
    from ..minerals import mineral

    lines = [
        str(Message("import.added", {"name": name, "count": len(mineral(name).bands)}))
        for name in found.added
    ]
    lines += [str(Message("import.known", {"name": name})) for name in found.known]
    lines += [f"{one.file}: {one.why}" for one in (*found.left_out, *found.refused)]
    lines += [str(Message("import.instead", {"name": name})) for name in found.instead]
    lists = {key: len(getattr(found, key)) for key in ("added", "known", "refused", "left_out")}
    return [*lines, str(Message("import.count", lists))]
