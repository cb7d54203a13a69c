"""A draft into the home: the table, and beside it what it was fitted to."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

import numpy as np

from ..minerals import Mineral
from ..minerals.store import home as usual_home
from ..minerals.store import shipped_minerals
from ..text.message import LANGUAGES, say
from .draft import Draft, DraftFile
from .error import LibraryError
from .table import table_of
from .toml import to_toml

MOST_POINTS = 4000  # of a reference


def save(draft: Draft, home: Path | str | None = None, replace: bool = False) -> Mineral:
    """See :meth:`Draft.save`."""
    mineral = draft.mineral
    if draft.name in shipped_minerals():
        raise LibraryError("error.mineral_shipped", name=draft.name)
    folder = (Path(home) if home is not None else usual_home()) / "minerals"
    table = folder / f"{draft.name}.toml"
    if table.exists() and not replace:
        raise LibraryError("error.mineral_exists", name=draft.name)
    reference = json.dumps(reference_of(draft), ensure_ascii=False, allow_nan=False)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _write(folder / f"{draft.name}.reference.json", reference)
        _write(table, to_toml(_table(draft)))
    except OSError as wrong:
        why = wrong.strerror or type(wrong).__name__
        told = {"name": draft.name, "folder": str(folder), "why": why}
        raise LibraryError("error.home_unwritable", **told) from None
    return mineral


def _table(draft: Draft) -> dict[str, Any]:
    """The content of the TOML file."""
    names = [one.name for one in draft.files]
    return table_of(draft.name, draft.bands, names, draft.date, draft.resolution)


def reference_of(draft: Draft) -> dict[str, Any]:
    """What the table was fitted to, in plain values: measurements of at most 4 000 points, bands
    with their errors, settings, doubts that were left open.
    """
    return {
        "settings": draft.settings,
        "misfit": draft.misfit,
        "noise": draft.noise,
        "bands": [band.to_dict() for band in draft.bands],
        "doubts": [
            {language: say(doubt, language) for language in LANGUAGES} for doubt in draft.doubts
        ],
        "files": [_thinned(one) for one in draft.files],
    }


def _thinned(one: DraftFile) -> dict[str, Any]:
    """The file's fitted points, neighbours averaged where they are many."""
    kept = one.fitted
    each = -(-int(kept.sum()) // MOST_POINTS)
    curves = {"wavenumber": one.wavenumber, "measured": one.measured, "background": one.background}
    start = np.arange(0, int(kept.sum()), each)
    count = np.diff(np.append(start, int(kept.sum())))
    means = {key: np.add.reduceat(y[kept], start) / count for key, y in curves.items()}
    plain = {key: [float(f"{v:.8g}") for v in mean] for key, mean in means.items()}
    return {"name": one.name, "offset": one.offset, "gain": one.gain, **plain}


def _write(path: Path, text: str) -> None:
    """The whole text or nothing: another process never sees half a file."""
    with NamedTemporaryFile(
        "w", encoding="utf-8", dir=path.parent, prefix=".", suffix=".part", delete=False
    ) as file:
        file.write(text)
    try:
        Path(file.name).chmod(0o644)
        Path(file.name).replace(path)
    except OSError:
        with suppress(OSError):
            Path(file.name).unlink()
        raise
