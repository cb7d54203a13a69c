"""Every band as it was measured, along the axis: whose it is, position, height, FWHM, area."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
from dash import html

from ....text.formatting import thousands
from ...components.attributes import aria, of_band
from ...components.markup import rich
from ...components.parts import icon
from ...components.phase_looks import Look, label_of, looks
from ...components.plotting import Palette
from ...components.texts import Texts

if TYPE_CHECKING:
    from ....identification.result import Identification, Interval, MeasuredBand

Read = Callable[["MeasuredBand"], tuple[float, "Interval"]]

ROWS: dict[str, Read] = {
    "position": lambda b: (b.position, b.position_interval),
    "height": lambda b: (b.height, b.height_interval),
    "fwhm": lambda b: (b.fwhm, b.fwhm_interval),
    "area": lambda b: (b.area, b.area_interval),
}
LENGTHS = ("position", "fwhm")  # in cm⁻¹
WIDE = 9.0  # ± so many times the value, or more: nothing is known of it
BIG = 1e5  # from there on, powers of ten go into the row's name


def measured_table(found: Identification, palette: Palette, spoken: str) -> list[Any]:
    """One column a band; each value over half the width of its 90 % interval."""
    t = Texts("identified", spoken)
    bands = found.bands
    if not bands:
        return []
    styles = looks([p.mineral for p in found.phases], palette)
    heads = [
        _head(b, k + 1, styles.get(b.mineral or ""), bool(found.phases), t)
        for k, b in enumerate(bands)
    ]
    body = [_row(name, read, found, t) for name, read in ROWS.items()]
    table = html.Table(
        [html.Thead(html.Tr([html.Td(), *heads])), html.Tbody(body)], className="measured-bands"
    )
    return [
        html.Div(
            table,
            className="band-scroll",
            tabIndex=0,
            role="group",
            **aria(label=t("bands_title")),
        )
    ]


def _head(band: MeasuredBand, number: int, look: Look | None, any_phase: bool, t: Texts) -> html.Th:
    if look is None:
        words = t("no_phase") if any_phase else str(number)
        mark: Any = icon("exclamation-diamond") if any_phase else ""
        return html.Th(
            [mark, html.Span(words)], scope="col", className="of-no-phase", **of_band(band.position)
        )
    style = {"borderTop": f"2px {look.stroke} {look.line}"}
    name = html.Div(rich(band.name), className="caption")
    whose = html.Span(label_of(str(band.mineral), t.language), className=f"words hue-{look.hue}")
    return html.Th([whose, name], scope="col", style=style, **of_band(band.position))


def _row(name: str, read: Read, found: Identification, t: Texts) -> html.Tr:
    values = [read(b) for b in found.bands]
    power = 0 if name in LENGTHS else _power(max(abs(v) for v, _ in values))
    unit = "cm⁻¹" if name in LENGTHS else ""
    if power:
        unit = f"10{_raised(power)}"
    words = t(name) + (f", {unit}" if unit else "")
    cells = [
        html.Td(
            _value(v / 10.0**power, (i[0] / 10.0**power, i[1] / 10.0**power), name),
            **of_band(b.position),
        )
        for b, (v, i) in zip(found.bands, values, strict=True)
    ]
    return html.Tr([html.Th(rich(words), scope="row"), *cells])


def _value(value: float, interval: Interval, name: str) -> list[Any]:
    """A number over half the width of its interval."""
    half = (interval[1] - interval[0]) / 2
    if name not in LENGTHS and half > WIDE * abs(value):
        return [html.B(_number(value, 1)), html.Span(f"± >{WIDE:.0f}×", className="caption")]
    digits = _digits(half, 1 if name in LENGTHS else 0)
    spread = html.Span(f"± {_number(half, digits)}", className="caption")
    return [html.B(_number(value, digits)), spread]


def _digits(half: float, least: int) -> int:
    """So many that the half width isn't nought."""
    if half <= 0 or not np.isfinite(half):
        return least
    return int(np.clip(-np.floor(np.log10(half)), least, 3))


def _number(value: float, digits: int) -> str:
    if digits == 0 and abs(value) >= 1000:
        return thousands(round(value))
    return f"{round(value, digits) + 0.0:.{digits}f}".replace("-", "−")  # nought has no sign


def _power(size: float) -> int:
    """Three orders of magnitude go into the row's name where numbers would be too long."""
    if size == 0 or 0.5 <= size < BIG:
        return 0
    return 3 * int(np.floor(np.log10(size) / 3))


def _raised(power: int) -> str:
    return str(power).translate(str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"))
