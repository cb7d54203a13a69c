"""What a file is, as the page's title: what, how much, what is left over; and why not the next."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import html

from ....text.formatting import percent
from ....text.message import say
from ...components.markup import rich, upper_first
from ...components.phase_looks import Look, label_of, looks
from ...components.plotting import Palette
from ...components.texts import Texts

if TYPE_CHECKING:
    from ....identification.result import Identification, Match


def title(found: Identification, asked: bool, palette: Palette, spoken: str) -> list[Any]:
    """One sentence; ``asked``: somebody chose the phases by hand."""
    t = Texts("identified", spoken)
    if not found.phases:
        return _none(found, t)
    styles = looks([p.mineral for p in found.phases], palette)
    parts: list[Any] = []
    for k, phase in enumerate(found.phases):
        name, look = label_of(phase.mineral, spoken), styles[phase.mineral]
        words = name if k else upper_first(name)
        share = "" if len(styles) == 1 else f" {percent(phase.fraction)} %"
        parts += [t("with" if k == 1 else "and")] if k else []
        parts += [t("perhaps")] if phase.perhaps else []
        parts.append(_in_its_hue(words + share, look))
    begin = t("asked") if asked else t("partly") if found.verdict == "partly" else ""
    if asked and found.verdict != "identified":
        return [begin, *parts, t("asked_doubt")]
    return [begin, *parts, *_left(found, t)]


def _none(found: Identification, t: Texts) -> list[Any]:
    count = len(found.bands)
    if not count:
        return [t("nothing")]
    words = t("one_band") if count == 1 else t("bands", count=count)
    return [t("unknown"), " ", html.Span(words, className="of-no-phase"), t("stand")]


def _in_its_hue(words: str, look: Look) -> html.Span:
    return html.Span(words, className=f"words hue-{look.hue}", style=look.word_style)


def _left(found: Identification, t: Texts) -> list[Any]:
    foreign = found.unexplained
    if not foreign:
        return ["."]
    if len(foreign) > 1:
        words = t("bands", count=len(foreign))
        return ["; ", html.Span(words, className="of-no-phase"), t("are_none")]
    one = t("one_band_at", position=f"{foreign[0].position:.0f}")
    return ["; ", html.Span(rich(one), className="of-no-phase"), t("is_none")]


def next_best(found: Identification, spoken: str) -> list[Any]:
    """Why not the next best one; of an unknown file, the nearest."""
    t = Texts("identified", spoken)
    names = {phase.mineral for phase in found.phases}
    other = next((one for one in found.candidates if one.mineral not in names), None)
    if other is None:
        return []
    key = "next" if found.phases else "nearest"
    return rich(t(key, mineral=label_of(other.mineral, spoken), why=reason(other, spoken)))


def reason(one: Match, spoken: str) -> str:
    return say(one.why, spoken)
