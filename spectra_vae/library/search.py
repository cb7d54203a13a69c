"""Finding minerals by their bands, names, formulas and families.

>>> search("1008 ± 3 sulf")[0]
'gypsum'
>>> search("hydrate CaSO4")
('bassanite', 'gypsum')
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from ..minerals import Band, Mineral, mineral, minerals

WITHIN = 3.0  # cm⁻¹ either side of a band that is asked for
LOWEST, HIGHEST = 50.0, 10_000.0  # cm⁻¹: a number between them is a band's position
LONGEST = 200  # of what is asked
PLACE = re.compile(
    r"(?<![\w.])(\d{2,5}(?:[.,]\d+)?)(?:\s*(?:±|\+/?-)\s*(\d{1,3}(?:[.,]\d+)?))?(?![\w.])"
)
UNIT = re.compile(r"cm\s*(?:⁻¹|\^?-1)", re.IGNORECASE)
# What stands in a question and says nothing of a mineral; what asks for water, or for none.
FILLERS = {
    "a",
    "at",
    "and",
    "band",
    "bands",
    "has",
    "with",
    "e",
    "ha",
    "con",
    "banda",
    "bande",
    "una",
}
HYDRATES = {"hydrate", "hydrates", "hydrated", "idrato", "idrati", "idrata", "idrate"}
ANHYDROUS = {"anhydrous", "anidro", "anidri", "anidra", "anidre"}
# How well a word fits: the name itself, its beginning, a part of it, the formula, the family.
NAMED, BEGUN, WITHIN_NAME, IN_FORMULA, IN_FAMILY = 5.0, 4.0, 3.0, 2.0, 1.0


@dataclass(frozen=True)
class Place:
    """A band is asked for at ``position`` ± ``within``, cm⁻¹."""

    position: float
    within: float = WITHIN


@dataclass(frozen=True)
class Question:
    """What is looked for: all of the ``words``, a band at each of the ``places``, and with
    ``hydrate`` True minerals that hold water, with False such as don't.
    """

    words: tuple[str, ...] = ()
    places: tuple[Place, ...] = ()
    hydrate: bool | None = None


@dataclass(frozen=True)
class Hit:
    """A mineral that was found, the bands of it that stand nearest to the places asked for, and
    ``matches``: they stand within the tolerance. Those that don't are the next nearest.
    """

    name: str
    bands: tuple[Band, ...] = ()
    matches: bool = True


def search(text: str, names: Iterable[str] | None = None) -> tuple[str, ...]:
    """Names of the minerals that fit ``text``, best first; see :func:`find`."""
    return tuple(hit.name for hit in find(asked(text), names) if hit.matches)


def asked(text: str) -> Question:
    """A question in words: "1008 ± 3", "sulfate 414 493", "CaSO4", "hydrate"; numbers are bands'
    positions, cm⁻¹.
    """
    left = UNIT.sub(" ", text[:LONGEST])
    found = [(m, _number(m[1])) for m in PLACE.finditer(left)]
    told = [(m, at) for m, at in found if LOWEST <= at <= HIGHEST]
    places = tuple(Place(at, _number(m[2]) if m[2] else WITHIN) for m, at in told)
    for m, _ in told:
        left = left.replace(m[0], " ", 1)
    words = [w for w in (_plain(w) for w in re.split(r"[\s,;]+", left)) if w]
    hydrate = True if HYDRATES & {*words} else False if ANHYDROUS & {*words} else None
    spent = FILLERS | HYDRATES | ANHYDROUS
    return Question(tuple(w for w in words if w not in spent), places, hydrate)


def find(question: Question, names: Iterable[str] | None = None) -> tuple[Hit, ...]:
    """The minerals that fit, best first, then those whose bands come next nearest.

    Parameters
    ----------
    question
        What is looked for; nothing: all of them.
    names
        The minerals to look among; None: all there are.
    """
    ranked = []
    for name in minerals() if names is None else names:
        m = mineral(name)
        words = [_fit(word, m) for word in question.words]
        if not all(words) or question.hydrate not in (None, m.hydration_number > 0):
            continue
        bands = tuple(_nearest(m, place.position) for place in question.places)
        away = [abs(b.position - p.position) for b, p in zip(bands, question.places, strict=True)]
        matches = all(d <= p.within for d, p in zip(away, question.places, strict=True))
        strength = min((b.height for b in bands), default=0.0)
        order = (-sum(words), -strength, sum(away)) if matches else (sum(away), 0.0, 0.0)
        ranked.append((not matches, order, name, Hit(name, bands, matches)))
    return tuple(hit for *_, hit in sorted(ranked, key=lambda row: row[:3]))


def _nearest(m: Mineral, position: float) -> Band:
    return min(m.bands, key=lambda b: abs(b.position - position))


def _fit(word: str, m: Mineral) -> float:
    """How well a word fits a mineral; 0: not at all."""
    names = [_plain(n) for n in (m.name, *m.label.texts.values())]
    if word in names:
        return NAMED
    if any(part.startswith(word) for n in names for part in re.split(r"[-, ]+", n)):
        return BEGUN
    if any(word in n for n in names):
        return WITHIN_NAME
    if word in _plain(m.formula):
        return IN_FORMULA
    groups = [_plain(t) for g in m.groups for t in (g.key, *g.label.texts.values())]
    return IN_FAMILY if any(word in told for told in (_plain(m.family), *groups)) else 0.0


def _plain(text: str) -> str:
    """Without case, accents, subscripts and the dots of formulas."""
    flat = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in flat if not unicodedata.combining(c) and c not in "·.*")


def _number(text: str) -> float:
    return float(text.replace(",", "."))
