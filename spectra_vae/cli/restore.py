"""``spectra-vae restore FILE…``: the mineral's spectrum out of measured files.

Without a model or a mineral, each file is identified first, and restored as what it is.
"""

from __future__ import annotations

import argparse
import json
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..spectra.given import check_resolution
from ..text.failure import unexpected
from ..text.message import SpectraVaeError
from .chosen import add_choice, model_of
from .folder import make_folder
from .identify import report as identified
from .numbers import shown

if TYPE_CHECKING:
    from ..identification.result import Identification
    from ..measure.report.summary import Summary
    from ..measure.restore import Restoration
    from ..spectra.spectrum import Spectrum
    from ..spectrometer import VirtualSpectrometer


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
    from ..measure.report.summary import Summary, table_csv
    from ..readers import read_spectrum
    from ..spectrometer import load

    resolution = arguments.resolution
    check_resolution(resolution)
    chosen = arguments.model or arguments.mineral
    vs = load(model_of(arguments)) if chosen else None
    if arguments.out is not None:
        make_folder(arguments.out)
    rows: list[tuple[str, Summary | str]] = []
    written: set[Path] = set()
    failed = False
    for file in arguments.files:
        try:
            spectrum = read_spectrum(file, column=arguments.column)
            restored, found = _restored(spectrum, vs, resolution)
            row = Summary.of(restored) if restored else str(found.sentence) if found else ""
            told = _told(file, restored, found, arguments.json)
            if arguments.out is not None:
                target = _unused(arguments.out, Path(file).name, written)
                _write(target, _csv(restored, found), "error.folder", arguments.out)
        except SpectraVaeError as known:
            wrong = known
        except Exception as fault:  # one bad file must not stop the others
            wrong = unexpected(file, fault)
        else:
            rows.append((file, row))
            print(told, flush=True)
            continue
        failed = True
        rows.append((file, str(wrong)))
        _say_failure(file, wrong, arguments.json)
    if arguments.table is not None:
        _write(arguments.table, table_csv(rows), "error.not_written", arguments.table)
    return int(failed)


def _restored(
    spectrum: Spectrum, vs: VirtualSpectrometer | None, resolution: float | None
) -> tuple[Restoration | None, Identification | None]:
    """Through the model that was asked for; else as what the file is identified as, if it is."""
    from ..identification.identify import identify

    if vs is not None:
        return vs.restore(spectrum, resolution=resolution), None
    found = identify(spectrum, resolution=resolution)
    return (found.phases[0].restoration if found.phases else None), found


def _csv(restored: Restoration | None, found: Identification | None) -> str:
    """One phase's restoration; of several phases, and of none, all curves side by side."""
    several = found is not None and len(found.phases) != 1
    if restored is None or several:
        assert found is not None  # one of both there always is
        return found.to_csv()
    return restored.to_csv()


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


def _told(
    file: str, restored: Restoration | None, found: Identification | None, as_json: bool
) -> str:
    """The strongest phase's restoration, with what else is in the file."""
    if as_json:
        content = restored.to_dict() if restored else {}
        more = found.to_dict() if found else {}
        if restored and found:
            more = {"identification": more, "restorations": _others(found)}
        return json.dumps({"file": file, **content, **more}, allow_nan=False)
    if found is None:
        return _report(file, restored) if restored else file
    parts = [_report(f"{file}, {p.mineral}", p.restoration) for p in found.phases]
    return "\n".join([identified(file, found), *parts])


def _others(found: Identification) -> dict[str, Any]:
    """The restorations of the phases behind the strongest one, by mineral."""
    return {p.mineral: p.restoration.to_dict() for p in found.phases[1:]}


def _report(file: str, r: Restoration) -> str:
    low, high = r.read["range"]
    lines = [f"{file}: {r.read['points']} points, {low:.0f} to {high:.0f} cm⁻¹", f"  {r.sentence}"]
    for fix in r.read["fixes"]:
        lines.append(f"  {fix['text']}")
    for name, one in {**r.estimates, **r.quantities}.items():
        lines.append(f"  {name:14} {shown(name, one):38} {one.note}")
    why = " ".join(map(str, r.novelty.why))
    lines.append(f"  {r.novelty.verdict}, novelty {r.novelty.score:.2f}: {why}")
    lines += [f"  {check}" for check in r.checks]
    return "\n".join(lines)
