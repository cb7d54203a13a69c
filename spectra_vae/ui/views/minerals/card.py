"""The chosen mineral in words: its head, its bands with their sources, its family."""

from __future__ import annotations

from typing import Any

from dash import html

from ....library.table import UNKNOWN_FORMULA
from ....minerals import Mineral, mineral, minerals
from ....text.message import Message, say
from ...components.attributes import aria, data
from ...components.band_table import assigned, formula, key, named
from ...components.markup import rich, upper_first
from ...components.parts import icon
from ...components.texts import Texts
from ...palette import Palette
from .figure import style_of
from .shelf import hue

MOST_MEMBERS = 8


def head(m: Mineral, whose: Message, spoken: str) -> list[Any]:
    """Name, formula, what kind it is, whose."""
    t = Texts("minerals", spoken)
    kind: list[Any] = [html.Span(className=f"square hue-{hue(m)}"), t(f"one_{hue(m)}")]
    tags = [html.Span(kind, className="tag")]
    if m.hydration_number:
        tags.append(html.Span(t("hydrous_count", count=_count(m)), className="tag"))
    tags.append(html.Span([icon("box-seam"), say(whose, spoken)], className="tag"))
    told = m.formula != UNKNOWN_FORMULA
    known = [html.Span(formula(m.formula), className="mineral-formula")] if told else []
    return [
        html.H2(upper_first(m.label.within(spoken)), className="card-title mineral-name"),
        *known,
        *tags,
    ]


def words(m: Mineral, spoken: str) -> list[Any]:
    t = Texts("minerals", spoken)
    told = {"bands": len(m.bands), "factors": len(m.factors), "resolution": f"{m.resolution:g}"}
    return rich(t("about", **told))


def table_words(m: Mineral, spoken: str) -> str:
    return Texts("minerals", spoken)("table", bands=len(m.bands))


def table(m: Mineral, spoken: str) -> html.Table:
    """One row a band, with where its numbers are from."""
    t = Texts("minerals", spoken)
    heads: list[list[Any]] = [
        [t("band")],
        [t("position"), ", ", *rich("cm⁻¹")],
        [t("height")],
        ["FWHM, ", *rich("cm⁻¹")],
        [t("source")],
    ]
    rows = [
        html.Tr(
            [
                html.Th(
                    [key(m, b.group), *named(m, b.name, spoken), _of(m, k, spoken)], scope="row"
                ),
                html.Td(f"{b.position:.1f}", className="n"),
                html.Td(f"{b.height:.3f}", className="n"),
                html.Td(f"{b.width:.1f}", className="n"),
                html.Td(b.source or t("no_source"), className="caption"),
            ]
        )
        for k, b in enumerate(m.bands)
    ]
    top = html.Thead(html.Tr([html.Th(words, scope="col") for words in heads]))
    return html.Table([top, html.Tbody(rows)], className="runs")


def _of(m: Mineral, k: int, spoken: str) -> html.Span:
    """What moves in a band, where the table says it."""
    text = assigned(m, m.bands[k].assignment, spoken)
    return html.Span([" ", *formula(text)], className="caption")


def sources(m: Mineral, spoken: str) -> list[Any]:
    """Each source with the bands that are from it."""
    t = Texts("minerals", spoken)
    of: dict[str, list[str]] = {}
    for b in m.bands:
        of.setdefault(b.source or t("no_source"), []).append(f"{b.position:.0f}")
    if len(of) == 1:
        return [html.P(next(iter(of)), className="mineral-source")]
    parts: list[Any] = []
    for source, places in of.items():
        parts += [html.Dt(", ".join(places)), html.Dd(source)]
    return [html.Dl(parts, className="mineral-sources")]


def family_of(m: Mineral) -> list[Mineral]:
    """The minerals of its family, itself among them: those with most water first."""
    if not m.family:
        return [m]
    known = [mineral(name) for name in minerals()]
    same = [one for one in known if one.family == m.family and one.name != m.name]
    near = sorted(same, key=lambda one: abs(one.main.position - m.main.position))
    members = [m, *near[: MOST_MEMBERS - 1]]
    return sorted(members, key=lambda one: (-one.hydration_number, one.main.position))


def members(m: Mineral, family: list[Mineral], colours: Palette, spoken: str) -> list[Any]:
    """A button each that opens it; its line stands before its name."""
    wet = any(one.hydration_number for one in family)
    found = []
    for k, one in enumerate(family):
        style = style_of(one, k, colours)
        line = html.Span(
            className="key", style={"borderTopColor": style.colour, "borderTopStyle": style.css}
        )
        parts: list[Any] = [line, one.label.within(spoken)]
        if wet:
            parts.append(html.Span([_count(one), *formula(" H2O")], className="caption"))
        pressed = {"current": "true"} if one.name == m.name else {}
        found.append(
            html.Button(parts, className="quiet small", **data(mineral=one.name), **aria(**pressed))
        )
    return found


def _count(m: Mineral) -> str:
    """Water molecules of its formula."""
    return f"{m.hydration_number:g}".replace("0.5", "½")
