"""The selectivity card: off-target effects of three models' knobs, and what each code knows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from dash import Dash, Input, Output, html

from ....analysis.roles import MIXED
from ....analysis.selectivity import Selectivity, selectivity
from ....minerals import Mineral
from ....model.neuron import Neuron
from ....text.message import Message, say
from ...components import sensitivity_map
from ...components.attributes import aria
from ...components.naming import factor_name, name_of, property_name
from ...components.parts import skeleton
from ...components.texts import Texts
from ...models import ModelShelf
from ...request import language
from ...shell.view import looked_at
from .needs import NAME, Needs

if TYPE_CHECKING:
    from ....analysis.knowledge import Knowledge

KINDS = ("plain", "none", "guided")  # as the recipes grow: robust, unsupervised, guided
FULL = 100.0  # per cent that takes the full tint
SOLVED = "guided"  # what a mineral without a model of its own is: its roles are given


def layout(spoken: str) -> html.Div:
    t = Texts("neurons", spoken)

    return html.Div(
        [
            html.Div(
                [
                    html.H2(t("selectivity"), className="card-title"),
                    html.Span(t("selectivity_words"), className="headline"),
                ],
                className="card-head",
            ),
            html.Div(
                [
                    *(html.Div(skeleton(6), id=f"selectivity-{kind}") for kind in KINDS),
                    html.Div(skeleton(6), id="information"),
                ],
                className="matrices",
            ),
            html.P(t("selectivity_note"), className="caption"),
        ],
        className="card",
    )


def register(app: Dash, given: Needs) -> None:
    for kind in KINDS:  # one callback each, so that the first table waits for no other
        _register_selectivity(app, given, kind)

    @app.callback(
        Output("information", "children"),
        looked_at(NAME),
        Input("neurons-model", "value"),
    )
    def information(shown: Any, model: Any) -> Any:
        del shown
        from ....analysis.knowledge import knowledge  # its statistics take 0.3 s to import

        name = given.models.chosen(model)
        vs = given.models.model(name)
        if "encoder" not in vs.trained:
            t = Texts("neurons", language())
            return [html.H3(t("information")), html.P(t("no_encoder"))]
        return _information(vs, given.models.found(name, knowledge), name, language())


def _register_selectivity(app: Dash, given: Needs, kind: str) -> None:
    @app.callback(
        Output(f"selectivity-{kind}", "children"),
        looked_at(NAME),
        Input("neurons-model", "value"),
    )
    def table(shown: Any, model: Any) -> Any:
        del shown
        t = Texts("neurons", language())
        name = model_of(given.models, kind, given.models.chosen(model))
        title = t(f"supervision_{kind}")
        if name is None:
            return [html.H3(title), html.P(t("not_shipped"))]
        vs, found = given.models.model(name), given.models.found(name, selectivity)
        return [
            html.H3([html.Span(title, className="name"), f" {name}"]),
            *selectivity_table(found, vs.mineral, vs.neurons, title, t.language),
        ]


def _information(vs: Any, found: Knowledge, name: str, spoken: str) -> list[Any]:
    """Neuron × factor, nats."""
    t = Texts("neurons", spoken)
    title = t("information")
    heads = [factor_name(vs.mineral, factor, spoken) for factor in found.factors]
    rows = [
        html.Tr(
            [
                _knob(vs.mineral, n, spoken),
                *(_tinted(v, v / found.most, f"{v:.2f}") for v in found.nats[n.index]),
            ],
            className="muted" if n.silent else "",
        )
        for n in sensitivity_map.in_order(vs.neurons, vs.mineral)
    ]
    words = t("information_words", spectra=found.spectra, most=f"{found.most:.2f}")
    return [
        html.H3([html.Span(title, className="name"), f" {name}"]),
        _matrix([t("neuron"), *heads], rows, title),
        html.P(words, className="caption"),
    ]


def model_of(models: ModelShelf, kind: str, chosen: str) -> str | None:
    """The chosen model in its own kind's place, else the first of its mineral (shipped first).

    Those in which the same factors vary come before the others.
    """
    cards = {str(card["id"]): card for card in models.cards()}
    own = cards.get(chosen, {"supervision": SOLVED, "mineral": chosen, "vary": []})
    if own["supervision"] == kind:
        return chosen
    alike = [
        name
        for name, card in cards.items()
        if card["supervision"] == kind and card["mineral"] == own["mineral"]
    ]
    return min(alike, key=lambda name: cards[name]["vary"] != own["vary"], default=None)


def selectivity_table(
    found: Selectivity, m: Mineral, neurons: tuple[Neuron, ...], title: str, spoken: str
) -> list[Any]:
    """Knob × property, per cent of what the knob moves of its aim."""
    if not found.knobs:
        return [html.P(say(Message("neurons.nothing_moves"), spoken))]
    rows = []
    for j, aim, worst in zip(found.knobs, found.aims, found.off_target, strict=True):
        pure = aim.off_target <= MIXED
        cells = []
        for name in found.properties:
            rest = aim.rest[name]
            scaled = aim.kind == "scale" and name not in ("width", "position", "shape")
            if rest is None or scaled:
                words = say(Message("neurons.own" if pure else "neurons.purest"), spoken)
                cells.append(html.Td(words, className="own" if pure else "own mixed"))
            else:
                cells.append(_tinted(100 * rest, 100 * rest / FULL, f"{100 * rest:.1f}"))
        last = html.Td(f"{worst:.1f}", className="total")
        rows.append(html.Tr([_knob(m, neurons[j], spoken), *cells, last]))
    heads = [property_name(m, name, spoken) for name in found.properties]
    knob, off = (say(Message(f"neurons.{key}"), spoken) for key in ("knob", "off_target"))
    k = int(np.argmax(found.off_target))
    n = neurons[found.knobs[k]]
    told = {
        "name": name_of(m, n, spoken),
        "index": n.index,
        "percent": f"{found.off_target[k]:.1f}",
    }
    return [
        _matrix([knob, *heads, off], rows, title),
        html.P(say(Message("neurons.worst", told), spoken), className="why"),
    ]


def _knob(m: Mineral, n: Neuron, spoken: str) -> html.Th:
    return html.Th(
        [name_of(m, n, spoken), html.Span(f" #{n.index}", className="caption")], scope="row"
    )


def _tinted(value: float, share: float, words: str) -> html.Td:
    """A number on a tint of the model's hue, so that size can be seen before it is read."""
    tint = 6 + 44 * min(max(share, 0.0), 1.0) ** 0.5 if value else 0
    return html.Td(words, style={"--tint": f"{tint:.0f}%"}, className="tinted")


def _matrix(heads: list[str], rows: list[html.Tr], title: str) -> html.Div:
    head = html.Tr([html.Th(words, scope="col") for words in heads])
    table = html.Table([html.Thead(head), html.Tbody(rows)], className="matrix")
    return html.Div(  # it scrolls sideways on a phone, so the keyboard must reach it
        table, className="matrix-holder", tabIndex=0, role="region", **aria(label=title)
    )
