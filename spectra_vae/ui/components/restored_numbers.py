"""The numbers of a restoration: the mineral's factors, then what people publish."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import html

from ...minerals import Factor
from ...text.formatting import decimals, thousands
from ...text.message import Message, say, words
from ..palette import hue_of
from .markup import rich

if TYPE_CHECKING:
    from ...measure.restore import Estimate, Restoration

LENGTHS = ("position", "fwhm")  # quantities in cm⁻¹


def share(percentile: float) -> str:
    """A share of normal spectra in per cent."""
    return f"{100 * percentile:.3g}"


def estimates(r: Restoration, factors: tuple[Factor, ...], spoken: str) -> list[Any]:
    """Factors with a bar over the slider's range each, and what is measured without any model."""

    def title(key: str) -> html.H2:
        return html.H2(say(Message(f"restore.{key}"), spoken), className="card-title")

    head = html.Div(
        [
            title("estimates"),
            html.Span(say(Message("restore.interval"), spoken), className="caption"),
        ],
        className="card-head",
    )
    known = [f for f in factors if f.effect != "scale"]
    return [
        head,
        *(estimate(f, r.estimates[f.name], spoken) for f in known),
        *(quantity(name, one, spoken) for name, one in r.quantities.items()),
    ]


def estimate(factor: Factor, one: Estimate, spoken: str) -> html.Div:
    """Value, interval and a bar over the slider's range; unknown says why."""
    key = "restore.counts" if factor.effect == "counts" else f"factor.{factor.name}"
    if one.value is None or one.low is None or one.high is None:
        return _unknown(key, one, spoken)
    ends = (one.value, one.low, one.high)
    if factor.effect == "counts":
        shown = [_counts(10**v) for v in ends]
    else:
        sign = "+" if factor.effect == "position" else ""
        shown = decimals(ends, 1 if factor.unit == "cm⁻¹" else 2, sign)
    line = _line(key, shown, factor.unit == "cm⁻¹", spoken)
    return html.Div([line, _bar(factor, *ends), _note(one, spoken)], className="estimate")


def quantity(name: str, one: Estimate, spoken: str) -> html.Div:
    """A quantity of the strongest band or two groups; it has no slider and so no bar."""
    key = f"restore.quantity_{name}"
    if one.value is None or one.low is None or one.high is None:
        return _unknown(key, one, spoken, track=False)
    shown = decimals((one.value, one.low, one.high), 1 if name in LENGTHS else 2)
    line = _line(key, shown, name in LENGTHS, spoken)
    return html.Div([line, _note(one, spoken)], className="estimate plain")


def _line(key: str, shown: list[str], length: bool, spoken: str) -> html.Div:
    value, low, high = shown
    unit: list[Any] = [" cm", html.Sup("−1")] if length else []
    between = say(Message("restore.to", {"low": low, "high": high}), spoken)
    return html.Div(
        [
            html.Span(rich(say(Message(key), spoken)), className="name"),
            html.Span([html.B(value), *unit], className="number"),
            html.Span(between, className="interval"),
        ],
        className="line",
    )


def _unknown(key: str, one: Estimate, spoken: str, track: bool = True) -> html.Div:
    name = html.Span(rich(say(Message(key), spoken)), className="name")
    word = html.Span(say(Message("restore.unknown"), spoken), className="unknown")
    dots = [html.Div(className="scale dotted")] if track else []
    line = html.Div([name, word], className="line")
    kind = "estimate" if track else "estimate plain"
    return html.Div([line, *dots, _note(one, spoken)], className=kind)


def _bar(factor: Factor, value: float, low: float, high: float) -> html.Div:
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
        className=f"scale {hue_of(factor.effect)}",
    )


def _note(one: Estimate, spoken: str) -> html.Div:
    return html.Div(rich(say(named(one.note, spoken), spoken)), className="caption")


def named(note: Message, spoken: str) -> Message:
    """A note that names a factor or groups names them in the reader's language."""
    params, known = dict(note.params), words(spoken)
    for key, kind in (("factor", "factor."), ("group", "group.short_"), ("over", "group.short_")):
        if key in params:
            params[key] = known.get(f"{kind}{params[key]}", params[key])
    return Message(note.code, params)


def _counts(value: float) -> str:
    return thousands(float(f"{value:.2g}"), ".0f")
