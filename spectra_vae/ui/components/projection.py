"""Figures for a lecture hall: letters, lines and margins grow, data and axes stay."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any, ParamSpec

from ..request import projected
from .plotting import Figure

Given = ParamSpec("Given")

LARGER = 1.4  # a little more than the rest of the page
GROWS = {  # by what they belong to
    "font": {"size"},
    "tickfont": {"size"},
    "textfont": {"size"},
    "marker": {"size"},
    "line": {"width"},
    "margin": {"l", "r", "t", "b"},
    "annotations": {"xshift", "yshift"},
}


def for_a_hall(draw: Callable[Given, Figure]) -> Callable[Given, Figure]:
    """``draw``, larger where the page that asks is projected."""

    @functools.wraps(draw)
    def drawn(*given: Given.args, **named: Given.kwargs) -> Figure:
        figure = draw(*given, **named)
        return dict(larger(figure)) if projected() else figure

    return drawn


def larger(value: Any, of: str = "") -> Any:
    """A figure, or a part of one that belongs to ``of``, LARGER times as large."""
    if isinstance(value, dict):
        grows = GROWS.get(of, set())
        return {
            key: part * LARGER
            if key in grows and isinstance(part, int | float)
            else larger(part, key)
            for key, part in value.items()
        }
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return [larger(part, of) for part in value]
    return value
