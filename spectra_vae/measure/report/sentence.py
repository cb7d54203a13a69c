"""The one sentence on top of a restoration, made of the very details that stand below it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ...text.message import Label, Message
from ..detection.residual import Peak
from .estimates import FAINT, LACKING


@dataclass(frozen=True)
class Details:
    """What a restoration found: its ``verdict`` and the code of its first reason, ``why``;
    ``gone``, the code why nothing is said of the mineral; the bands that are ``foreign`` to it;
    ``top``, its strongest band's height; is the residual ``noise``, and do the points stand
    ``close`` enough to show other bands?
    """

    verdict: str
    why: str
    gone: str | None
    foreign: Sequence[Peak]
    top: float
    noise: bool
    close: bool


def sentence(mineral: Label | str, found: Details) -> Message:
    """What is said first. What isn't there comes before what is, and that before what is beside."""
    code = _code(found)
    words: dict[str, object] = {"mineral": mineral}
    if found.foreign:
        strongest = max(found.foreign, key=lambda p: p.height)
        share = strongest.height / max(found.top, 1e-300)
        words |= {"count": len(found.foreign), "at": f"{strongest.position:.0f}"}
        words["percent"] = f"{100 * share:.0f}"
    return Message(f"sentence.{code}", words)


def _code(found: Details) -> str:
    alien = found.verdict == "alien"
    if found.gone == LACKING:
        return "lacking_alien" if alien else "lacking"
    if found.gone == FAINT:
        return "faint_foreign" if found.foreign else "faint"
    if found.gone is not None:
        return "another"
    if found.verdict == "undecided":
        known = {"why.untold": "untold", "why.doubled": "doubled"}
        return known.get(found.why, "undecided")
    if found.foreign:
        many = "several" if len(found.foreign) > 1 else "one"
        return f"{'not_alone' if alien else 'beside'}_{many}"
    if alien:
        return "unlike"
    if not found.close:
        return "coarse"
    return "pure" if found.noise else "rough"
