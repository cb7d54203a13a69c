"""What a spectrometer is: its numbers, what they may be, and known ones.

All intensities are in units of the reference ν1; ``counts`` converts them to detected photons.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ..minerals import Mineral
from ..text.message import SpectraVaeError

Range = tuple[float, float]

LARGEST = 1e4
ORIENTATION = (0.4, 2.5)  # what a crystal makes of a band's height


class InstrumentError(SpectraVaeError):
    """A spectrometer that cannot be built."""


@dataclass(frozen=True)
class Instrument:
    """A spectrometer.

    Parameters
    ----------
    power, time
        Laser power [mW] and integration time [s]. ``power=None``: every spectrum gets the counts
        of its own ``purity`` factor instead.
    efficiency
        Counts at the reference ν1 per mW and second.
    readout
        Standard deviation of the read-out noise, counts a point.
    fluorescence
        Range of the background's largest value, × ν1; a smooth positive cubic.
    bare
        Share of spectra that have no background at all.
    spikes
        Mean number of cosmic-ray spikes in a spectrum; each 1 to 3 points wide.
    resolution
        FWHM of the instrument's response, cm⁻¹. Tabulated widths hold at the mineral's own.
    stretch
        Largest relative error of the axis, either way.
    orientation
        Range of one amplitude per band (crystal orientation, log-uniform), ν1 fixed; how much of it
        a spectrum shows is drawn too, from a powder's nothing to all. None: none.
    ranges
        What may be recorded: alternatives, equally likely, of one or more (low, high) stretches.
    saturation
        Photographic plate: the light, × ν1, at which blackening saturates; None: linear.
    exposure
        Range of the exposure of a plate, log-uniform: longer ones saturate earlier. What is read
        is brought back to the units of ``saturation``, as no plate says how long it was exposed.
    grain
        Relative noise of the plate's grain; multiplies the response.

    >>> Instrument(resolution=8.0, spikes=2.0).resolution
    8.0
    """

    name: str = "custom"
    laser: float = 532.0
    power: float | None = None
    time: float = 1.0
    efficiency: float = 100.0
    readout: float = 2.0
    fluorescence: Range = (0.0, 3.0)
    bare: float = 0.0
    spikes: float = 0.3
    resolution: float = 4.0
    stretch: float = 0.0
    orientation: Range | None = None
    ranges: tuple[tuple[Range, ...], ...] = (((100.0, 4000.0),),)
    saturation: float | None = None
    exposure: Range = (1.0, 1.0)
    grain: float = 0.0

    def __post_init__(self) -> None:
        try:
            self._check()
        except InstrumentError:
            raise
        except (TypeError, ValueError, IndexError):
            raise InstrumentError("error.instrument_type") from None

    def _check(self) -> None:
        for name in ("efficiency", "time", "resolution", "laser", "power", "saturation"):
            value = getattr(self, name)
            if value is not None and not (np.isfinite(value) and value > 0):
                raise InstrumentError("error.positive", name=name, value=value)
        for name in ("readout", "spikes", "stretch", "grain"):
            if not 0 <= getattr(self, name) <= LARGEST:
                value = getattr(self, name)
                raise InstrumentError("error.limits", name=name, value=value, low=0, high=LARGEST)
        if not self.ranges or not all(self.ranges):
            raise InstrumentError("error.ranges")
        if not all(np.isfinite(hi - lo) and hi > lo for option in self.ranges for lo, hi in option):
            raise InstrumentError("error.ranges")
        low, high = self.fluorescence
        if not 0 <= low <= high <= LARGEST:
            raise InstrumentError("error.span", name="fluorescence", smallest=0)
        if not 0 <= self.bare <= 1:
            raise InstrumentError("error.limits", name="bare", value=self.bare, low=0, high=1)
        if not 0.01 <= self.exposure[0] <= self.exposure[1] <= 100:
            raise InstrumentError("error.span", name="exposure", smallest=0.01)
        if (
            self.orientation is not None
            and not 0.01 <= self.orientation[0] <= self.orientation[1] <= 100
        ):
            raise InstrumentError("error.span", name="orientation", smallest=0.01)

    @property
    def counts(self) -> float | None:
        """Counts at the reference ν1; None where the purity factor decides."""
        return None if self.power is None else self.power * self.time * self.efficiency

    @staticmethod
    def preset(name: str, mineral: Mineral | None = None) -> Instrument:
        """A known spectrometer: ``lab-532``, ``portable-785`` or ``rasetti``.

        A plate is exposed where the ``mineral`` has bands: in its windows.
        """
        if not isinstance(name, str) or name not in PRESETS:
            known = ", ".join(PRESETS)
            raise InstrumentError("error.unknown_instrument", name=str(name)[:80], known=known)
        found = PRESETS[name]
        if mineral is None or found.ranges != (BOTH_WINDOWS,):
            return found
        return replace(found, ranges=(tuple((w.low, w.high) for w in mineral.windows),))

    def at(self, counts: float) -> Instrument:
        """The same instrument with this many counts at the reference ν1."""
        return replace(self, power=counts / (self.time * self.efficiency))

    def recorded(self, wavenumber: NDArray[np.float64]) -> NDArray[np.bool_]:
        """(alternatives, N) True where a point lies in one of the alternative's stretches."""
        return np.array(
            [
                np.any([(wavenumber >= lo) & (wavenumber <= hi) for lo, hi in option], axis=0)
                for option in self.ranges
            ]
        )


# Fingerprint and OH stretch, for want of a mineral.
BOTH_WINDOWS = ((100.0, 1300.0), (3000.0, 3800.0))

# "rasetti": crystals lit by the mercury resonance line, 2537 Å, on a photographic plate (R. S.
# Krishnan 1945, Nature 156:267, on Rasetti's spectrum of rock-salt and his own after it). Slit,
# plate response and grain are our estimates of such an arrangement, not taken from a paper.
PRESETS = {
    "lab-532": Instrument(
        "lab-532", laser=532.0, power=10.0, stretch=2e-4, orientation=ORIENTATION
    ),
    "portable-785": Instrument(
        "portable-785",
        laser=785.0,
        power=1.0,
        resolution=8.0,
        readout=6.0,
        fluorescence=(0.3, 3.0),
        stretch=5e-4,
        orientation=ORIENTATION,
        ranges=(((100.0, 3000.0),),),
    ),
    "rasetti": Instrument(
        "rasetti",
        laser=253.65,
        power=3.0,
        resolution=10.0,
        fluorescence=(0.0, 0.3),
        spikes=0.0,
        stretch=5e-4,
        saturation=1.5,
        grain=0.03,
        ranges=(BOTH_WINDOWS,),
    ),
}
