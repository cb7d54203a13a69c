"""Pseudo-spectra in words: clusters by name, new spectra against them, the plane's axes."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
from dash import html
from numpy.typing import NDArray

from ....analysis.clusters import PseudoSpectra, Scores
from ....text.message import Message, say
from ...components.attributes import aria
from ...components.markup import rich
from ...components.naming import name_of
from ...components.parts import icon
from ...components.texts import Texts
from .pseudo_codes import Codes

PRINCIPAL = "-"
MOST_MEMBERS = 6
SAME = 1.05  # a member fitted beside other files may come out a little farther off

Array = NDArray[np.float64]


def axes_of(given: Any, neurons: tuple[int, ...]) -> tuple[int, int] | None:
    """Two neurons of a page's ``3,5``; None for principal components and for nonsense."""
    parts = str(given).split(",")
    if len(parts) != 2 or not all(p.isdecimal() and len(p) < 4 for p in parts):
        return None
    first, second = int(parts[0]), int(parts[1])
    return (first, second) if {first, second} <= set(neurons) else None


def titles_of(vs: Any, pair: tuple[int, int] | None, spoken: str) -> tuple[str, str]:
    if pair is None:
        first, second = (Message("pseudo.component", {"number": k}) for k in (1, 2))
    else:
        first, second = (
            Message(
                "pseudo.code_of", {"name": name_of(vs.mineral, vs.neurons[j], spoken), "index": j}
            )
            for j in pair
        )
    return say(first, spoken), say(second, spoken)


def axes_options(vs: Any, neurons: tuple[int, ...], spoken: str) -> list[dict[str, str]]:
    called = {j: f"{name_of(vs.mineral, vs.neurons[j], spoken)} #{j}" for j in neurons}
    pairs = [
        {
            "label": say(Message("pseudo.pair", {"x": called[a], "y": called[b]}), spoken),
            "value": f"{a},{b}",
        }
        for a in neurons
        for b in neurons
        if a < b
    ]
    return [{"label": say(Message("pseudo.principal"), spoken), "value": PRINCIPAL}, *pairs]


def cluster_list(found: PseudoSpectra, codes: Codes, spoken: str) -> list[Any]:
    """The clusters by name, size and radius."""

    t = Texts("pseudo", spoken)

    rows = []
    for number, c in enumerate(found.clusters, 1):
        size = t("size_one") if c.size == 1 else t("size_many", count=c.size)
        own = found.labels == number - 1
        members = Counter(name for name, mine in zip(codes.names, own, strict=True) if mine)
        rows.append(
            html.Li(
                [
                    html.B(str(number), className="number"),
                    html.Div(
                        [
                            html.Div(rich(say(c.message, spoken)), className="name"),
                            html.Div(_members(members, spoken)),
                            html.Div(
                                f"{size}; {t('radius', radius=f'{c.radius:.2f}')}",
                                className="caption",
                            ),
                        ]
                    ),
                    html.Button(
                        [icon("sliders"), t("move")],
                        id={"type": "open-pseudo", "index": number - 1},
                        className="act small",
                        **aria(label=t("move_label", number=number)),
                    ),
                ]
            )
        )
    left_out = [html.P(t("refused", names=", ".join(codes.refused)), className="wrong")]
    return [
        html.H3(t("found"), className="plot-title"),
        html.Ol(rows, className="cluster-list"),
        html.P(t("spread"), className="caption"),
        *(left_out if codes.refused else []),
    ]


def _members(members: Counter[str], spoken: str) -> str:
    """Who is in a cluster; of many, the most frequent."""
    told = [
        say(Message("pseudo.times", {"count": n, "name": name}), spoken) if n > 1 else name
        for name, n in members.most_common(MOST_MEMBERS)
    ]
    return ", ".join(told) + (" …" if len(members) > MOST_MEMBERS else "")


def scored(
    found: PseudoSpectra,
    added: tuple[Array, Scores, tuple[str, ...]] | None,
    new: Codes | None,
    spoken: str,
) -> list[Any]:
    if added is None or new is None:
        return []
    _, scores, names = added
    rows = []
    for k, name in enumerate(names):
        c = int(scores.label[k])
        distance, radius = float(scores.distance[k, c]), found.clusters[c].radius
        inside = distance <= SAME * radius
        told = {
            "name": name,
            "number": c + 1,
            "distance": f"{distance:.2f}",
            "radius": f"{radius:.2f}",
        }
        words = say(Message(f"pseudo.score_{'in' if inside else 'out'}", told), spoken)
        mark = icon("check2" if inside else "exclamation-diamond")
        rows.append(html.Li([mark, html.Span(words)], className="" if inside else "alarming"))
    title = html.H3(say(Message("pseudo.scores"), spoken), className="plot-title")
    refused = say(Message("pseudo.refused", {"names": ", ".join(new.refused)}), spoken)
    left_out = [html.P(refused, className="wrong")] if new.refused else []
    return [title, html.Ul(rows, className="checks"), *left_out]
