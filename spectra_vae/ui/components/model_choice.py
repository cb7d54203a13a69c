"""The models that one can choose from, and the minerals that need none of their own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...library.table import UNKNOWN_FORMULA
from ...minerals import Mineral
from ...text.message import Message, say
from ..models import ModelShelf

HEAD = "\u2014"  # the line over the minerals: no choice


def model_options(models: ModelShelf, language: str) -> list[Any]:
    """As a select takes them: every model with its supervision, then the other minerals."""
    trained = [
        {
            "value": card["id"],
            "label": f"{card['name']} · {say(Message(_kind(card)), language)}",
        }
        for card in models.cards()
    ]
    others = [{"value": m.name, "label": _words(m, language)} for m in models.minerals()]
    head = {"value": HEAD, "label": say(Message("minerals.solved"), language), "disabled": True}
    return [*trained, head, *sorted(others, key=lambda one: one["label"].casefold())]


def _words(m: Mineral, language: str) -> str:
    """Its name and formula, as far as it has one."""
    label = m.label.within(language)
    return label if m.formula == UNKNOWN_FORMULA else f"{label} · {m.formula}"


def _kind(card: Mapping[str, Any]) -> str:
    return f"supervision.{card['supervision']}"
