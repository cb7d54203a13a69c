"""Do the bands agree on where the strongest one says they are?

A mineral of another family has its strongest band somewhere near, and the others elsewhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...minerals import Band
from ...minerals.profile import FOUR_LN2
from ..fitting.fit_result import Fits

Array = NDArray[np.float64]

FAR = 5.0  # cm⁻¹: a shift beyond needs witnesses
WITNESSES = 3  # bands, the strongest among them
CERTAIN = 5  # bands, of all groups of the mineral: foreign ones beside them raise no doubt
REACH = 10.0  # cm⁻¹ either side in which a band is looked for
SEEN = 5.0  # σ
EXPECTED = 8.0  # σ that a band of 0.4 × its height must have before it is missed
ABSENT = 3.0  # σ
TOLERANCE = (1.5, 0.2)  # cm⁻¹, and widths
WEAKEST = 0.4
SHOULDER = 0.5  # of the curve at a band's place: a lesser one is another's shoulder, and tells none
CONTRADICTED = 2  # bands that stand elsewhere or are missing: another family


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
    def unwitnessed(self) -> bool:
        """The shift is too far for the few bands that agree, or for those that are missing."""
        few = len(self.agree) < WITNESSES or bool(self.missing)
        return self.factor is not None and few

    @property
    def where(self) -> str:
        """The table's positions of the bands that contradict."""
        bands = sorted((*self.moved, *self.missing), key=lambda b: b.position)
        return ", ".join(f"{b.position:.0f}" for b in bands)


def agreements(fits: Fits, rows: NDArray[np.intp], foreign: Sequence[bool]) -> list[Agreement]:
    """The verdicts on each band that the files of some fits cover.

    ``rows`` (R,) of the fits; ``foreign`` (R,): other bands stand out.
    """
    if not len(rows):
        return []
    mineral = fits.grid.model.mineral
    position, groups = mineral.the("position"), {b.group for b in mineral.bands}
    by_band = [_verdicts(fits, rows, band) for band in fits.bands]
    found = []
    for r, k in enumerate(rows):
        told: dict[str, list[Band]] = {"agree": [mineral.main], "moved": [], "missing": []}
        for band, verdicts in zip(fits.bands, by_band, strict=True):
            if verdicts[r]:
                told[verdicts[r]].append(band)
        agree, moved, missing = (tuple(told[name]) for name in ("agree", "moved", "missing"))
        far = position is not None and abs(float(fits.main.shift[k])) > FAR
        whole = groups <= {b.group for b in agree} and len(agree) >= CERTAIN
        few = len(agree) < WITNESSES or bool(missing)
        doubted = far and (few or (foreign[r] and not whole))
        factor = position.name if doubted and position else None
        found.append(Agreement(agree, moved, missing, factor))
    return found


def _verdicts(fits: Fits, rows: NDArray[np.intp], band: Band) -> list[str]:
    """Where a band stands in R fits: a matched filter at displacements, the other bands taken off.

    "" where the file doesn't say.
    """
    width = (band.width * fits.main.width[rows])[:, None]
    expected = (band.position + fits.main.shift[rows])[:, None]
    distance = np.abs(fits.grid.x - expected)
    near = fits.used[rows] & (distance < REACH + 1.5 * width)
    covered = (near & (distance < width / 2)).sum(axis=1) >= 3
    some = np.flatnonzero(near.any(axis=0))
    if not len(some):
        return [""] * len(rows)
    at = np.ix_(rows, np.arange(some[0], some[-1] + 1))
    near, x = near[:, at[1][0]], fits.grid.x[at[1][0]]
    share = fits.share(at, band)
    centre = np.abs(x - expected).argmin(axis=1)
    covered &= share[np.arange(len(rows)), centre] > SHOULDER
    own = fits.explained[at] * share * near
    data, weight = fits.left[at] + own, near / fits.together[at]
    displacement = np.linspace(-REACH, REACH, 21)
    offset = x - (expected + displacement)[:, :, None]
    shape = np.exp(-FOUR_LN2 * (offset / width[:, :, None]) ** 2)
    power = np.sqrt((shape**2 @ weight[:, :, None])[:, :, 0])
    pulled = (shape @ (weight * data)[:, :, None])[:, :, 0]
    significance = pulled / np.maximum(power, 1e-300)
    best, rest = significance.max(axis=1), displacement[significance.argmax(axis=1)]
    blur = 1.5 * width[:, 0] / np.maximum(best, 1e-3)
    tolerance = np.maximum(np.maximum(TOLERANCE[0], TOLERANCE[1] * width[:, 0]), blur)
    close = np.abs(displacement) <= tolerance[:, None]
    moved = (best >= SEEN) & (np.abs(rest) > tolerance)
    agree = np.where(close, significance, -np.inf).max(axis=1) >= ABSENT
    missing = WEAKEST * own.max(axis=1) * power[:, len(displacement) // 2] > EXPECTED
    told = np.select([~covered, moved, agree, missing], ["", "moved", "agree", "missing"], "")
    return [str(one) for one in told]
