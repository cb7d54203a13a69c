"""A draft in words: its head, its doubts with their answers, the sliders it gets."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from dash import html

from ....library.groups import GUESSED, tables
from ....minerals import Factor, Mineral
from ....text.formatting import thousands
from ....text.message import Label, say
from ...components.attributes import data
from ...components.markup import rich
from ...components.naming import factor_name
from ...components.parts import icon
from ...components.texts import Texts
from ...palette import known

if TYPE_CHECKING:
    from ....library.draft import Draft
    from ....library.parts import Doubt, DraftBand

Z90 = 1.645  # standard errors to either side of a 90 % interval
SHOWN = {"position": 1, "height": 3, "width": 1, "mixing": 2}  # digits
DOES = {"answer.merge": "merge", "answer.leave_out": "leave", "answer.tell": "tell"}


def rows(draft: Draft) -> list[dict[str, Any]]:
    """The table as the page edits it: what is typed, and each number's 90 % interval."""
    return [_row(band) for band in draft.bands]


def _row(band: DraftBand) -> dict[str, Any]:
    typed = {key: f"{getattr(band, key):.{digits}f}" for key, digits in SHOWN.items()}
    errors = {key: _error(getattr(band, f"{key}_error"), digits) for key, digits in SHOWN.items()}
    return {**typed, "group": band.group, "errors": errors}


def _error(error: float, digits: int) -> str:
    half = Z90 * error
    if half > 9:
        return ">9"
    shown = f"{half:.{digits}f}"
    return shown if float(shown) else f"{half:.{digits + 1}f}"


def groups(spoken: str) -> list[dict[str, str]]:
    """The groups that a band can belong to."""
    made = [parsed for key in GUESSED for parsed in tables([(key, 4000.0, 1.0)])]
    return [
        {"key": one["key"], "label": Label(one["label"]).within(spoken), "hue": known(one["kind"])}
        for one in made
    ]


def title(count: int, spoken: str) -> str:
    return Texts("new_mineral", spoken)("title", bands=count)


def words(draft: Draft, spoken: str) -> str:
    t, told = Texts("new_mineral", spoken), (100 * draft.misfit, 100 * draft.noise)
    return t("leaves", misfit=f"{told[0]:.2f}", noise=f"{told[1]:.2f}")


def doubts(draft: Draft, answered: Collection[int], spoken: str) -> list[Any]:
    """Those that nobody answered; none of them stops anybody."""
    t = Texts("new_mineral", spoken)
    left = [(k, one) for k, one in enumerate(draft.doubts) if k not in answered]
    head: list[Any] = [html.H2(t("doubts", count=len(left)), className="card-title")]
    head.append(html.Span(t("doubts_words"), className="caption"))
    items = [_doubt(k, one, spoken) for k, one in left]
    return [html.Div(head, className="card-head"), html.Ul(items, className="draft-doubts")]


def _doubt(k: int, one: Doubt, spoken: str) -> html.Li:
    told: list[Any] = [html.B(rich(say(one, spoken)))]
    if one.why:
        told.append(html.Div(rich(say(one.why, spoken))))
    answers: list[Any] = [
        html.Button(
            say(answer, spoken),
            className="act small",
            **data(doubt=k, does=DOES.get(answer.code, ""), bands=",".join(map(str, one.bands))),
        )
        for answer in one.answers
    ]
    symbol = icon("question-circle" if len(answers) > 1 else "info-circle")
    return html.Li(
        [symbol, html.Div(told, className="told"), html.Div(answers, className="answers")]
    )


def sliders(m: Mineral, spoken: str) -> list[Any]:
    """The factors it gets, from end to end."""
    parts: list[Any] = []
    for factor in m.factors:
        parts += [html.Dt(factor_name(m, factor.name, spoken)), html.Dd(_range(factor, spoken))]
    return [html.Dl(parts, className="mineral-sources")]


def _range(factor: Factor, spoken: str) -> list[Any]:
    t = Texts("new_mineral", spoken)
    if factor.effect == "counts":
        ends = [thousands(float(f"{10**v:.3g}"), ".0f") for v in (factor.low, factor.high)]
        return [t("between_counts", low=ends[0], high=ends[1])]
    ends = [f"{v:g}".replace("-", "−") for v in (factor.low, factor.high)]
    if factor.effect == "position":
        ends = [f"{v:.1f}".replace("-", "−") for v in (factor.low, factor.high)]
    return rich(
        t("between", low=ends[0], high=ends[1]) + (" cm⁻¹" if factor.unit == "cm⁻¹" else "")
    )
