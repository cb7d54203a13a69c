"""The β-lab's places: a head, two large figures, three small ones, two experiments."""

from __future__ import annotations

from typing import Any

from dash import dcc, html

from ...components.attributes import aria
from ...components.buttons import segmented
from ...components.graph import plot
from ...components.texts import Texts
from .experiments_cards import experiments_row
from .head_card import Id, head
from .needs import Needs
from .study_cards import study_row

EXAMPLES = ("a", "b", "c")  # as the address names them
PLOTS = ("plane", "through", "kl", "parts", "scores")
KEYS = (("noisy", "input"), ("dashed", "clean"), ("inked", "reconstruction"))


def layout(spoken: str, given: Needs) -> list[Any]:
    t = Texts("lab", spoken)
    through = _card("through", t, beside=_watched(t), foot=html.P(id=Id.FACTORS))
    return [
        head(spoken, given.trainings),
        html.Div([_card("plane", t, caption=t("plane_words")), through], className="lab-pair"),
        html.Div(
            [
                _card("kl", t, caption=t("kl_words")),
                _card("parts", t, t("parts_words"), foot=html.P(t("parts_note"))),
                _card("scores", t, t("scores_words"), foot=html.P(t("scores_note"))),
                _read(t),
            ],
            className="lab-row",
        ),
        study_row(spoken),
        experiments_row(spoken),
        dcc.Store(id=Id.DATA),
        dcc.Store(id=Id.EXAMPLE, data=EXAMPLES[0]),
    ]


def _read(t: Texts) -> html.Div:
    """What the chosen level says, in sentences."""
    title = html.H2(t("read"), className="card-title")
    read = html.Div(id="lab-read", **aria(live="polite"))
    return html.Div([title, read], className="card lab-read")


def _watched(t: Texts) -> html.Div:
    keys = [html.Span([html.Span(className=f"key {kind}"), t(name)]) for kind, name in KEYS]
    choices = [(name, t(f"example_{name}")) for name in EXAMPLES]
    chosen = segmented("example", choices, EXAMPLES[0], t("example"))
    return html.Div([html.Div(keys, className="legends"), chosen], className="tools")


def _card(name: str, t: Texts, caption: str = "", beside: Any = None, foot: Any = None) -> html.Div:
    head = [
        html.H2(t(name), className="card-title"),
        html.Span(caption, className="caption", id=f"lab-{name}-words"),
        *([beside] if beside else []),
    ]
    label = aria(label=t(f"figure_{name}"))
    figure = html.Div(plot(f"lab-{name}"), className="lab-figure", role="img", **label)
    if foot is not None:
        foot.className = "caption"
    return html.Div(
        [html.Div(head, className="card-head"), figure, *([foot] if foot is not None else [])],
        className=f"card figure-card lab-{name}-card",
    )
