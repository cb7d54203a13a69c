"""The cards of a restoration: its file, what was read, estimates, novelty, code, checks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import html

from ...message import Message, say
from ...minerals import Factor
from ...neuron import Neuron
from .shell import aria, icon, rich

if TYPE_CHECKING:
    from ...measure.restore import Estimate, Restoration


def _upper_first(words: str) -> str:
    return words[:1].upper() + words[1:]


HUES = {"strength": "water", "width": "structure"}


def chip(one: dict[str, Any], index: int, chosen: bool, spoken: str) -> html.Div | html.Button:
    """A file {name, error | verdict} of the strip; a refused one stays, with its reason."""

    def t(key: str, **params: Any) -> str:
        return say(Message(f"restore.{key}", params), spoken)

    if one.get("error"):
        why = say(Message(one["error"]["code"], one["error"]["params"]), spoken)
        return html.Div(
            [
                html.Span(one["name"], className="name"),
                html.Span([icon("x-circle"), why], className="refused"),
            ],
            className="file bad",
        )
    if one["verdict"]:
        tag = html.Span([icon("exclamation-diamond"), t("alien")], className="tag unexplained")
    else:
        tag = html.Span([icon("check2"), t("normal")], className="tag")
    return html.Button(
        [html.Span(one["name"], className="name"), tag],
        id={"type": "file", "index": index},
        className="file chosen" if chosen else "file",
        **aria(pressed=str(chosen).lower()),
    )


def read_as(r: Restoration, spoken: str) -> list[Any]:
    """What was read, in words: points, range, step, fixes."""
    read = r.read
    low, high = read["range"]
    params = {
        "points": f"{read['points']:,}".replace(",", "\u202f"),
        "low": f"{low:.0f}",
        "high": f"{high:.0f}",
        "step": f"{read['step']:.2f}",
    }
    words = say(Message("restore.read", params), spoken)
    segments = read["segments"]
    for (_, end), (start, _) in zip(segments[:-1], segments[1:], strict=True):
        gap = {"low": f"{end:.0f}", "high": f"{start:.0f}"}
        words += say(Message("restore.gap", gap), spoken)
    fixes = [say(Message(f["code"], f["params"]), spoken) for f in read["fixes"]]
    return rich(words + "." + (" " + _upper_first("; ".join(fixes)) + "." if fixes else ""))


def estimates(r: Restoration, factors: tuple[Factor, ...], spoken: str) -> list[Any]:
    head = html.Div(
        [
            html.H2(say(Message("restore.estimates"), spoken), className="card-title"),
            html.Span(say(Message("restore.interval"), spoken), className="caption"),
        ],
        className="card-head",
    )
    known = [f for f in factors if f.effect != "scale"]
    return [head, *(estimate(f, r.estimates[f.name], spoken) for f in known)]


def estimate(factor: Factor, one: Estimate, spoken: str) -> html.Div:
    """Value, interval and a bar over the slider's range; unknown says why."""
    key = "restore.counts" if factor.effect == "counts" else f"factor.{factor.name}"
    name = html.Span(rich(say(Message(key), spoken)), className="name")
    note = html.Div(rich(say(one.note, spoken)), className="caption")
    if not one.known or one.value is None or one.low is None or one.high is None:
        unknown = html.Span(say(Message("restore.unknown"), spoken), className="unknown")
        return html.Div(
            [html.Div([name, unknown], className="line"), html.Div(className="scale dotted"), note],
            className="estimate",
        )
    unit: list[Any] = [" cm", html.Sup("−1")] if factor.unit == "cm⁻¹" else []
    digits = 2 if factor.unit != "cm⁻¹" else 1
    if factor.effect == "counts":
        shown, low, high = (f"{10**v:.2g}" for v in (one.value, one.low, one.high))
        shown, low, high = (f"{float(v):,.0f}".replace(",", "\u202f") for v in (shown, low, high))
    else:
        sign = "+" if factor.effect == "position" else ""
        shown, low, high = (
            f"{v:{sign}.{digits}f}".replace("-", "−") for v in (one.value, one.low, one.high)
        )
    between = say(Message("restore.to", {"low": low, "high": high}), spoken)

    def at(value: float) -> float:
        return 100 * min(max((value - factor.low) / (factor.high - factor.low), 0), 1)

    left, right = at(one.low), at(one.high)
    bar = html.Div(
        [
            html.Span(
                className="block", style={"left": f"{left}%", "width": f"{max(right - left, 0.6)}%"}
            ),
            html.Span(className="tick", style={"left": f"{at(factor.reference)}%"}),
            html.Span(className="stroke", style={"left": f"{at(one.value)}%"}),
        ],
        className=f"scale {HUES.get(factor.effect, 'instrument')}",
    )
    words: list[Any] = [
        name,
        html.Span([html.B(shown), *unit], className="number"),
        html.Span(between, className="interval"),
    ]
    return html.Div([html.Div(words, className="line"), bar, note], className="estimate")


