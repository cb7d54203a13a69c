"""Which column is the intensity? Each candidate with a small picture; one click answers."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from typing import Any

import dash_bootstrap_components as dbc
import numpy as np
from dash import html

from ....readers import read_spectrum
from ....spectra.spectrum import Spectrum, SpectrumError
from ...components.attributes import data
from ...components.parts import icon
from ...components.texts import Texts
from ...measurements import Entry

DRAWN = 24  # columns; a file of many is read once for each
LIGHT = 2_000_000  # bytes; a heavier file gets no pictures
BINS, WIDTH, HEIGHT = 72, 144, 36
STROKE = "#77828E"  # to be seen on light and on dark


def previews(content: bytes, name: str, columns: Sequence[str]) -> list[str]:
    """A small picture of each column as the intensity, as the address of an image; "" for none."""
    if len(content) > LIGHT:
        return []
    return [_preview(content, name, column) for column in columns[:DRAWN]]


def _preview(content: bytes, name: str, column: str) -> str:
    try:
        return picture(read_spectrum(content, name, column))
    except SpectrumError:
        return ""


def picture(spectrum: Spectrum, bins: int = BINS, size: tuple[int, int] = (WIDTH, HEIGHT)) -> str:
    """The spectrum in a stamp: lowest and highest of each bin, so that no band gets lost."""
    x, y = spectrum.wavenumber, spectrum.intensity
    wide, tall = size
    where = np.minimum(((x - x[0]) / (x[-1] - x[0]) * bins).astype(int), bins - 1)
    low, high = np.full(bins, np.inf), np.full(bins, -np.inf)
    np.minimum.at(low, where, y)
    np.maximum.at(high, where, y)
    filled = np.flatnonzero(np.isfinite(low))
    across = np.repeat((filled + 0.5) * wide / bins, 2)
    up = np.stack([low[filled], high[filled]], 1).ravel()
    down = 2 + (tall - 4) * (1 - (up - y.min()) / (y.max() - y.min()))
    points = " ".join(f"{a:.1f},{b:.1f}" for a, b in zip(across, down, strict=True))
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {tall}"'
        ' preserveAspectRatio="none">'
        f'<polyline fill="none" stroke="{STROKE}" stroke-width="1.25" points="{points}"/></svg>'
    )
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode()


def images(results: Any, question: Entry | None) -> list[str]:
    """The pictures that the page kept for the asking file; nothing but our own kind of image."""
    if question is None:
        return []
    kept = next((r.get("previews") for r in results if r.get("key") == question.key), None)
    found = [str(one) for one in kept[:DRAWN]] if isinstance(kept, list) else []
    return [one if one.startswith("data:image/svg+xml;base64,") else "" for one in found]


def card(one: Entry, asking: Sequence[Entry], pictures: Sequence[str], spoken: str) -> list[Any]:
    """The question of one file, with its candidates as buttons."""

    t = Texts("restore", spoken)

    code = one.error.code if one.error else ""
    spectrum = code == "error.which_spectrum"
    alike = sum(other.columns == one.columns for other in asking) - 1
    shown = [*pictures, *[""] * len(one.columns)]
    choices = [
        html.Button(
            [html.Span(name, className="name"), *([html.Img(src=src, alt="")] if src else [])],
            className="candidate",
            **data(column=str(k), asking=one.key),
        )
        for k, (name, src) in enumerate(zip(one.columns, shown, strict=False))
    ]
    same = dbc.Checkbox(
        id="same-columns", value=True, label=t("same_columns", count=alike), className="same"
    )
    head = t("which_spectrum" if spectrum else "which_column", name=one.name)
    why = "none_named" if code == "error.no_intensity" else "many_named"
    return [
        html.Div(
            [
                icon("question-circle"),
                html.H2(head, className="card-title"),
                html.Button(t("leave_out"), className="quiet", **data(leave=one.key)),
            ],
            className="card-head",
        ),
        html.P(t(why, count=len(one.columns)), className="caption"),
        html.Div(choices, className="candidates"),
        *([same] if alike else []),
    ]
