"""How strongly a mineral scatters: what turns shares of band area into shares of mass."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Scattering:
    """Area of the strongest band that a unit of mass gives, as a multiple of what the same mass of
    the mineral ``standard`` gives of its own strongest band: ``factor``, with the relative one σ
    ``error``. ``source`` says who measured it; nothing is estimated from the bands.
    """

    factor: float
    error: float
    standard: str
    source: str
