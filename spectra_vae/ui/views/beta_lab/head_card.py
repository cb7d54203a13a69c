"""The β-lab's head: the slider over the whole width, its numbers, the sweep and a new one."""

from __future__ import annotations

import json
from enum import StrEnum
from typing import Any

import dash_bootstrap_components as dbc
from dash import html

from ....analysis import shipped as lab
from ....analysis.sweep import Sweep
from ...components.attributes import data
from ...components.parts import icon, labelled
from ...components.texts import Texts
from ...components.training_form import defaults
from ...trainings import Trainings
from .sweeps import SHIPPED, groups


class Id(StrEnum):
    BETA = "lab-beta"
    SWEEP = "lab-sweep"
    DATA = "lab-data"
    EXAMPLE = "lab-example"
    ABOUT = "lab-about"
    FACTORS = "lab-factors"
    TRAIN = "lab-train"


def head(spoken: str, trainings: Trainings) -> html.Div:
    """The slider over the whole width, what it stands at, and the way to another sweep."""
    t, shipped = Texts("lab", spoken), lab.sweep()
    choose = dbc.Select(id=Id.SWEEP, options=options(trainings, spoken), value=SHIPPED)
    title = [
        html.H1(t("title"), className="card-title"),
        labelled(t("sweep"), choose),
        html.P(id=Id.ABOUT, className="caption"),
    ]
    return html.Div(
        [
            html.Div(title, className="lab-title"),
            _slider(t, len(shipped.levels) - 1),
            html.Div([*_facts(t), _train(t, shipped)], className="statistics lab-facts"),
        ],
        className="card lab-head",
    )


def _slider(t: Texts, last: int) -> html.Div:
    track = [
        html.Span(className="span", id="lab-span"),
        dbc.Input(type="range", id=Id.BETA, min=0, max=last, step=1, value=last // 2),
    ]
    ends = [html.Span(id="lab-low"), html.Span(t("marks")), html.Span(id="lab-high")]
    return html.Div(
        [
            html.Label(t("slider"), htmlFor=Id.BETA, className="visually-hidden"),
            html.Div(track, className="track"),
            html.Div(id="lab-marks", className="lab-marks"),
            html.Div(ends, className="ends"),
        ],
        className="slider lab-slider",
    )


def _facts(t: Texts) -> list[html.Div]:
    """The numbers of the chosen level."""
    return [
        html.Div([html.B("–", id=f"lab-fact-{k}"), html.Div(t(name), className="caption")])
        for k, name in enumerate(("beta_fact", "active_fact", "rate_fact"))
    ]


def _train(t: Texts, shipped: Sweep) -> html.Button:
    return html.Button(
        [icon("plus-lg"), t("train")],
        id=Id.TRAIN,
        className="act",
        title=t("train_hint"),
        **data(form=json.dumps(form(shipped))),
    )


def options(trainings: Trainings, spoken: str) -> Any:
    t = Texts("lab", spoken)
    found = [{"label": t("shipped"), "value": SHIPPED}]
    for group in groups(trainings.runs()):
        label = t("own", name=group.name, seed=group.seed, count=len(group.runs))
        found.append({"label": label, "value": group.id})
    return found


def form(shipped: Sweep) -> dict[str, Any]:
    """What the Training form should hold for a sweep like the shipped one, by its fields' ids."""
    config = shipped.config
    first = defaults("none", str(config["mineral"]))
    usual = ("schedule", "warmup", "sigma", "orientation")
    return {
        "train-kinds": ["none"],
        "train-betas": ", ".join(f"{b:g}" for b in shipped.betas),
        "train-seeds": str(config["seed"]),
        "train-steps": config["steps"],
        "train-spectra": config["spectra"],
        **{f"train-{name}": first[name] for name in usual},
    }
