"""Shares of mass, where every phase's table says how strongly the mineral scatters."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ..measure.mixture.fitted import Fit
from ..measure.mixture.fractions import Fraction, of_mass
from ..minerals import Mineral, Scattering, mineral
from ..text.message import Message
from .result import Phase
from .why import listed


def masses(done: Fit) -> list[Fraction] | list[None]:
    """One for each mineral, in their order; None where one has no factor or another standard."""
    some = [mineral(done.mixture.parts[p].name) for p in done.mixture.minerals]
    known = scatterings(some)
    if not known:
        return [None] * len(some)
    per_mass = np.array([s.factor / m.main.area for s, m in zip(known, some, strict=True)])
    return of_mass(done, per_mass, np.array([s.error for s in known]))


def scatterings(some: Sequence[Mineral]) -> list[Scattering]:
    """Of all minerals, or none if they can't be compared."""
    known = [m.scattering for m in some if m.scattering is not None]
    alike = len(known) == len(some) and len({s.standard for s in known}) == 1
    return known if alike else []


def which_shares(phases: Sequence[Phase]) -> Message:
    """Which shares are told: of area alone, or of mass as well, with what that rests on."""
    shares = [
        Message("identify.share", {"mineral": mineral(p.mineral).label, **_percent(p.mass)})
        for p in phases
        if p.mass is not None
    ]
    if not shares:
        return Message("identify.fractions")
    known = scatterings([mineral(p.mineral) for p in phases])
    sources = "; ".join(dict.fromkeys(s.source for s in known))
    return Message("identify.masses", {"shares": listed(shares), "sources": sources})


def _percent(share: Fraction) -> dict[str, str]:
    return {k: f"{100 * v:.0f}" for k, v in vars(share).items()}
