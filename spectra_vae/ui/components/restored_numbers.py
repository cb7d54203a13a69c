"""The numbers of a restoration: the mineral's factors, then what people publish."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import html

from ...minerals import Factor, Mineral
from ...text.formatting import decimals, thousands
from ...text.message import Message, say
from .markup import rich
from .naming import factor_name, neuron_hue, quantity_name

if TYPE_CHECKING:
    from ...measure.restore import Estimate, Restoration

LENGTHS = ("position", "fwhm")  # quantities in cm⁻¹


def share(percentile: float) -> str:
    """A share of normal spectra in per cent."""
    return f"{100 * percentile:.3g}"


def estimates(r: Restoration, spoken: str, tabled: bool = False) -> list[Any]:
    """Factors with a bar over the slider's range each, and what is measured without any model.

    ``tabled``: a table beside has the strongest band as it stands in the file.
    """

    def title(key: str) -> html.H2:
        return html.H2(say(Message(f"restore.{key}"), spoken), className="card-title")

    head = html.Div(
        [
            title("estimates"),
            html.Span(say(Message("restore.interval"), spoken), className="caption"),
        ],
        className="card-head",
    )
    m = r.mineral
    known = [f for f in m.factors if f.effect != "scale"]
    return [
        head,
        *(estimate(m, f, r.estimates[f.name], spoken) for f in known),
        *(
            quantity(m, name, one, spoken)
            for name, one in r.quantities.items()
            if not (tabled and name in LENGTHS)
        ),
    ]


def estimate(m: Mineral, factor: Factor, one: Estimate, spoken: str) -> html.Div:
    """Value, interval and a bar over the slider's range; unknown says why."""
    name = factor_name(m, factor.name, spoken)
    if factor.effect == "counts":
        name = say(Message("restore.counts", {"main": m.main.name}), spoken)
    if one.value is None or one.low is None or one.high is None:
        return _unknown(m, name, one, spoken)
    ends = (one.value, one.low, one.high)
    if factor.effect == "counts":
        shown = [_counts(10**v) for v in ends]
    else:
        sign = "+" if factor.effect == "position" else ""
        shown = decimals(ends, 1 if factor.unit == "cm⁻¹" else 2, sign)
    line = _line(name, shown, factor.unit == "cm⁻¹", spoken)
    bar = _bar(factor, neuron_hue(m, factor), *ends)
    return html.Div([line, bar, _note(m, one, spoken)], className="estimate")


def quantity(m: Mineral, name: str, one: Estimate, spoken: str) -> html.Div:
    """A quantity of the strongest band or two groups; it has no slider and so no bar."""
    words = quantity_name(m, name, spoken)
    if one.value is None or one.low is None or one.high is None:
        return _unknown(m, words, one, spoken, track=False)
    shown = decimals((one.value, one.low, one.high), 1 if name in LENGTHS else 2)
    line = _line(words, shown, name in LENGTHS, spoken)
    return html.Div([line, _note(m, one, spoken)], className="estimate plain")


def _line(name: str, shown: list[str], length: bool, spoken: str) -> html.Div:
    value, low, high = shown
    unit: list[Any] = [" cm", html.Sup("−1")] if length else []
    between = say(Message("restore.to", {"low": low, "high": high}), spoken)
    return html.Div(
        [
            html.Span(rich(name), className="name"),
            html.Span([html.B(value), *unit], className="number"),
            html.Span(between, className="interval"),
        ],
        className="line",
    )


def _unknown(m: Mineral, name: str, one: Estimate, spoken: str, track: bool = True) -> html.Div:
    title = html.Span(rich(name), className="name")
    word = html.Span(say(Message("restore.unknown"), spoken), className="unknown")
    dots = [html.Div(className="scale dotted")] if track else []
    line = html.Div([title, word], className="line")
    kind = "estimate" if track else "estimate plain"
    return html.Div([line, *dots, _note(m, one, spoken)], className=kind)


def _bar(factor: Factor, hue: str, value: float, low: float, high: float) -> html.Div:
    def at(v: float) -> float:
        return 100 * min(max((v - factor.low) / (factor.high - factor.low), 0), 1)

    left, right = at(low), at(high)
    block = {"left": f"{left}%", "width": f"{max(right - left, 0.6)}%"}
    return html.Div(
        [
            html.Span(className="block", style=block),
            html.Span(className="tick", style={"left": f"{at(factor.reference)}%"}),
            html.Span(className="stroke", style={"left": f"{at(value)}%"}),
        ],
        className=f"scale hue-{hue}",
    )


def _note(m: Mineral, one: Estimate, spoken: str) -> html.Div:
    return html.Div(rich(say(naming_factor(m, one.note, spoken), spoken)), className="caption")


def naming_factor(m: Mineral, note: Message, spoken: str) -> Message:
    """A sentence whose ``factor`` or ``name`` is a factor's says it in the reader's language."""
    params = dict(note.params)
    for key in {"factor", "name"} & params.keys():
        if isinstance(params[key], str):
            params[key] = factor_name(m, params[key], spoken)
    return Message(note.code, params)


def _counts(value: float) -> str:
    return thousands(float(f"{value:.2g}"), ".0f")
