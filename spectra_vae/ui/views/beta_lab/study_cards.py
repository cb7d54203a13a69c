"""The original study's conditions in the β-lab: β × seeds, and what one more factor does."""

from __future__ import annotations

from typing import Any

import dash_bootstrap_components as dbc
from dash import html

from ....analysis import shipped as lab
from ....analysis.study import Study, Trial
from ....text.message import Message, say
from ...components.attributes import aria
from ...components.graph import plot
from ...components.markup import rich
from ...components.texts import Texts
from .figure import amount

SCORES = ("mcc", "mig", "disentanglement", "completeness")


def study_row(spoken: str) -> html.Div:
    return html.Div([_sweep(spoken), _more(spoken)], className="lab-two")


def _sweep(spoken: str) -> html.Div:
    """One slider over β, its seeds below, all of them over β in the figure."""
    t, study = Texts("lab", spoken), lab.study()
    betas = study.betas
    at = betas.index(study.chosen[0])
    last = len(betas)
    slider = dbc.Input(type="range", id="lab-study-beta", min=0, max=last, step=1, value=at)
    words = dbc.Label(t("study_slider"), html_for="lab-study-beta", class_name="caption")
    ends = html.Div(
        [html.Span(amount(betas[0])), html.Span(t("study_plain"))],
        className="caption d-flex justify-content-between",
    )
    figure = html.Div(
        plot("lab-study"), className="lab-figure", role="img", **aria(label=t("study_figure"))
    )
    return html.Div(
        [
            html.H2(t("study"), className="card-title"),
            html.P(rich(t("study_words")), className="lab-words"),
            figure,
            html.Div([words, slider, ends]),
            html.Div(seeds_table(study, at, spoken), id="lab-study-seeds", **aria(live="polite")),
        ],
        className="card figure-card",
    )


def seeds_table(study: Study, k: int, spoken: str) -> html.Table:
    """The seeds of the ``k``-th β; after the last, the plain autoencoder's."""
    betas = study.betas
    trials = study.at(betas[k] if k < len(betas) else None)
    rows = [_row(f"{one.seed}{_star(study, one)}", one, udr=True) for one in trials]
    return _table(("seed_head", "active_fact", *SCORES, "udr"), rows, spoken)


def _star(study: Study, trial: Trial) -> str:
    return " ★" if (trial.beta, trial.seed) == study.chosen else ""


def _more(spoken: str) -> html.Div:
    """The experiment as a table: what varies, who wakes, how well they still match."""
    t, study = Texts("lab", spoken), lab.study()
    beta = study.chosen[0]
    more = [one for one in study.more if one.beta == beta]
    seeds = {one.seed for one in more}
    trials = [one for one in study.at(beta) if one.seed in seeds] + more
    rows = [_row(f"{_names(one, spoken)}; {one.seed}", one) for one in trials]
    return html.Div(
        [
            html.H2(t("more_factors"), className="card-title"),
            html.P(rich(t("more_words", beta=amount(beta))), className="lab-words"),
            _table(("varies", "active_fact", *SCORES), rows, spoken),
        ],
        className="card figure-card",
    )


def _names(trial: Trial, spoken: str) -> str:
    return ", ".join(say(Message(f"factor.{name}"), spoken) for name in trial.varies)


def _table(columns: tuple[str, ...], rows: list[html.Tr], spoken: str) -> html.Table:
    t = Texts("lab", spoken)
    head = html.Tr([html.Th(t(name), scope="col") for name in columns])
    return html.Table([html.Thead(head), html.Tbody(rows)], className="study-table")


def _row(head: str, trial: Trial, udr: bool = False) -> html.Tr:
    numbers: list[Any] = [str(len(trial.active))]
    numbers += [f"{trial.scores[name]:.2f}" for name in SCORES]
    numbers += [f"{trial.udr['spearman']:.2f}"] if udr else []
    return html.Tr([html.Th(rich(head), scope="row"), *map(html.Td, numbers)])
