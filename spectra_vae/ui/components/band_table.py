"""The band table under the spectrum, along the axis."""

from __future__ import annotations

import math
import re
from typing import Any

from dash import html

from ...minerals import Mineral
from ...spectra.bands import FittedBand
from ...text.message import Message, say, words
from ..palette import known as known_hue
from .attributes import data, of_band
from .markup import rich
from .texts import Texts

FAINT = 0.002  # a band that is lower has no place and no width: the decoder errs as much


def band_table(
    m: Mineral, now: tuple[FittedBand, ...], reference: tuple[FittedBand, ...], spoken: str
) -> html.Table:
    """One column a band in the order of the shift; only what differs from 1.00 × has its hue."""

    t = Texts("bands", spoken)

    pairs = [
        (a, b)
        for a, b in zip(now, reference, strict=True)
        if b.height > 0.01  # the very weak bend is no column of its own
    ]
    head = html.Tr(
        [html.Th(html.Span(t("band"), className="visually-hidden"), scope="col")]
        + [
            html.Th(
                [
                    key(m, a.group),
                    html.Span(named(m, a.name, spoken), className="band-name"),
                    html.Div(formula(assigned(m, a.assignment, spoken)), className="caption"),
                ],
                scope="col",
                **of_band(b.position),
            )
            for a, b in pairs
        ]
    )
    at = [b.position for _, b in pairs]  # the scripts mark a column with its band in the figure
    there = [abs(a.height) >= FAINT for a, _ in pairs]

    def known(values: list[float]) -> list[str]:
        return [shown(v, 1) if is_there else "–" for v, is_there in zip(values, there, strict=True)]

    rows = [
        _row(t("position"), "cm−1", known([a.position for a, _ in pairs]), at),
        _row(t("height"), None, [shown(a.height, 3) for a, _ in pairs], at),
        _row("FWHM", "cm−1", known([a.fwhm for a, _ in pairs]), at),
        _row(t("area"), "cm−1", [shown(a.area, 2) for a, _ in pairs], at),
    ]
    ratios = [a.area / b.area if b.area else math.nan for a, b in pairs]
    cells = []
    for (a, b), ratio in zip(pairs, ratios, strict=True):
        same = abs(ratio - 1) < 0.015
        hue = "same" if same else f"differs hue-{known_hue(m.group(a.group).hue)}"
        place = of_band(b.position)
        cells.append(html.Td(f"{shown(ratio, 2)} ×", className=hue, **place))
    rows.append(html.Tr([html.Th(t("against", mineral=m.label), scope="row"), *cells]))
    return html.Table([html.Thead(head), html.Tbody(rows)], className="band-table")


def shown(value: float, digits: int) -> str:
    """A number with a true minus, and none before a zero."""
    return f"{round(value, digits) + 0.0:.{digits}f}".replace("-", "−")


def _row(name: str, unit: str | None, values: list[str], at: list[float]) -> html.Tr:
    label: list[Any] = [name]
    if unit:
        label += [", cm", html.Sup("−1")]
    pairs = zip(values, at, strict=True)
    cells = [html.Td(value, **of_band(position)) for value, position in pairs]
    return html.Tr([html.Th(label, scope="row"), *cells])


def key(m: Mineral, group: str) -> html.Span:
    """The line that stands for a group: its hue, and its kind's dashes."""
    own = m.group(group)
    look = f"key line-{own.line} hue-{known_hue(own.hue)}"
    return html.Span(className=look, **data(bands=group))


def named(m: Mineral, name: str, spoken: str) -> list[Any]:
    """A band's name with its mode's number as a subscript; a group's name in words."""
    return rich(_group(m, name, spoken) or assigned(m, name, spoken))


def _group(m: Mineral, key: str, spoken: str) -> str | None:
    return next((g.label.within(spoken) for g in m.groups if g.key == key), None)


def assigned(m: Mineral, text: str, spoken: str) -> str:
    """A band's assignment in the reader's language, as far as page or mineral know its words; what
    is joined is worded part by part.
    """
    known = words(spoken)
    for joint, between in ((" / ", " / "), (" with ", known["assignment.with"])):
        first, found, rest = text.partition(joint)
        if found:
            return assigned(m, first, spoken) + between + assigned(m, rest, spoken)
    *of, mode = text.split(" ")
    if f"assignment.{mode}" not in known:
        return text
    named = known.get("assignment." + "_".join(of)) if of else ""
    named = named or " ".join(_group(m, word, spoken) or word for word in of)
    return say(Message(f"assignment.{mode}", {"of": named}), spoken).strip()


def formula(text: str) -> list[Any]:
    """``SO4 bend`` with its 4 as a subscript: numbers that follow a letter or a bracket."""
    pieces = re.split(r"(?<=[A-Za-z)\]])(\d+)", text)
    return [html.Sub(piece) if k % 2 else piece for k, piece in enumerate(pieces) if piece]
