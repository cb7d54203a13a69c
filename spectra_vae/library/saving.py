"""A draft into the home: the table, and beside it what it was fitted to."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

import numpy as np

from ..minerals.store import may_be_own
from .error import LibraryError
from .parts import DraftFile
from .toml import to_toml

MOST_POINTS = 4000  # of a reference


def save(table: dict[str, Any], reference: dict[str, Any], home: Path, replace: bool) -> None:
    """Write ``table`` as NAME.toml and ``reference`` beside it; see :meth:`Draft.save`."""
    name, folder = str(table["name"]), home / "minerals"
    if not may_be_own(name):
        raise LibraryError("error.mineral_shipped", name=name)
    file = folder / f"{name}.toml"
    if file.exists() and not replace:
        raise LibraryError("error.mineral_exists", name=name)
    told = json.dumps(reference, ensure_ascii=False, allow_nan=False)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _write(folder / f"{name}.reference.json", told)
        _write(file, to_toml(table))
    except OSError as wrong:
        why = wrong.strerror or type(wrong).__name__
        raise LibraryError(
            "error.home_unwritable", name=name, folder=str(folder), why=why
        ) from None


def thinned(one: DraftFile) -> dict[str, Any]:
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
