"""``spectra-vae mineral``: the library of minerals, and a table of one's own from spectra."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..text.message import Message, SpectraVaeError

if TYPE_CHECKING:
    from ..library.draft import Draft
    from ..minerals import Mineral


KINDS = ("list", "show", "fit", "add", "export", "rename", "remove", "encoder")


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Make the command and what it does known."""
    parser = commands.add_parser("mineral", help="the minerals there are, and one of your own")
    kinds = parser.add_subparsers(metavar="|".join(KINDS), required=True)
    _add_list(kinds)
    _add_show(kinds)
    _add_fit(kinds)
    _add_keeping(kinds)


def _add_list(kinds: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = kinds.add_parser("list", help="all minerals, or those that are looked for")
    parser.add_argument(
        "sought", nargs="*", help='name, formula, family, hydrate, or a band: "1008 ± 3"'
    )
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    parser.set_defaults(command=list_minerals)


def _add_show(kinds: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = kinds.add_parser("show", help="a mineral's bands and where they are from")
    parser.add_argument("name", metavar="NAME")
    parser.add_argument("--json", action="store_true", help="the whole table as JSON")
    parser.set_defaults(command=show)


def _add_fit(kinds: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = kinds.add_parser(
        "fit", help="a mineral of your own from spectra of the pure substance"
    )
    parser.add_argument("files", nargs="+", metavar="FILE")
    parser.add_argument("--name", required=True, help="what the mineral will be called")
    parser.add_argument("--resolution", type=float, help="FWHM of the instrument, cm⁻¹")
    parser.add_argument("--replace", action="store_true", help="your mineral of that name")
    parser.add_argument("--dry-run", action="store_true", help="show the table, keep nothing")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    parser.set_defaults(command=fit)


def _add_keeping(kinds: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    parser = kinds.add_parser("add", help="take a mineral's table into your own")
    parser.add_argument("file", type=Path, metavar="FILE.toml")
    parser.add_argument("--replace", action="store_true", help="your mineral of that name")
    parser.set_defaults(command=add_table)
    parser = kinds.add_parser("export", help="a mineral's table as TOML")
    parser.add_argument("name", metavar="NAME")
    parser.add_argument("--out", type=Path, metavar="FILE", help="instead of printing it")
    parser.set_defaults(command=export)
    parser = kinds.add_parser("rename", help="call a mineral of yours otherwise")
    parser.add_argument("name", metavar="NAME")
    parser.add_argument("new", metavar="NEW")
    parser.set_defaults(command=rename)
    parser = kinds.add_parser("remove", help="take a mineral of yours away, for 30 days undoably")
    parser.add_argument("name", metavar="NAME")
    parser.add_argument("--undo", action="store_true", help="bring it back")
    parser.set_defaults(command=remove)
    parser = kinds.add_parser("encoder", help="train a mineral's encoder and intervals: a minute")
    parser.add_argument("name", metavar="NAME")
    parser.set_defaults(command=train_encoder)


def list_minerals(arguments: argparse.Namespace) -> int:
    """Print the minerals that fit, a line each, best first."""
    from ..library.search import search
    from ..minerals import mineral

    for m in map(mineral, search(" ".join(arguments.sought))):
        print(json.dumps(_summary(m), ensure_ascii=False) if arguments.json else _line(m))
    return 0


def show(arguments: argparse.Namespace) -> int:
    """Print a mineral's bands, a line each, and whose table it is."""
    from ..minerals import mineral, to_table

    m = mineral(arguments.name)
    if arguments.json:
        print(json.dumps({**to_table(m), "whose": _whose(m.name)}, ensure_ascii=False))
        return 0
    print(_line(m))
    print(Message(f"mineral.whose_{_whose(m.name)}", {"name": m.name}))
    print(f"{'cm⁻¹':>8} {'height':>7} {'FWHM':>6}  {'group':10} {'band':12} source")
    for b in m.bands:
        numbers = f"{b.position:8.1f} {b.height:7.3f} {b.width:6.1f}"
        print(f"{numbers}  {b.group:10} {b.name:12} {b.source}")
    return 0


def fit(arguments: argparse.Namespace) -> int:
    """Fit a table to the files and keep it; print its bands and doubts."""
    from ..library.fit_mineral import fit_mineral
    from ..readers import read_spectrum

    spectra = [read_spectrum(file) for file in arguments.files]
    draft = fit_mineral(spectra, arguments.name, arguments.resolution)
    if not arguments.dry_run:
        draft.save(replace=arguments.replace)
    if arguments.json:
        print(json.dumps({**draft.to_dict(), "saved": not arguments.dry_run}, allow_nan=False))
    else:
        print(_report(draft))
    return 0


def add_table(arguments: argparse.Namespace) -> int:
    """Keep a table; print what it holds."""
    from ..library import keeping

    print(_line(keeping.add(arguments.file, arguments.replace)))
    return 0


def export(arguments: argparse.Namespace) -> int:
    """Print a table, or write it into a file."""
    from ..library import keeping

    text = keeping.export(arguments.name)
    if arguments.out is None:
        print(text, end="")
        return 0
    try:
        arguments.out.write_text(text, encoding="utf-8")
    except OSError as wrong:
        told = {"name": arguments.name, "folder": str(arguments.out)[-80:]}
        why = wrong.strerror or type(wrong).__name__
        raise SpectraVaeError("error.home_unwritable", **told, why=why) from None
    return 0


def rename(arguments: argparse.Namespace) -> int:
    """Rename, and print the mineral as it is called now."""
    from ..library import keeping

    print(_line(keeping.rename(arguments.name, arguments.new)))
    return 0


def remove(arguments: argparse.Namespace) -> int:
    """Remove or bring back."""
    from ..library import keeping

    if arguments.undo:
        print(_line(keeping.bring_back(arguments.name)))
        return 0
    keeping.remove(arguments.name)
    print(Message("mineral.removed", {"name": arguments.name}))
    return 0


def train_encoder(arguments: argparse.Namespace) -> int:
    """Train it here, saying how far it is; print what the mineral's model has now."""
    from ..minerals import mineral
    from ..runs import encoder

    def say(share: float) -> None:
        print(Message("job.percent", {"percent": round(100 * share)}), file=sys.stderr, flush=True)

    m = mineral(arguments.name)
    encoder.train_encoder(m, say)
    print(Message("mineral.encoder_kept", {"name": m.name}))
    return 0


def _report(draft: Draft) -> str:
    lines = [f"{'cm⁻¹':>8} {'height':>7} {'FWHM':>6}  group"]
    for b in draft.mineral.bands:
        lines.append(f"{b.position:8.1f} {b.height:7.3f} {b.width:6.1f}  {b.group}")
    told = {"misfit": f"{100 * draft.misfit:.2g}", "noise": f"{100 * draft.noise:.2g}"}
    return "\n".join([*lines, str(Message("mineral.fitted", told)), *map(str, draft.doubts)])


def _summary(m: Mineral) -> dict[str, Any]:
    return {
        "name": m.name,
        "label": dict(m.label.texts),
        "formula": m.formula,
        "family": m.family,
        "hydration_number": m.hydration_number,
        "strongest": m.main.position,
        "bands": len(m.bands),
        "whose": _whose(m.name),
    }


def _line(m: Mineral) -> str:
    return f"{m.name:18} {m.formula:26} {m.main.position:7.1f} cm⁻¹  {m.family}"


def _whose(name: str) -> str:
    """ "shipped", "own", or "instead": one's own in a shipped one's place."""
    from ..minerals.store import own_minerals, shipped_minerals

    if name not in own_minerals():
        return "shipped"
    return "instead" if name in shipped_minerals() else "own"
