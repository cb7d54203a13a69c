"""The minerals there are: those that ship with the package, and the user's own.

A user's own stand in ``SPECTRA_VAE_HOME/minerals/NAME.toml`` and are read again when they change.
One that is called as a shipped mineral takes its place in that home, as soon as it can be read. The
mineral that trained models ship for is the exception: there a name means one thing everywhere.
"""

from __future__ import annotations

import difflib
import functools
import os
import tomllib
from importlib import resources
from pathlib import Path

from ..text.message import Message
from .mineral import Mineral, MineralError
from .table import parse

DEFAULT = "gypsum"  # what is loaded where nobody asks for another
MOST_BYTES = 256 * 1024
NEAREST = 4  # names that a refusal suggests


def home() -> Path:
    """``SPECTRA_VAE_HOME`` or ``~/.local/share/spectra-vae``: minerals, runs and caches."""
    given = os.environ.get("SPECTRA_VAE_HOME")
    return Path(given) if given else Path.home() / ".local" / "share" / "spectra-vae"


def minerals() -> tuple[str, ...]:
    """Names of the minerals: those that ship (none is read for it), and the user's own that can be
    read.

    >>> "gypsum" in minerals()
    True
    """
    return tuple(sorted({*shipped_minerals(), *own_minerals()}))


def own_minerals() -> tuple[str, ...]:
    """Names of the user's own that can be read, those that take a shipped one's place included."""
    return tuple(name for name, found in _own().items() if isinstance(found, Mineral))


@functools.cache
def shipped_minerals() -> tuple[str, ...]:
    """Names of those that ship with the package."""
    files = resources.files(__package__).joinpath("data").iterdir()
    return tuple(sorted(f.name.removesuffix(".toml") for f in files if f.name.endswith(".toml")))


def may_be_own(name: str) -> bool:
    """Whether a table in the user's home may be called so."""
    return name != DEFAULT


def unreadable_minerals() -> dict[str, Message]:
    """Name → why: the user's own tables that can't be read."""
    return {n: found.message for n, found in _own().items() if isinstance(found, MineralError)}


def mineral(name: str) -> Mineral:
    """The mineral called ``name``.

    Raises
    ------
    MineralError
        There is none (the text has those that are called alike), or its table can't be read.

    >>> mineral("calcite").formula
    'CaCO3'
    """
    found = _own_one(name) if isinstance(name, str) else None
    if isinstance(found, Mineral):
        return found
    if isinstance(name, str) and name in shipped_minerals():
        return shipped_mineral(name)
    if found is not None:
        raise found
    told = str(name)[:80]
    known = ", ".join(difflib.get_close_matches(told.lower(), minerals(), NEAREST, 0.0))
    raise MineralError("error.unknown_mineral", name=told, known=known)


def read_mineral(path: Path) -> Mineral:
    """The mineral of one TOML file, which is called as it is.

    Raises
    ------
    MineralError
        No TOML, too large, or no mineral; the text says what and where.
    """
    try:
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except OSError as wrong:
        raise _no_toml(path.name, wrong) from None
    found = mineral_in(content, path.name)
    if found.name != path.stem:
        raise MineralError("error.mineral_name", name=found.name, file=path.name)
    return found


def mineral_in(content: bytes, file: str) -> Mineral:
    """The mineral of a TOML file's content; ``file`` is what sentences call it.

    Raises
    ------
    MineralError
        No TOML, too large, or no mineral; the text says what and where.
    """
    if len(content) > MOST_BYTES:
        raise MineralError("error.mineral_large", name=file, most=MOST_BYTES // 1024)
    try:
        table = tomllib.loads(content.decode("utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as wrong:
        raise _no_toml(file, wrong) from None
    return parse(table)


def _no_toml(file: str, wrong: Exception) -> MineralError:
    return MineralError("error.mineral_toml", name=file, why=" ".join(str(wrong).split())[:160])


def shipped_file(name: str) -> Path:
    """The table of one that ships."""
    return Path(str(resources.files(__package__).joinpath("data", f"{name}.toml")))


@functools.cache
def shipped_mineral(name: str) -> Mineral:
    """One that ships, whether or not one's own stands in its place."""
    return read_mineral(shipped_file(name))


def _own() -> dict[str, Mineral | MineralError]:
    """The user's own, or why not, by the name of the file."""
    found: dict[str, Mineral | MineralError] = {}
    try:
        files = sorted((home() / "minerals").glob("*.toml"))
    except OSError:
        return found
    for file in files:
        one = _own_one(file.stem)
        if one is not None:
            found[file.stem] = one
    return found


def _own_one(name: str) -> Mineral | MineralError | None:
    """The user's own mineral called so, or why not; None: there is no such file."""
    if Path(name).name != name or not may_be_own(name):
        return None
    file = home() / "minerals" / f"{name}.toml"
    try:
        seen = file.stat()
    except (OSError, ValueError):
        return None
    return _cached(file, seen.st_mtime_ns, seen.st_size)


@functools.lru_cache(maxsize=4096)
def _cached(file: Path, stamp: int, size: int) -> Mineral | MineralError:
    del stamp, size  # part of the key: a table that changed is read again
    try:
        return read_mineral(file)
    except MineralError as refusal:
        return refusal
