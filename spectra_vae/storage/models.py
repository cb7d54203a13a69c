"""Where models live and what their headers say. Needs no torch, so a page can list them at once."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from typing import Any

from ..minerals import Mineral, mineral, parse
from ..minerals.store import home as home
from ..text.message import SpectraVaeError
from ..vae.header import HEADER, read_header

CARD = ("name", "mineral", "supervision", "seed", "steps")


class ModelError(SpectraVaeError):
    """No such model, or something it can't do; the text says what it can."""


def shipped() -> Path:
    return Path(str(resources.files("spectra_vae").joinpath("models")))


def is_shipped(name: str) -> bool:
    """Whether a shipped model is called so: in a list nobody could tell a run from it."""
    return name.casefold() in map(str.casefold, shipped_models())


def shipped_models() -> tuple[str, ...]:
    return tuple(p.name for p in _folders(shipped()))


def models() -> tuple[str, ...]:
    """Names of what a model is loaded by: the shipped ones, then runs, newest first.

    >>> "gypsum" in models()
    True
    """
    return shipped_models() + tuple(p.name for p in reversed(_folders(home() / "runs")))


def cards() -> list[dict[str, Any]]:
    """What a list shows of every model; a folder that can't be read is left out."""
    found = []
    for name in models():
        try:
            file = named(name) / HEADER
            found.append({**_card(file, file.stat().st_mtime_ns), "id": name})
        except (SpectraVaeError, OSError, KeyError, TypeError):
            continue
    return found


@functools.lru_cache(maxsize=4096)
def _card(header: Path, stamp: int) -> dict[str, Any]:
    del stamp  # part of the key: a header that changed is read again
    card = read_header(header.parent)["card"]
    return {**{key: card[key] for key in CARD}, "vary": card.get("vary", [])}  # nothing: all do


def folder_of(name: str) -> Path:
    """The folder a name means: an existing folder, a run's id, a shipped model, in this order,
    or else the newest run that is called so."""
    given = str(name)
    candidates = [Path(given)] if given else []
    if is_plain(given):
        candidates += _own(given)
    try:
        for folder in candidates:
            if (folder / HEADER).is_file():
                return folder
        if candidates and candidates[0].is_dir():
            return candidates[0]  # loading it says what is missing
    except (OSError, ValueError):  # a name too long, or with a NUL in it
        pass
    called = next((card["id"] for card in cards() if given and card["name"] == given), None)
    if called is not None:
        return named(called)
    raise ModelError("error.unknown_model", name=given[:80], known=", ".join(models()))


def named(name: str) -> Path:
    """The folder of a run or a shipped model by its plain name: all that a page may ask for.

    There a shipped model keeps its name, whatever somebody calls a run's folder.
    """
    for folder in reversed(_own(name)) if is_plain(name) else []:
        if (folder / HEADER).is_file():
            return folder
    raise ModelError("error.unknown_model", name=name[:80], known=", ".join(models()))


def mineral_of(header: Mapping[str, Any]) -> Mineral:
    """The mineral a model was trained on: its header's own, in older ones by its name."""
    table = header.get("mineral")
    return parse(table) if table else mineral(header["config"]["mineral"])


def _own(name: str) -> list[Path]:
    return [home() / "runs" / name, shipped() / name]


def is_plain(name: str) -> bool:
    """A name without a path in it: what a page may ask for."""
    short_enough = 0 < len(name) <= 100 and name.isprintable()
    return short_enough and "/" not in name and "\\" not in name and name not in {".", ".."}


def _folders(parent: Path) -> list[Path]:
    if not parent.is_dir():
        return []
    return sorted(p for p in parent.iterdir() if (p / HEADER).is_file())
