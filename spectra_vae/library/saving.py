"""A draft into the home: the table, and beside it what it was fitted to."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

import numpy as np

from ..minerals.store import may_be_own
from .error import LibraryError
from .parts import DraftFile
from .toml import to_toml

MOST_POINTS = 4000  # of a reference
REFERENCE = ".reference.json"  # behind the name of what was fitted to it


def save(table: dict[str, Any], reference: dict[str, Any], home: Path, replace: bool) -> None:
    """Write ``table`` as NAME.toml and ``reference`` beside it; see :meth:`Draft.save`."""
    name, folder = str(table["name"]), home / "minerals"
    check_free(name, folder, replace)
    told = json.dumps(reference, ensure_ascii=False, allow_nan=False)
    with written(name):
        folder.mkdir(parents=True, exist_ok=True)
        write(folder / f"{name}{REFERENCE}", told)
        write(folder / f"{name}.toml", to_toml(table))


def check_free(name: str, folder: Path, replace: bool = False) -> None:
    """Refuse a name that one's own mineral can't have, or has already (``replace``: that is meant).

    Raises
    ------
    LibraryError
        It can't be called so.
    """
    if not may_be_own(name):
        raise LibraryError("error.mineral_shipped", name=name)
    if (folder / f"{name}.toml").exists() and not replace:
        raise LibraryError("error.mineral_exists", name=name)


@contextmanager
def written(name: str) -> Iterator[None]:
    """What the system refuses to write, in a sentence."""
    try:
        yield
    except OSError as wrong:
        why = wrong.strerror or type(wrong).__name__
        raise LibraryError("error.mineral_unwritable", name=name, why=why) from None


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


def write(path: Path, text: str) -> None:
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
