"""Whose minerals are, on a shared server: their tables lie in one home and say nothing of it."""

from __future__ import annotations

from ..minerals.store import shipped_minerals
from ..text.message import SpectraVaeError
from .models import home
from .words import rewrite, words_in

OWNERS = "owners.json"  # in the home


def mineral_owners() -> dict[str, str]:
    """Name → who made it; what nobody is told of is the administrator's."""
    return words_in(home() / OWNERS)


def give_mineral(name: str, owner: str, instead_of: str = "") -> None:
    """A mineral is somebody's from now on; ``instead_of``: what it was called before.

    A removed mineral keeps its owner, who alone may bring it back.
    """

    def given(known: dict[str, str]) -> dict[str, str]:
        others = {one: whose for one, whose in known.items() if one not in (name, instead_of)}
        return {**others, name: owner} if owner else others

    rewrite(home() / OWNERS, given)


def check_place(name: str, owner: str) -> None:
    """Refuse a person's mineral in the place of a shipped one, which everybody works with.

    Raises
    ------
    SpectraVaeError
        ``owner`` is somebody, and a shipped mineral is called so.
    """
    if owner and name in shipped_minerals():
        raise SpectraVaeError("error.mineral_everybodys", name=name)
