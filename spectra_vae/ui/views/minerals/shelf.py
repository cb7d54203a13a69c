"""What the page is told of all minerals at once, and which of them fit a question."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

from ....library.search import WITHIN, Hit, Place, Question, asked, find
from ....minerals import Mineral, mineral, minerals
from ....minerals.entries import KINDS
from ...guard.minerals import mine
from ...palette import known

ANION = KINDS[1]
HYDRATES = {"with": True, "without": False}
FARTHEST = 20.0  # cm⁻¹: bands beyond are no longer near
MOST_NEXT = 12  # of the next nearest


def everything(spoken: str) -> list[dict[str, Any]]:
    """Every mineral as a row of the list needs it; bands: position, height, width."""
    own = mine()
    rows = [_row(mineral(name), name in own, spoken) for name in minerals()]
    return sorted(rows, key=lambda row: str(row["label"]).casefold())


def _row(m: Mineral, own: bool, spoken: str) -> dict[str, Any]:
    return {
        "name": m.name,
        "label": m.label.within(spoken),
        "formula": m.formula,
        "hue": hue(m),
        "own": own,
        "bands": [[b.position, b.height, b.width] for b in m.bands],
    }


def hue(m: Mineral) -> str:
    """The palette's token of its anion, or of its strongest band: what kind of mineral it is."""
    anions = [b for b in m.bands if m.group(b.group).kind == ANION]
    strongest = max(anions, key=lambda b: b.height, default=m.main)
    return known(m.group(strongest.group).hue)


def kinds(rows: list[dict[str, Any]]) -> list[tuple[str, int]]:
    """How many there are of each hue, the most frequent first."""
    return Counter(str(row["hue"]) for row in rows).most_common()


def question(text: Any, at: Any, within: Any, hydrous: Any) -> Question:
    """What a page asks; what can't be read isn't asked."""
    told = asked(text if isinstance(text, str) else "")
    position = _number(at)
    if position is not None:
        width = _number(within)
        place = Place(position, WITHIN if width is None else abs(width))
        told = replace(told, places=(*told.places, place))
    if isinstance(hydrous, str) and hydrous in HYDRATES:
        told = replace(told, hydrate=HYDRATES[hydrous])
    return told


def found(told: Question, hue_asked: Any) -> dict[str, Any]:
    """Names in order: those that fit, and where a band is asked for those that nearly do."""
    hits = find(told)
    if isinstance(hue_asked, str) and hue_asked:
        hits = tuple(hit for hit in hits if hue(mineral(hit.name)) == hue_asked)
    fit = [_hit(hit) for hit in hits if hit.matches]
    rest = [hit for hit in hits if not hit.matches]
    near = [hit for hit in rest if _away(hit, told) <= FARTHEST][:MOST_NEXT]
    first = told.places[0] if told.places else None
    return {
        "fit": fit,
        "near": [_hit(hit) for hit in near],
        "nearest": _hit(rest[0]) if rest and not fit else None,
        "asked": [first.position, first.within] if first else None,
        "ordered": bool(told.places or told.words),
    }


def _hit(hit: Hit) -> dict[str, Any]:
    band = hit.bands[0] if hit.bands else None
    return {
        "name": hit.name,
        "at": f"{band.position:.1f}" if band else None,
        "height": f"{100 * band.height:.0f}" if band else None,
    }


def _away(hit: Hit, told: Question) -> float:
    pairs = zip(hit.bands, told.places, strict=True)
    return max(abs(band.position - place.position) for band, place in pairs)


def _number(given: Any) -> float | None:
    try:
        value = float(str(given).replace(",", ".").strip())
    except ValueError:
        return None
    return value if 0 < value < 10_000 else None
