"""Neurons' places: a card a question."""

from __future__ import annotations

from typing import Any

from dash import dcc, html

from . import command_map_card, heatmap_card, pseudo_card, scan_card, selectivity_card
from .needs import Needs


def layout(spoken: str, given: Needs) -> list[Any]:
    first = [heatmap_card.layout(spoken, given), command_map_card.layout(spoken)]
    return [
        html.Div(first, className="pair"),
        scan_card.layout(spoken),
        selectivity_card.layout(spoken),
        pseudo_card.layout(spoken, given),
        dcc.Store(id="neuron"),
        dcc.Store(id="neurons-at", data="origin"),
        dcc.Store(id="neurons-rows", data="each"),
    ]
