"""The β-lab's two experiments: what a seed turns, and what correlated factors cost."""

from __future__ import annotations

from typing import Any

from dash import html

from ....analysis import shipped as lab
from ....analysis.experiments import Experiments
from ....text.message import Message, say
from ...components.attributes import aria
from ...components.graph import plot
from ...components.markup import rich
from ...components.naming import factor_called
from ...components.texts import Texts


def experiments_row(spoken: str) -> html.Div:
    found = lab.experiments()
    words = {"rotation": _turned(found), "correlated": _together(found, spoken)}
    return html.Div([_card(name, m, spoken) for name, m in words.items()], className="lab-two")


def _card(name: str, words: Message, spoken: str) -> html.Div:
    t = Texts("lab", spoken)
    label = aria(label=t(f"{name}_figure"))
    return html.Div(
        [
            html.H2(t(name), className="card-title"),
            html.Div(plot(f"lab-{name}"), className="lab-figure", role="img", **label),
            html.P(rich(say(words, spoken)), className="lab-words"),
        ],
        className="card figure-card",
    )


def _turned(found: Experiments) -> Message:
    r = found.rotation
    params: dict[str, Any] = {"rate": f"{r.rate:.2f}", "distortion": f"{r.distortion:.2f}"}
    for name, guided in (("free", False), ("guided", True)):
        params[name] = f"{r.agreement(guided):.2f}"
    return Message("lab.rotation_words", params)


def _together(found: Experiments, spoken: str) -> Message:
    a, b = (factor_called(name, spoken) for name in found.factors)
    params: dict[str, Any] = {"a": a, "b": b}
    for kind, guided in (("free", False), ("guided", True)):
        own = [one for one in found.correlated if one.guided == guided]
        before, after = sorted(own, key=lambda one: one.rho)
        params["rho"] = after.rho
        params[f"{kind}_before"] = f"{before.scores['mig']:.2f}"
        params[f"{kind}_after"] = f"{after.scores['mig']:.2f}"
        if guided:
            params |= {"leak_before": f"{before.leak:.2f}", "leak_after": f"{after.leak:.2f}"}
    return Message("lab.correlated_words", params)
