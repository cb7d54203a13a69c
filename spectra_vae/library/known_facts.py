"""What no spectrum says of a mineral: as the shipped one of its name has it, else its files."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..minerals.store import shipped_mineral, shipped_minerals
from .groups import MAIN, STILL


def with_facts(table: Mapping[str, Any], told: str | None) -> dict[str, Any]:
    """A fitted ``table`` with names, formula, family and hue; ``told``: the formula that the files
    tell.
    """
    if table["name"] not in shipped_minerals():
        return {**table, "formula": told} if told else dict(table)
    shipped = shipped_mineral(table["name"])
    hue = {"hue": shipped.main_group.hue}
    return {
        **table,
        "label": dict(shipped.label.texts),
        "formula": shipped.formula,
        "family": shipped.family,
        "hydration_number": shipped.hydration_number,
        "groups": [{**g, **hue} if g["key"] in (STILL, MAIN) else g for g in table["groups"]],
    }
