"""Which two files are compared, and through what: what a page says of them is not believed."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import dash

from ....spectra.given import is_resolution
from ....text.message import Message, say
from ...measurements import IDENTIFY, Measurement, checked, restored
from ...request import language
from ...restorations import FileGoneError
from .layout import SIDES
from .needs import Needs
from .shared import Pair, pair_of

if TYPE_CHECKING:
    from ....measure.compare import Comparison


def shared_pair(
    given: Needs, files: Any, resolutions: tuple[Any, Any], phase: Any = None
) -> Pair | None:
    """Two files and what they are; ``phase``: the mineral whose state somebody wants compared."""
    two = _two(given, files, IDENTIFY, resolutions)
    if two is None:
        return None
    try:
        return pair_of(given, two, phase if isinstance(phase, str) else None)
    except FileGoneError:
        _ask_again(given, two)
        return None


def compared(
    given: Needs, files: Any, model: Any, resolutions: tuple[Any, Any], phase: Any = None
) -> Comparison | None:
    """The comparison of a store's two files, or None where one is missing or was refused.

    One that the server has no more, the page is asked for again.
    """
    if model == IDENTIFY:
        pair = shared_pair(given, files, resolutions, phase)
        return None if pair is None else pair.compared(given)
    chosen = given.models.chosen(model)
    two = _two(given, files, chosen, resolutions)
    if two is None:
        return None
    try:
        found = [restored(given.restorations, one) for one in two]
    except FileGoneError:
        _ask_again(given, two)
        return None
    return given.models.model(chosen).compare(*found)


def _two(
    given: Needs, files: Any, model: str, resolutions: tuple[Any, Any]
) -> tuple[Measurement, Measurement] | None:
    """Both sides' files, asked with that model; None where one is missing or was refused."""
    kept = [files.get(s) if isinstance(files, dict) else None for s in SIDES]
    found = []
    for side, one, typed in zip(SIDES, kept, resolutions, strict=True):
        refused = isinstance(one, dict) and "error" in one
        file = None if refused else checked(one, given.files)
        if file is None:
            return None
        found.append(file.asked_with(model, _resolution(side, typed)))
    return found[0], found[1]


def _ask_again(given: Needs, two: tuple[Measurement, Measurement]) -> None:
    """The page is asked again for what the server has no more."""
    for side, one in zip(SIDES, two, strict=True):
        if given.files.get(one.digest) is None:
            dash.set_props("compare-gone", {"data": {"side": side, "at": time.time()}})


def chosen_model(given: Needs, model: Any) -> str:
    """A model, or that what both hold is compared."""
    return IDENTIFY if model == IDENTIFY else given.models.chosen(model)


def _resolution(side: str, typed: Any) -> float | None:
    """What somebody typed [cm⁻¹]; nothing: the table's. What is no resolution leaves its box."""
    text = str(typed or "").strip().replace(",", ".")
    try:
        value = float(text) if text else None
        if value is None or is_resolution(value):
            return value
    except ValueError:
        pass
    wrong = Message("error.resolution", {"value": text[:20]})
    dash.set_props("notice", {"children": say(wrong, language())})
    dash.set_props(f"compare-resolution-{side}", {"value": ""})
    return None
