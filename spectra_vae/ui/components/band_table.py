"""The band table under the spectrum, along the axis."""

from __future__ import annotations

import math
from typing import Any

from dash import html

from ...spectra.bands import FittedBand
from ...text.message import Message, say, words
from .attributes import data
from .texts import Texts

FAINT = 0.002  # a band that is lower has no place and no width: the decoder errs as much


def band_table(
    now: tuple[FittedBand, ...], reference: tuple[FittedBand, ...], spoken: str
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
                    html.Span(className=f"key {a.group}"),
                    html.Span(band_name(assigned(a.name, spoken)), className="band-name"),
                    html.Div(formula(assigned(a.assignment, spoken)), className="caption"),
                ],
                scope="col",
                **data(band=f"{b.position:.1f}"),
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
        hue = "same" if same else f"differs {a.group}"
        place = data(band=f"{b.position:.1f}")
        cells.append(html.Td(f"{shown(ratio, 2)} ×", className=hue, **place))
    rows.append(html.Tr([html.Th(t("against"), scope="row"), *cells]))
    return html.Table([html.Thead(head), html.Tbody(rows)], className="band-table")


def shown(value: float, digits: int) -> str:
    """A number with a true minus, and none before a zero."""
    return f"{round(value, digits) + 0.0:.{digits}f}".replace("-", "−")


def _row(name: str, unit: str | None, values: list[str], at: list[float]) -> html.Tr:
    label: list[Any] = [name]
    if unit:
        label += [", cm", html.Sup("−1")]
    pairs = zip(values, at, strict=True)
    cells = [html.Td(value, **data(band=f"{position:.1f}")) for value, position in pairs]
    return html.Tr([html.Th(label, scope="row"), *cells])


def band_name(name: str) -> list[Any]:
    """``ν1`` with its number as a subscript; another name as it is."""
    return ["ν", html.Sub(name[1:])] if name.startswith("ν") else [name]


def assigned(text: str, spoken: str) -> str:
    """A band's assignment in the reader's language, as far as its words are known."""
    known = words(spoken)
    *of, mode = text.split(" ")
    if f"assignment.{mode}" not in known:
        return text
    named = " ".join(known.get(f"assignment.{word}", word) for word in of)
    return say(Message(f"assignment.{mode}", {"of": named}), spoken)


def formula(text: str) -> list[Any]:
    """``SO4 bend`` with its 4 as a subscript."""
    out: list[Any] = []
    for k, part in enumerate(text.split("SO4")):
        if k:
            out += ["SO", html.Sub("4")]
        out.append(part)
    return out
