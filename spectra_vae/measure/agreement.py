"""Do the bands agree on where the strongest one says they are?

A mineral of another family has its strongest band somewhere near, and the others elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..minerals import Band
from .fits import Fits

Array = NDArray[np.float64]

FAR = 5.0  # cm⁻¹: a shift beyond needs witnesses
WITNESSES = 3  # bands, the strongest among them
REACH = 10.0  # cm⁻¹ either side in which a band is looked for
SEEN = 5.0  # σ
EXPECTED = 8.0  # σ that a band of 0.4 × its height must have before it is missed
ABSENT = 3.0  # σ
TOLERANCE = (1.5, 0.2)  # cm⁻¹, and widths
WEAKEST = 0.4
CONTRADICTED = 2  # bands that stand elsewhere or are missing: another family
FOUR_LN2 = 4 * np.log(2)


@dataclass(frozen=True)
class Agreement:
    """Names of bands by their verdict: where expected, elsewhere, or not at all; and the shift.

    ``factor``: the position's factor if its code can't be believed.
    """

    agree: tuple[Band, ...] = ()
    moved: tuple[Band, ...] = ()
    missing: tuple[Band, ...] = ()
    factor: str | None = None

    @property
    def wrong(self) -> bool:
        """Another family: several bands contradict, no fewer than agree with the strongest."""
        against = len(self.moved) + len(self.missing)
        return against >= CONTRADICTED and against >= len(self.agree) - 1

    @property
    def where(self) -> str:
        """The table's positions of the bands that contradict."""
        bands = sorted((*self.moved, *self.missing), key=lambda b: b.position)
        return ", ".join(f"{b.position:.0f}" for b in bands)


def agreement(fits: Fits, k: int, foreign: bool) -> Agreement:
    """The verdict on each band of fit k that the file covers; ``foreign``: others stand out."""
    mineral = fits.grid.model.mineral
    found: dict[str, list[Band]] = {"agree": [mineral.main], "moved": [], "missing": []}
    for band in fits.bands:
        verdict = _verdict(fits, k, band)
        if verdict is not None:
            found[verdict].append(band)
    agree, moved, missing = (tuple(found[name]) for name in ("agree", "moved", "missing"))
    position = mineral.of_effect("position")
    far = position is not None and abs(float(fits.main.shift[k])) > FAR
    doubted = far and (len(agree) < WITNESSES or bool(missing) or foreign)
    return Agreement(agree, moved, missing, position.name if doubted and position else None)


def _verdict(fits: Fits, k: int, band: Band) -> str | None:
    """Where a band stands: a matched filter at displacements, the other bands taken off."""
    x = fits.grid.x
    width = band.width * float(fits.main.width[k])
    expected = band.position + float(fits.main.shift[k])
    near = fits.used[k] & (np.abs(x - expected) < REACH + 1.5 * width)
    if (np.abs(x[near] - expected) < width / 2).sum() < 3:
        return None
    own = fits.explained[k][near] * fits.share(k, band, near)
    data, weight = fits.left[k][near] + own, 1 / fits.variance[k][near]
    displacement = np.linspace(-REACH, REACH, 21)
    offset = x[near] - expected - displacement[:, None]
    shape = np.exp(-FOUR_LN2 * (offset / width) ** 2)
    power = np.sqrt((shape**2) @ weight)
    significance = (shape * weight) @ data / np.maximum(power, 1e-300)
    height = float(own.max(initial=0.0))
    best = int(np.argmax(significance))
    tolerance = max(TOLERANCE[0], TOLERANCE[1] * width, 1.5 * width / max(significance[best], 1e-3))
    close = np.abs(displacement) <= tolerance
    if significance[best] >= SEEN and abs(displacement[best]) > tolerance:
        return "moved"
    if significance[close].max() >= ABSENT:
        return "agree"
    return "missing" if WEAKEST * height * power[len(power) // 2] > EXPECTED else None
