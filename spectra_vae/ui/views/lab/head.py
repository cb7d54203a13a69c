"""The β-lab's head: the slider over the whole width, its numbers, the sweep and a new one."""

from __future__ import annotations

import json
from enum import StrEnum
from typing import Any

import dash_bootstrap_components as dbc
from dash import html

from ....analysis import shipped as lab
from ....analysis.sweep import Sweep
from ....text.message import Message, say
from ...components.forms import defaults
from ...services import Services
from ...shell.layout import data, icon, labelled
from .sweeps import SHIPPED, groups


class Id(StrEnum):
    BETA = "lab-beta"
    SWEEP = "lab-sweep"
    DATA = "lab-data"
    EXAMPLE = "lab-example"
    ABOUT = "lab-about"
    FACTORS = "lab-factors"
    TRAIN = "lab-train"


def words(key: str, spoken: str, **params: Any) -> str:
    return say(Message(f"lab.{key}", params), spoken)


def head(spoken: str, services: Services) -> html.Div:
    """The slider over the whole width, what it stands at, and the way to another sweep."""
    shipped = lab.sweep()
    last = len(shipped.levels) - 1
    choose = dbc.Select(id=Id.SWEEP, options=options(services, spoken), value=SHIPPED)
    track = html.Div(
        [
            html.Span(className="span", id="lab-span"),
            dbc.Input(type="range", id=Id.BETA, min=0, max=last, step=1, value=last // 2),
        ],
        className="track",
    )
    slider = html.Div(
        [
            html.Label(words("slider", spoken), htmlFor=Id.BETA, className="visually-hidden"),
            track,
            html.Div(id="lab-marks", className="lab-marks"),
            html.Div(
                [
                    html.Span(id="lab-low"),
                    html.Span(words("marks", spoken)),
                    html.Span(id="lab-high"),
                ],
                className="ends",
            ),
        ],
        className="slider lab-slider",
    )
    statistics = [
        html.Div(
            [html.B("–", id=f"lab-fact-{k}"), html.Div(words(name, spoken), className="caption")]
        )
        for k, name in enumerate(("beta_fact", "active_fact", "rate_fact"))
    ]
    train = html.Button(
        [icon("plus-lg"), words("train", spoken)],
        id=Id.TRAIN,
        className="act",
        title=words("train_hint", spoken),
        **data(form=json.dumps(form(shipped))),
    )
    return html.Div(
        [
            html.Div(
                [
                    html.H1(words("title", spoken), className="card-title"),
                    labelled(words("sweep", spoken), choose),
                    html.P(id=Id.ABOUT, className="caption"),
                ],
                className="lab-title",
            ),
            slider,
            html.Div([*statistics, train], className="statistics lab-facts"),
        ],
        className="card lab-head",
    )


def options(services: Services, spoken: str) -> Any:
    found = [{"label": words("shipped", spoken), "value": SHIPPED}]
    for group in groups(services.runs()):
        label = words("own", spoken, name=group.name, seed=group.seed, count=len(group.runs))
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
