"""The numbers beside a step of the tour."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dash import html

from ....analysis import shipped
from ...components.band_table import shown
from ...components.markup import rich
from ...components.texts import Texts
from .steps import TURNS
from .study_numbers import alignment, stages

if TYPE_CHECKING:
    from ....measure.restore import Estimate, Restoration

ESTIMATES = ("hydration", "crystallinity")


def numbers(r: Restoration, step: str, spoken: str, put: bool = True) -> list[Any]:
    """The two statistics of a step; ``put``: there is a foreign band to find."""
    if step == "restoration":
        return [_estimate(name, r.estimates[name], spoken) for name in ESTIMATES]
    verdict = Texts("restore", spoken)(r.novelty.verdict)
    found: list[Any] = [Texts("tour", spoken)("none")]
    if r.unexplained:
        found = [f"{r.unexplained[0].position:.0f} cm", html.Sup("−1")]
    return [
        statistic("novelty", [f"{r.novelty.score:.2f}"], spoken, verdict),
        statistic("foreign" if put else "foreign_none", found, spoken),
    ]


def study_numbers(step: str, k: int, spoken: str) -> list[Any]:
    """The two statistics of a seed, or of a stage with more factors."""
    study = shipped.study()
    if step == "seeds":
        found = alignment(next(t for t in study.at(TURNS) if t.seed == k))
        return [
            statistic("own", [f"{found.own:.2f}"], spoken),
            statistic("other", [f"{found.other:.2f}"], spoken),
        ]
    t, trials = Texts("tour", spoken), stages(study)[k]
    ends = [f"{trial.scores['mcc']:.2f}" for trial in trials]
    active = [str(len(trial.active)) for trial in trials]
    return [
        statistic("active", [t("both", a=active[0], b=active[-1])], spoken),
        statistic("aligned", [t("both", a=ends[0], b=ends[-1])], spoken),
    ]


def statistic(name: str, value: list[Any], spoken: str, beside: str = "") -> list[Any]:
    """A large number, what stands beside it, and what it is."""
    caption = html.Div(rich(Texts("tour", spoken)(f"number_{name}")), className="caption")
    return [html.B(value), html.Span(beside, className="beside"), caption]


def _estimate(name: str, one: Estimate, spoken: str) -> list[Any]:
    t = Texts("restore", spoken)
    if not one.known or one.value is None or one.low is None or one.high is None:
        return statistic(name, [t("unknown")], spoken)
    between = t("to", low=shown(one.low, 2), high=shown(one.high, 2))
    return statistic(name, [shown(one.value, 2)], spoken, between)
