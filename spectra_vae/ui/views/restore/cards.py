"""The cards of a restoration: its file, what was read, novelty, code, checks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from dash import html

from ....readers.formats import labels
from ....text.message import Message, say
from ...components.markup import rich, upper_first
from ...components.naming import name_of
from ...components.parts import icon
from ...components.restored_numbers import naming_factor, share
from ...components.texts import Texts
from ...measurements import unknown_factors

if TYPE_CHECKING:
    from ....identification.result import Identification
    from ....measure.restore import Restoration
    from ....spectrometer import VirtualSpectrometer

SIGNS = {
    "alien": ("exclamation-diamond", "tag unexplained"),
    "normal": ("check2", "tag"),
    "undecided": ("question-circle", "tag"),
}
DIRTIER = 0.95  # beyond this share of simulated spectra, a normal file wants a word
ALARM = "exclamation-diamond"
CHECKED = {  # signs of the checks; the others only inform
    **dict.fromkeys(
        ("check.unexplained", "check.lookalike", "check.neighbour", "identify.tied"), ALARM
    ),
    **dict.fromkeys(
        (
            "check.tension",
            "check.structure",
            "check.unknown",
            "check.spikes_or_bands",
            "check.step",
            "identify.unbent",
            "identify.axis",
        ),
        "exclamation-triangle",
    ),
    **dict.fromkeys(
        ("check.known", "check.nothing_unexplained", "check.orientation_none"), "check2"
    ),
}
TEXTS = ("rruff", "bwtek", "text")  # formats of text, with words of their own


def read_as(r: Restoration, spoken: str) -> list[Any]:
    """What was read, in words: format, points, range, step, fixes, what the fit left out."""

    sentences = [_read(r.read, spoken), *_fixes(r.read, spoken)]
    t = Texts("restore", spoken)
    if left_out := int((~r.used).sum()):
        sentences.append(t("left_out", count=left_out))
    low, high = r.read["range"]
    if low < r.reach[0] or high > r.reach[1]:
        sentences.append(t("beyond", low=f"{r.reach[0]:.0f}", high=f"{r.reach[1]:.0f}"))
    given = r.resolution
    resolution = r.settings["resolution"].split()[0] if given is None else f"{given:g}"
    sentences.append(t("restored_with", model=r.settings["model"], resolution=resolution))
    return rich(". ".join(sentences) + ".")


def read_words(read: Mapping[str, Any], spoken: str) -> list[Any]:
    """The same, of a file alone."""
    return rich(". ".join([_read(read, spoken), *_fixes(read, spoken)]) + ".")


def _read(read: Mapping[str, Any], spoken: str) -> str:
    t = Texts("restore", spoken)
    low, high = read["range"]
    kind = read.get("format")
    labelled = labels().get(str(kind))
    words = t(
        "read",
        kind=labelled or t(f"kind_{kind if kind in TEXTS else 'text'}"),
        points=read["points"],
        low=f"{low:.0f}".replace("-", "−"),
        high=f"{high:.0f}",
        step=f"{read['step']:.2f}",
    )
    segments = read["segments"]
    for (_, end), (start, _) in zip(segments[:-1], segments[1:], strict=True):
        words += t("gap", low=f"{end:.0f}", high=f"{start:.0f}")
    return words


def _fixes(read: Mapping[str, Any], spoken: str) -> list[str]:
    """What was mended on the way in, as one sentence."""
    fixes = [say(Message(f["code"], f["params"]), spoken) for f in read["fixes"]]
    return [upper_first("; ".join(fixes))] if fixes else []


def novelty(r: Restoration, spoken: str) -> list[Any]:
    """How alien is it, and why."""

    t = Texts("restore", spoken)

    one = r.novelty
    symbol, look = SIGNS[one.verdict]
    verdict = html.Span([icon(symbol), t(one.verdict)], className=look)
    head = html.Div(
        [html.H2(t("question"), className="card-title"), verdict], className="card-head"
    )
    why = [html.P(rich(say(each, spoken)), className="why") for each in one.why]
    if one.verdict == "undecided":
        return [head, *why]
    if one.percentile is None:
        standing = t("no_percentile")
    else:
        standing = t("percentile", percent=share(one.percentile))
        if not one.alien and one.percentile > DIRTIER:
            standing += " " + t("dirtier")
    return [
        head,
        html.Div(
            [html.B(f"{one.score:.2f}"), html.Span(t("novelty"), className="caption")],
            className="line novelty",
        ),
        gauge(one.score, one.alien, html.Span(className="tick", style={"left": "50%"})),
        *why,
        html.P(standing, className="caption"),
    ]


def gauge(score: float, alien: bool, *marks: Any) -> html.Div:
    """A bar that is full at a score of 1, with ``marks`` on it."""
    fill = html.Span(className="fill", style={"width": f"{100 * score:.1f}%"})
    return html.Div([fill, *marks], className="gauge alien" if alien else "gauge")


def code_card(r: Restoration, model: VirtualSpectrometer, spoken: str) -> list[Any]:
    """Eight bars: mean ± std of the code on each neuron's own range; none for what is unknown."""
    rows = []
    std = r.code.std
    unknown = unknown_factors(r, model)
    for n in model.neurons:
        low, high = min(n.low, -3.0), max(n.high, 3.0)

        def at(value: float, low: float = low, high: float = high) -> float:
            return 100 * min(max((value - low) / (high - low), 0), 1)

        mean = float(r.code.mean[n.index])
        spread = float(std[n.index]) if std is not None else 0.0
        left, right = at(mean - spread), at(mean + spread)
        usual = at(n.mean - n.std), at(n.mean + n.std)
        shown = f"{mean:+.2f}".replace("-", "−")
        hidden = n.factor is not None and not r.estimates[n.factor].known
        if hidden:
            shown = say(Message("code.unknown"), spoken)
        blocks = (
            []
            if hidden
            else [
                html.Span(
                    className="block",
                    style={"left": f"{left}%", "width": f"{max(right - left, 0.6)}%"},
                ),
                html.Span(className="stroke", style={"left": f"{at(mean)}%"}),
            ]
        )
        rows.append(
            html.Div(
                [
                    html.Span(f"#{n.index}", className="caption"),
                    html.Span(name_of(r.mineral, n, spoken)),
                    html.Div(
                        [
                            html.Span(
                                className="usual",
                                style={"left": f"{usual[0]}%", "width": f"{usual[1] - usual[0]}%"},
                            ),
                            *blocks,
                        ],
                        className="scale hue-instrument",
                    ),
                    html.Span(shown, className="z"),
                ],
                className="code-row muted" if n.inert or hidden else "code-row",
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
                    disabled=r.gone,
                ),
            ],
            className="card-head",
        ),
        *rows,
        html.P(say(Message("code.legend"), spoken), className="caption"),
        *([html.P(say(Message("code.stay"), spoken), className="caption")] if unknown else []),
    ]


def checks(r: Restoration, spoken: str) -> list[Any]:
    return _checks([naming_factor(r.mineral, c, spoken) for c in r.checks], spoken)


def identified_checks(found: Identification, spoken: str) -> list[Any]:
    """What to hold against an identification."""
    if not found.phases and not found.checks:
        return []
    return _checks(found.checks or (Message("identified.no_checks"),), spoken)


def _checks(told: Sequence[Message], spoken: str) -> list[Any]:
    rows = [
        html.Li(
            [
                icon(CHECKED.get(c.code, "info-circle")),
                html.Span(rich(upper_first(say(c, spoken)))),
            ],
            className="alarming" if CHECKED.get(c.code) == ALARM else "",
        )
        for c in told
    ]
    title = html.H2(say(Message("restore.checks"), spoken), className="card-title")
    return [title, html.Ul(rows, className="checks")]
