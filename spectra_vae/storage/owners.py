"""Whose minerals are, on a shared server: their tables lie in one home and say nothing of it."""

from __future__ import annotations

import json

from filelock import FileLock

from ..minerals.store import shipped_minerals
from ..text.message import SpectraVaeError
from ..vae.header import write_json
from .models import home

OWNERS = "owners.json"  # in the home


def mineral_owners() -> dict[str, str]:
    """Name → who made it; what nobody is told of is the administrator's."""
    try:
        found = json.loads((home() / OWNERS).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    if not isinstance(found, dict):
        return {}
    return {name: owner for name, owner in found.items() if isinstance(owner, str)}


def give_mineral(name: str, owner: str, instead_of: str = "") -> None:
    """A mineral is somebody's from now on; ``instead_of``: what it was called before.

    A removed mineral keeps its owner, who alone may bring it back.
    """
    file = home() / OWNERS
    with FileLock(file.with_suffix(".lock")):
        known = mineral_owners()
        known.pop(instead_of, None)
        known.pop(name, None)
        write_json(file, {**known, name: owner} if owner else known)


def check_place(name: str, owner: str) -> None:
    """Refuse a person's mineral in the place of a shipped one, which everybody works with.

    Raises
    ------
    SpectraVaeError
        ``owner`` is somebody, and a shipped mineral is called so.
    """
    if owner and name in shipped_minerals():
        raise SpectraVaeError("error.mineral_everybodys", name=name)
