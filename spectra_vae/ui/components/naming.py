"""Neurons, factors and properties as the page names and colours them."""

from __future__ import annotations

from ...analysis.role_words import called, word
from ...measure.report.ratios import measured_apart, ratio_of
from ...measure.report.summary import OF_MAIN, RATIO
from ...minerals import Factor, Mineral
from ...model.neuron import Neuron
from ...text.message import Message, say, words
from ..palette import known


def neuron_hue(m: Mineral, factor: Factor) -> str:
    """The palette's hue of what a factor does."""
    return known(m.hue(factor))


def hue_of(m: Mineral, n: Neuron) -> str:
    """The palette's hue of what a neuron carries."""
    return neuron_hue(m, m.factor(n.factor)) if n.factor else "model"


def name_of(m: Mineral, n: Neuron, spoken: str) -> str:
    """A neuron by its factor; without one it is silent, or mixes them."""
    if n.factor:
        return factor_name(m, n.factor, spoken)
    return say(Message("code.silent" if n.silent else "code.mixed"), spoken)


def factor_name(m: Mineral, name: str, spoken: str) -> str:
    """A factor as its mineral calls it; one that the mineral hasn't, as the page or as it is."""
    own = next((f for f in m.factors if f.name == name), None)
    return called(own, spoken) if own else factor_called(name, spoken)


def factor_called(name: str, spoken: str) -> str:
    """A factor of no mineral in particular."""
    found = word("factor", name)
    return say(found, spoken) if isinstance(found, Message) else found


def property_name(m: Mineral, name: str, spoken: str) -> str:
    """A property of :func:`spectra_vae.analysis.scan.properties`."""
    code = f"neurons.property_{name}"
    if code in words("en"):
        return say(Message(code), spoken)
    return say(Message("neurons.area_of", {"group": m.group(name).label}), spoken)


def quantity_name(m: Mineral, name: str, spoken: str, table: str = "quantity") -> str:
    """What is measured without any model, under an estimate or (``column``) over a table's."""
    told: dict[str, object] = {"main": m.main.name}
    for factor in m.strengths:
        if ratio_of(m, factor) == name:
            told |= {"group": m.group(str(factor.group)).label, "over": m.main_group.label}
    kind = name if name in OF_MAIN else RATIO
    return say(Message(f"restore.{table}_{kind}", told), spoken)


def quantities(m: Mineral) -> list[str]:
    """The names of what is measured without any model."""
    return [*OF_MAIN, *(ratio_of(m, f) for f in measured_apart(m))]
