"""What two files hold, each phase with its share, and the state of one that is in both."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import html

from ....minerals import mineral
from ....text.formatting import percent
from ....text.message import say
from ...components.attributes import aria
from ...components.markup import rich
from ...components.phase_looks import Look, label_of, looks
from ...components.plotting import Palette
from ...components.texts import Texts
from .cards import verdict

if TYPE_CHECKING:
    from ....identification.result import Identification
    from ....measure.compare import Comparison
    from .shared import Pair


def shared_card(pair: Pair, c: Comparison | None, palette: Palette, spoken: str) -> list[Any]:
    """Is the shared phase in one state, and what else is in the files?"""
    t = Texts("comparison", spoken)
    if c is None or pair.phase is None:
        title = html.H2(t("question"), className="card-title")
        return [title, html.P(t("nothing_shared"), className="why"), *_contents(pair, palette, t)]
    m = mineral(pair.phase)
    phase = html.P(t("of_phase", mineral=m.label.within(spoken)), className="caption")
    return [*verdict(c, m, spoken)[:-1], phase, *_contents(pair, palette, t)]


def _contents(pair: Pair, palette: Palette, t: Texts) -> list[Any]:
    """The phases of both files; a file without any says what it is."""
    told = [
        html.P([html.B(name), ": ", *rich(say(one.sentence, t.language))], className="why")
        for name, one in zip(pair.names, pair.found, strict=True)
        if not one.phases or one.verdict != "identified"
    ]
    names = list(dict.fromkeys(p.mineral for one in pair.found for p in one.phases))
    if not names:
        return told
    styles = looks(names, palette)
    head = html.Tr([html.Td(), *(html.Th(name, scope="col") for name in pair.names)])
    rows = [
        html.Tr(
            [
                html.Th(_name(pair, name, styles[name], t), scope="row"),
                *(_share(f, name, t) for f in pair.found),
            ]
        )
        for name in names
    ]
    table = html.Table([html.Thead(head), html.Tbody(rows)], className="compared contents")
    return [
        html.H3(t("shares"), className="card-title"),
        table,
        html.P(t("shares_words"), className="caption"),
        *told,
    ]


def _name(pair: Pair, name: str, look: Look, t: Texts) -> Any:
    """A phase in its hue; a button where another one's state may be compared instead."""
    label = label_of(name, t.language)
    words = html.Span(label, className=f"words hue-{look.hue}", style=look.word_style)
    if name not in pair.shared or len(pair.shared) < 2:
        return words
    told = t("choose_phase", mineral=label)
    return html.Button(
        words,
        id={"type": "shared-phase", "name": name},
        className="phase-name",
        title=told,
        **aria(label=told, pressed=str(name == pair.phase).lower()),
    )


def _share(found: Identification, name: str, t: Texts) -> html.Td:
    """A phase's share of one file, or below which it would be missed."""
    phase = next((p for p in found.phases if p.mineral == name), None)
    if phase is None:
        below = next((one.below for one in found.limits if one.mineral == name), 1.0)
        words = t("below", percent=percent(below)) if below < 1 else t("not_there")
        return html.Td(words, className="caption")
    if len(found.phases) == 1:
        return html.Td(t("alone"))
    low, high = percent(phase.low), percent(phase.high)
    between = html.Span(
        Texts("identified", t.language)("span", low=low, high=high), className="caption"
    )
    return html.Td([html.B(f"{percent(phase.fraction)} %"), between])
