"""Attributes of components that Dash has no parameter for."""

from __future__ import annotations

from typing import Any


def aria(**names: str) -> dict[str, Any]:
    """``aria-…`` attributes for a component."""
    return {f"aria-{name}": value for name, value in names.items()}


def data(**values: Any) -> dict[str, Any]:
    """``data-…`` attributes for a component."""
    return {f"data-{name}": value for name, value in values.items()}


def of_band(position: float) -> dict[str, Any]:
    """By what the scripts find a band's cells, and its place [cm⁻¹] in the figure."""
    return data(band=f"{position:.1f}")
