"""A person's own minerals in the home: given away and taken in as one file, renamed, removed and
brought back.
"""

from __future__ import annotations

import json
import re
import shutil
import time
import tomllib
from pathlib import Path
from typing import Any

from ..minerals import Mineral, home, mineral
from ..minerals.store import MOST_BYTES, may_be_own, mineral_in, read_mineral, shipped_file
from .error import LibraryError
from .name import check_name
from .saving import REFERENCE, check_free, write, written
from .toml import to_toml

REMOVED_SECONDS = 30 * 86_400.0  # that a removed mineral can be brought back


def export(name: str) -> str:
    """The table of a mineral, one's own or a shipped one, as the text of one TOML file.

    Raises
    ------
    MineralError
        There is none.
    """
    file = _file(name)
    if not (may_be_own(name) and file.is_file()):
        file = shipped_file(mineral(name).name)
    return file.read_text(encoding="utf-8")


def add(source: Path | str | bytes, replace: bool = False) -> Mineral:
    """Take a table into the home: a TOML file's path, or its content. It keeps its name.

    Raises
    ------
    MineralError
        It is no mineral; the text says what is wrong and where.
    LibraryError
        Its name is taken (``replace``: by one's own mineral, which is replaced), or the folder
        can't be written.
    """
    content, file = (source, "") if isinstance(source, bytes) else _read(Path(source))
    found = mineral_in(content, file or "given")
    folder = _folder()
    check_free(found.name, folder, replace)
    with written(found.name):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{found.name}{REFERENCE}").unlink(missing_ok=True)  # it was another table's
        write(folder / f"{found.name}.toml", content.decode("utf-8"))
    return mineral(found.name)


def rename(name: str, new: str) -> Mineral:
    """Call one's own mineral otherwise; its reference goes with it.

    Raises
    ------
    LibraryError
        It is not one's own, the new name is taken or none, or the folder can't be written.
    MineralError
        There is none, or its table can't be read.
    """
    file, folder = _own_file(name), _folder()
    check_name(new)
    check_free(new, folder)
    read_mineral(file)
    text = _renamed(file.read_text(encoding="utf-8"), new)
    with written(new):
        write(folder / f"{new}.toml", text)
        if (folder / f"{name}{REFERENCE}").exists():
            (folder / f"{name}{REFERENCE}").replace(folder / f"{new}{REFERENCE}")
        file.unlink()
    return mineral(new)


def remove(name: str) -> None:
    """Take one's own mineral away; :func:`bring_back` undoes it within 30 days.

    Raises
    ------
    LibraryError
        It is not one's own, or the folder can't be written.
    MineralError
        There is none.
    """
    file, aside = _own_file(name), _aside(name)
    with written(name):
        _forget_old()
        shutil.rmtree(aside, ignore_errors=True)
        aside.mkdir(parents=True)
        _move(name, file.parent, aside)


def bring_back(name: str) -> Mineral:
    """Undo :func:`remove`.

    Raises
    ------
    LibraryError
        It was not removed or that is too long ago, or the name is taken meanwhile.
    """
    check_name(name)
    aside, folder = _aside(name), _folder()
    if not (aside / f"{name}.toml").is_file():
        raise LibraryError("error.mineral_not_removed", name=name)
    check_free(name, folder)
    with written(name):
        _move(name, aside, folder)
        shutil.rmtree(aside, ignore_errors=True)
    return mineral(name)


def reference(name: str) -> dict[str, Any] | None:
    """What one's own mineral was fitted to, as :attr:`Draft.reference` says it; None: nobody kept
    it, or it can't be read.
    """
    try:
        text = _file(name, REFERENCE).read_text(encoding="utf-8")
        found = json.loads(text)
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def _folder() -> Path:
    return home() / "minerals"


def _aside(name: str) -> Path:
    return _folder() / ".removed" / name


def _file(name: str, suffix: str = ".toml") -> Path:
    """Where one's own mineral of a name lies, or what belongs to it; a path is no name."""
    if not isinstance(name, str) or Path(name).name != name or "\0" in name:
        raise LibraryError("error.library_name", name=" ".join(str(name).split())[:60])
    return _folder() / f"{name}{suffix}"


def _own_file(name: str) -> Path:
    file = _file(name)
    if may_be_own(name) and file.is_file():
        return file
    raise LibraryError("error.mineral_not_own", name=mineral(name).name)


def _read(path: Path) -> tuple[bytes, str]:
    try:
        with path.open("rb") as file:
            return file.read(MOST_BYTES + 1), path.name
    except OSError as wrong:
        why = wrong.strerror or type(wrong).__name__
        raise LibraryError("error.table_unreadable", name=path.name[:80], why=why) from None


def _renamed(text: str, new: str) -> str:
    """The table's text with another name: its comments stay where they can."""
    wanted = {**tomllib.loads(text), "name": new}
    line = re.compile(r"^(name\s*=\s*)(\"[^\"\n]*\"|'[^'\n]*')", re.MULTILINE)
    changed = line.sub(lambda m: f'{m[1]}"{new}"', text, count=1)
    return changed if tomllib.loads(changed) == wanted else to_toml(wanted)


def _move(name: str, source: Path, target: Path) -> None:
    (source / f"{name}.toml").replace(target / f"{name}.toml")
    if (source / f"{name}{REFERENCE}").exists():
        (source / f"{name}{REFERENCE}").replace(target / f"{name}{REFERENCE}")


def _forget_old() -> None:
    for gone in _aside("").glob("*"):
        if time.time() - gone.stat().st_mtime > REMOVED_SECONDS:
            shutil.rmtree(gone, ignore_errors=True)
