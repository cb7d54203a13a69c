"""``spectra-vae restore FILE…``: the mineral's spectrum out of measured files."""

from __future__ import annotations

import argparse
import json
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from ..text.failure import unexpected
from ..text.message import SpectraVaeError
from .chosen import add_choice, model_of
from .folder import make_folder
from .numbers import shown

if TYPE_CHECKING:
    from ..measure.report.summary import Summary
    from ..measure.restore import Restoration


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Make the command known."""
    parser = commands.add_parser("restore", help="the mineral's spectrum out of measured files")
    parser.add_argument("files", nargs="+", metavar="FILE")
    add_choice(parser)
    parser.add_argument("--json", action="store_true", help="one JSON object a file and line")
    parser.add_argument("--out", type=Path, metavar="DIR", help="write FILE.restored.csv there")
    parser.add_argument("--table", type=Path, metavar="FILE", help="write all files to one CSV")
    parser.add_argument("--resolution", type=float, metavar="R", help="of the instrument, cm⁻¹")
    parser.add_argument("--column", metavar="C", help="the intensity, by its name or number")
    parser.set_defaults(command=run)


def run(arguments: argparse.Namespace) -> int:
    """Each file on its own: one that can't be read gets its sentence and the others go on."""
    from ..measure.detection.preparation import is_resolution
    from ..measure.report.summary import Summary, table_csv
    from ..readers import read_spectrum
    from ..spectrometer import load

    resolution = arguments.resolution
    if resolution is not None and not is_resolution(resolution):
        raise SpectraVaeError("error.resolution", value=resolution)
    vs = load(model_of(arguments))
    if arguments.out is not None:
        make_folder(arguments.out)
    rows: list[tuple[str, Summary | str]] = []
    written: set[Path] = set()
    for file in arguments.files:
        try:
            spectrum = read_spectrum(file, column=arguments.column)
            restoration = vs.restore(spectrum, resolution=resolution)
            row, told = Summary.of(restoration), _told(file, restoration, arguments.json)
            if arguments.out is not None:
                target = _unused(arguments.out, Path(file).name, written)
                _write(target, restoration.to_csv(), "error.folder", arguments.out)
        except SpectraVaeError as known:
            wrong = known
        except Exception as fault:  # one bad file must not stop the others
            wrong = unexpected(file, fault)
        else:
            rows.append((file, row))
            print(told, flush=True)
            continue
        rows.append((file, str(wrong)))
        _say_failure(file, wrong, arguments.json)
    if arguments.table is not None:
        _write(arguments.table, table_csv(rows), "error.not_written", arguments.table)
    return int(any(isinstance(told, str) for _, told in rows))


def _write(target: Path, text: str, refusal: str, named: Path) -> None:
    """Write ``text``, or raise the code ``refusal`` with what was ``named`` for it."""
    try:
        target.write_text(text, encoding="utf-8")
    except OSError:
        raise SpectraVaeError(refusal, name=str(named)[:80]) from None


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
    from ..readers import ColumnsError

    columns = wrong.columns if isinstance(wrong, ColumnsError) else ()
    if as_json:
        more = {"columns": list(columns)} if columns else {}
        print(json.dumps({"file": file, "error": str(wrong), **more}), flush=True)
        return
    print(f"{file}: {wrong}", file=sys.stderr)
    if columns:
        print(f"  --column {shlex.quote(columns[0])}", file=sys.stderr)


def _told(file: str, r: Restoration, as_json: bool) -> str:
    if as_json:
        return json.dumps({"file": file, **r.to_dict()}, allow_nan=False)
    return _report(file, r)


def _report(file: str, r: Restoration) -> str:
    low, high = r.read["range"]
    lines = [f"{file}: {r.read['points']} points, {low:.0f} to {high:.0f} cm⁻¹"]
    for fix in r.read["fixes"]:
        lines.append(f"  {fix['text']}")
    for name, one in {**r.estimates, **r.quantities}.items():
        lines.append(f"  {name:14} {shown(name, one):38} {one.note}")
    why = " ".join(map(str, r.novelty.why))
    lines.append(f"  {r.novelty.verdict}, novelty {r.novelty.score:.2f}: {why}")
    lines += [f"  {check}" for check in r.checks]
    return "\n".join(lines)
