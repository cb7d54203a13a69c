"""What is in a file: phases with their shares, what was looked for in vain, what can be chosen."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import dash_bootstrap_components as dbc
from dash import html

from ....identification.wish import Wish
from ....minerals import mineral, minerals
from ....text.formatting import percent
from ...components.attributes import aria, data
from ...components.markup import rich
from ...components.parts import card_head, icon, labelled
from ...components.phase_looks import Look, label_of, looks
from ...components.plotting import Palette
from ...components.texts import Texts
from .verdict import reason

if TYPE_CHECKING:
    from ....identification.result import Identification, Limit, Match, Phase

MOST_LIMITS, MOST_NEAREST = 4, 5


def phases_card(
    found: Identification, wish: Wish, chosen: int, palette: Palette, spoken: str
) -> list[Any]:
    """Shares with intervals, each with a lock and a way out; ``chosen``: whose estimates show."""
    t = Texts("identified", spoken)
    if not found.phases:
        return [*_nearest(found.candidates[:MOST_NEAREST], t), *_choice(found, wish, t)]
    styles = looks([p.mineral for p in found.phases], palette)
    alone = len(found.phases) == 1
    rows = [
        _phase(p, styles[p.mineral], p.mineral in wish.given, k == chosen and not alone, t)
        for k, p in enumerate(found.phases)
    ]
    explained = t("explains" if alone else "explained", percent=percent(found.explained_share))
    return [
        card_head(t("what"), html.Span("" if alone else t("share"), className="caption")),
        *rows,
        html.P(explained, className="caption explained"),
        *_limits(found.limits[:MOST_LIMITS], t),
        *_choice(found, wish, t),
    ]


def _phase(phase: Phase, look: Look, locked: bool, chosen: bool, t: Texts) -> html.Div:
    name = label_of(phase.mineral, t.language)
    opens = html.Button(
        name,
        className="phase-name",
        style=look.word_style,
        **data(phase=phase.mineral),
        **aria(pressed=str(chosen).lower()),
    )
    share, low, high = (percent(v) for v in (phase.fraction, phase.low, phase.high))
    block = {"left": f"{100 * phase.low}%", "width": f"{max(100 * (phase.high - phase.low), 1)}%"}
    bar = html.Span(
        [
            html.Span(
                className="fill",
                style={"width": f"{100 * phase.fraction}%", "background": look.line},
            ),
            html.Span(className="block", style=block),
        ],
        className="share-bar",
    )
    swatch = html.Span(
        className="swatch",
        style={"background": look.fill, "border": f"1.5px {look.stroke} {look.line}"},
    )
    numbers = [html.B(f"{share} %"), html.Span(t("span", low=low, high=high), className="caption")]
    words = t("unlock" if locked else "lock", name=name)
    lock = html.Button(
        icon("lock-fill" if locked else "unlock"),
        className="quiet",
        title=words,
        **data(lock=phase.mineral),
        **aria(label=words, pressed=str(locked).lower()),
    )
    away = t("remove", name=name)
    remove = html.Button(
        icon("x-lg"),
        className="quiet",
        title=away,
        **data(without=phase.mineral),
        **aria(label=away),
    )
    shown = (
        [bar, html.Span(numbers, className="number")]
        if phase.fraction < 1
        else [html.Span(), html.Span()]
    )
    return html.Div(
        [swatch, opens, *shown, lock, remove],
        className="phase chosen" if chosen else "phase",
    )


def _limits(limits: Sequence[Limit], t: Texts) -> list[Any]:
    """Those that were looked for in vain, and below which share they would have been missed."""
    if not limits:
        return []
    rows = []
    for one in limits:
        below = t("not_told") if one.below >= 1 else f"< {percent(one.below)} %"
        rows.append(html.Li([html.Span(label_of(one.mineral, t.language)), html.Span(below)]))
    return [html.P(t("not_found"), className="caption"), html.Ul(rows, className="limits")]


def _nearest(candidates: Sequence[Match], t: Texts) -> list[Any]:
    """What comes nearest, and what contradicts it."""
    head = card_head(t("nearest_title"))
    if not candidates:
        return [head, html.P(t("none_near"), className="caption")]
    rows = [
        html.Div(
            [
                html.B(label_of(one.mineral, t.language)),
                html.Span(rich(reason(one, t.language)), className="caption"),
            ],
            className="nearest",
        )
        for one in candidates
    ]
    return [head, *rows]


def _choice(found: Identification, wish: Wish, t: Texts) -> list[Any]:
    """Any phase by hand; those that were taken out, to be looked for again; back to automatic."""
    there = {p.mineral for p in found.phases}
    labels = {name: mineral(name).label.within(t.language) for name in minerals()}
    names = sorted((n for n in labels if n not in there), key=lambda n: labels[n].casefold())
    options: list[Any] = [{"value": n, "label": labels[n]} for n in names]
    select = dbc.Select(options=options, placeholder=t("choose"), id="add-phase")
    parts: list[Any] = [html.Div(labelled(t("choose"), select), className="choose-phase")]
    if wish.given:
        parts.append(dbc.Checkbox(id="only-given", value=wish.only, label=t("only")))
    if wish.without:
        gone = ", ".join(label_of(n, t.language) for n in wish.without)
        parts.append(html.P(t("left_out", names=gone), className="caption"))
    if not wish.is_plain:
        parts.append(
            html.Button(
                [icon("arrow-counterclockwise"), t("automatic")],
                id="wish-automatic",
                className="act",
            )
        )
    return parts
