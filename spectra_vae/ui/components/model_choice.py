"""The models that one can choose from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ...text.message import Message, say


def model_options(cards: Iterable[Mapping[str, Any]], language: str) -> list[Any]:
    """Name and supervision of each, as a select takes them; in the order of ``cards``."""
    return [
        {
            "value": card["id"],
            "label": f"{card['name']} · {say(Message(_kind(card)), language)}",
        }
        for card in cards
    ]


def _kind(card: Mapping[str, Any]) -> str:
    return f"supervision.{card['supervision']}"