def novelty(r: Restoration, spoken: str) -> list[Any]:
    """How much does this look like the Platonic mineral?"""
    one = r.novelty
    verdict = (
        html.Span(
            [icon("exclamation-diamond"), say(Message("restore.alien"), spoken)],
            className="tag unexplained",
        )
        if one.alien
        else html.Span([icon("check2"), say(Message("restore.normal"), spoken)], className="tag")
    )
    share = round(100 * (1 - one.score))
    return [
        html.Div(
            [html.H2(say(Message("restore.question"), spoken), className="card-title"), verdict],
            className="card-head",
        ),
        html.Div(
            [
                html.B(f"{share} %"),
                html.Span(say(Message("restore.likeness"), spoken), className="caption"),
            ],
            className="line likeness",
        ),
        html.Div(
            html.Span(className="fill", style={"width": f"{share}%"}),
            className="gauge alien" if one.alien else "gauge",
        ),
        *(html.P(rich(say(why, spoken)), className="why") for why in one.why),
    ]


def code_card(r: Restoration, neurons: tuple[Neuron, ...], spoken: str) -> list[Any]:
    """Eight bars: mean ± std of the code on each neuron's own range."""
    rows = []
    std = r.code.std
    for n in neurons:
        low, high = min(n.low, -3.0), max(n.high, 3.0)

        def at(value: float, low: float = low, high: float = high) -> float:
            return 100 * min(max((value - low) / (high - low), 0), 1)

        mean = float(r.code.mean[n.index])
        spread = float(std[n.index]) if std is not None else 0.0
        key = f"factor.{n.factor}" if n.factor else "code.silent" if n.silent else "code.mixed"
        left, right = at(mean - spread), at(mean + spread)
        usual = at(n.mean - n.std), at(n.mean + n.std)
        shown = f"{mean:+.2f}".replace("-", "−")
        rows.append(
            html.Div(
                [
                    html.Span(f"#{n.index}", className="caption"),
                    html.Span(say(Message(key), spoken)),
                    html.Div(
                        [
                            html.Span(
                                className="usual",
                                style={"left": f"{usual[0]}%", "width": f"{usual[1] - usual[0]}%"},
                            ),
                            html.Span(
                                className="block",
                                style={"left": f"{left}%", "width": f"{max(right - left, 0.6)}%"},
                            ),
                            html.Span(className="stroke", style={"left": f"{at(mean)}%"}),
                        ],
                        className="scale instrument",
                    ),
                    html.Span(shown, className="z"),
                ],
                className="code-row muted" if n.inert else "code-row",
            )
        )
    return [
        html.Div(
            [
                html.H2(say(Message("code.title"), spoken), className="card-title"),
                html.Button(
                    [icon("sliders"), say(Message("code.move"), spoken)],
                    id="move-sliders",
                    className="act",
                ),
            ],
            className="card-head",
        ),
        *rows,
        html.P(say(Message("code.legend"), spoken), className="caption"),
    ]


def checks(r: Restoration, spoken: str) -> list[Any]:
    alarming = {"check.unexplained", "check.lookalike"}
    rows = [
        html.Li(
            [
                icon("exclamation-diamond" if c.code in alarming else "info-circle"),
                html.Span(rich(say(_translated(c, spoken), spoken))),
            ],
            className="alarming" if c.code in alarming else "",
        )
        for c in r.checks
    ]
    title = html.H2(say(Message("restore.checks"), spoken), className="card-title")
    return [title, html.Ul(rows, className="checks")]


def _translated(check: Message, spoken: str) -> Message:
    """A check that names a factor names it in the reader's language."""
    name = check.params.get("name")
    if check.code not in {"check.known", "check.unknown"} or name is None:
        return check
    return Message(check.code, {**check.params, "name": say(Message(f"factor.{name}"), spoken)})
