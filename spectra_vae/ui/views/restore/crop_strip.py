"""The whole file as a strip, of which a part is looked at: two ends that can be moved."""

from __future__ import annotations

from typing import Any

import dash_bootstrap_components as dbc
from dash import html

from ....identification.wish import Range
from ....spectra.spectrum import Spectrum
from ...components.attributes import aria
from ...components.parts import icon
from ...components.texts import Texts
from .question_card import picture

BINS, WIDTH, HEIGHT = 400, 800, 28
STEPS = 400  # of an end over the whole file


def crop_strip(whole: Spectrum, crop: Range | None, spoken: str) -> list[Any]:
    """What of the file counts; what is left out is greyed."""
    t = Texts("identified", spoken)
    first, last = float(whole.wavenumber[0]), float(whole.wavenumber[-1])
    low, high = crop or (first, last)
    image = html.Img(src=picture(whole, BINS, (WIDTH, HEIGHT)), alt="")
    ends = [_end("low", first, last, low), _end("high", first, last, high)]
    track: dict[str, Any] = {
        "--low": f"{100 * (low - first) / (last - first):.2f}%",
        "--high": f"{100 * (last - high) / (last - first):.2f}%",
    }
    labels = [
        html.Label(t(f"crop_{name}"), htmlFor=f"crop-{name}", className="visually-hidden")
        for name in ("low", "high")
    ]
    told = html.Output(_between(low, high, t), className="caption crop-ends")
    parts: list[Any] = [
        html.Span(t("crop"), className="caption crop-name"),
        html.Div([image, *labels, *ends], className="crop-track", style=track),
        told,
    ]
    if crop is not None:
        back = html.Button(
            icon("arrow-counterclockwise"),
            id="crop-whole",
            className="quiet",
            title=t("crop_whole"),
            **aria(label=t("crop_whole")),
        )
        parts.append(back)
    return parts


def _end(name: str, first: float, last: float, value: float) -> dbc.Input:
    step = (last - first) / STEPS
    return dbc.Input(
        type="range",
        id=f"crop-{name}",
        min=first,
        max=last,
        step=step,
        value=value,
        class_name="crop-end",
    )


def _between(low: float, high: float, t: Texts) -> str:
    return t("span", low=f"{low:.0f}".replace("-", "−"), high=f"{high:.0f}") + " cm⁻¹"
