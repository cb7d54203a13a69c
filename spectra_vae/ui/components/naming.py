"""Neurons, bands and presets as the page names them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ...analysis.role_words import word
from ...minerals import Factor
from ...model.neuron import Neuron
from ...text.message import Message, say, words
from ..palette import hue_of


def neuron_hue(factor: Factor | None) -> str:
    """The palette's hue of what a neuron carries."""
    return hue_of(factor.effect) if factor else "model"


def chosen_neuron(given: Any, neurons: Sequence[Neuron]) -> int:
    """A neuron from a page: an index, or the first that moves something."""
    if isinstance(given, int) and not isinstance(given, bool) and 0 <= given < len(neurons):
        return given
    return next((n.index for n in neurons if not n.inert), 0)


def name_of(n: Neuron, spoken: str) -> str:
    if n.factor:
        return in_words("factor", n.factor, spoken)
    return say(Message("code.silent" if n.silent else "code.mixed"), spoken)


def in_words(table: str, name: str, spoken: str) -> str:
    """A mineral's own word, in the reader's language where it has one."""
    found = word(table, name)
    return say(found, spoken) if isinstance(found, Message) else found


def property_name(name: str, spoken: str) -> str:
    """A property of :func:`spectra_vae.analysis.scan.properties`."""
    code = f"neurons.property_{name}"
    if code in words("en"):
        return say(Message(code), spoken)
    return say(Message("neurons.area_of", {"group": in_words("group_of", name, spoken)}), spoken)
