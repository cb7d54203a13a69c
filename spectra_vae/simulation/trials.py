"""Simulated measurements whose noise-free light is known, as bounds and calibrations need it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ..minerals import Mineral
from ..spectra.spectrum import Spectrum
from .detector import detect
from .instrument import Instrument, Range
from .optics import fluorescence
from .simulate import render

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Trials:
    """n measurements: ``dirty``, ``clean`` (targets), ``bands`` (as the instrument and the
    crystal's orientation show them), ``light`` = bands + background, ``extra`` of the bands is
    something else's, (n, N); ``factors`` (n,).
    """

    wavenumber: Array
    dirty: Array
    clean: Array
    bands: Array
    light: Array
    extra: Array | float
    factors: dict[str, Array]
    counts: Array
    device: Instrument

    @property
    def spectra(self) -> list[Spectrum]:
        return [Spectrum(self.wavenumber, y) for y in self.dirty]


def trials(
    mineral: Mineral,
    x: Array,
    n: int,
    counts: float | Range,
    seed: int,
    *,
    orientation: Range | None = None,
    middle: float = 0.9,
    extra: Array | None = None,
    top: float = 3.0,
    spikes: float = 0.0,
) -> Trials:
    """Factors uniform in the ``middle`` share of their ranges, on a cubic background up to ``top``.

    ``counts``: one number, or a range to draw from log-uniformly; ``extra`` (n, N) is light of
    something else, added to the bands that are measured but not to the clean ones.
    """
    rng = np.random.default_rng([seed, int(np.max(counts))])
    low, high = (1 - middle) / 2, (1 + middle) / 2
    drawn = {f.name: f.low + (f.high - f.low) * rng.uniform(low, high, n) for f in mineral.factors}
    fewest, most = np.log(np.broadcast_to(counts, 2))
    photons = np.exp(rng.uniform(fewest, most, n))
    purity = mineral.the("counts")
    if purity is not None:
        drawn[purity.name] = np.log10(photons)
    device = Instrument(spikes=spikes, orientation=orientation, fluorescence=(0.0, top))
    clean, bands = render(mineral, device, x, drawn, rng)
    bands = bands if extra is None else bands + extra
    light = bands + fluorescence(device, x, n, rng)
    still = replace(device, fluorescence=(0.0, 0.0))
    dirty = detect(still, light, x, photons, rng)
    return Trials(
        x, dirty, clean, bands, light, 0.0 if extra is None else extra, drawn, photons, device
    )
