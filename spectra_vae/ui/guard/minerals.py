"""Whose minerals are: on a shared server all see and open them, and their makers change them."""

from __future__ import annotations

from ...minerals.store import own_minerals, shipped_minerals
from ...storage.owners import check_place, give_mineral, mineral_owners
from ...text.message import Message, SpectraVaeError
from .people import called, may_change, who


def maker() -> str:
    """Whose a mineral is that the asking person makes; nobody's where everything is theirs."""
    person = who()
    return "" if person.everything else person.id


def check_new(name: str) -> None:
    """Refuse in words what would stand in the place of everybody's mineral."""
    check_place(name, maker())


def check_mine(name: str) -> None:
    """Refuse in words what would change, remove or bring back somebody else's mineral."""
    if may_change(mineral_owners().get(name, "")):
        return
    shipped = name in shipped_minerals() and name not in own_minerals()
    code = "error.mineral_not_own" if shipped else "error.mineral_not_yours"
    raise SpectraVaeError(code, name=name[:80])


def mine() -> set[str]:
    """Names of the minerals of this home that the asking person may change."""
    owners = mineral_owners()
    return {name for name in own_minerals() if may_change(owners.get(name, ""))}


def whose(name: str) -> Message:
    """Whether a mineral is shipped, one's own, somebody else's, or this server's."""
    if name not in own_minerals():
        return Message("minerals.shipped")
    if name in mine():
        return Message("minerals.own")
    owner = called(mineral_owners().get(name, ""))
    return Message("minerals.theirs", {"name": owner}) if owner else Message("minerals.servers")


def kept(name: str, instead_of: str = "") -> None:
    """The asking person made this mineral, or calls it so from now on."""
    owner = mineral_owners().get(instead_of, maker()) if instead_of else maker()
    give_mineral(name, owner, instead_of)
