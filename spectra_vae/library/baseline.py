"""The ways there are to take a background off."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from ..spectra.spectrum import Spectrum

AUTOMATIC, NONE = "automatic", "none"
# How far a background's knots stand apart, × the usual distance.
STIFFER: Mapping[str, float] = MappingProxyType({AUTOMATIC: 1.0, "stiffer": 2.5, "softer": 0.5})
BASELINES = (*STIFFER, NONE)


def asked_for(spectrum: Spectrum) -> str:
    """The way that a measurement's background is to be taken off."""
    return str(spectrum.meta.get("baseline", AUTOMATIC))
