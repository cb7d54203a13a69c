"""How surely a fit shows one of its phases beside the others, in one number."""

from __future__ import annotations

from dataclasses import astuple, dataclass

import numpy as np
from numpy.typing import NDArray

from .fitted import Fit
from .mixture import HEIGHT, SHIFT, WIDER, WIDTH

Array = NDArray[np.float64]

STRONG = 5.0  # σ at which a band stands out
UNLISTED = 0.03  # of the others' tallest band: they may have bands that no table lists
ALONE = 0.045  # the same, where a phase shows no other band
NONE = 0.5  # bands: what none counts for

# A logistic regression on 1 220 tables that a fit of dirty made mixtures (shares .5 to .05, and
# pure ones) might have taken for a further phase, 511 of them rightly.
WEIGHTS = {
    "tabulated": 1.52,
    "seen": 1.25,
    "scatter": -5.88,
    "strain": -1.49,
    "moved": -1.78,
    "clear": 6.41,
}
CONSTANT = -4.04


@dataclass(frozen=True)
class Further:
    """What speaks for and against a phase.

    ``tabulated``: ln of how many bands it has, ``seen``: of how many stand out; ``scatter`` of
    their ln heights; ``strain``: what the priors cost a band, ``moved``: what they cost the phase
    by itself, its shift and its width, both as ln (1 + cost); ``clear``: the share of its bands
    that stand out, and stand free of the other phases'.
    """

    tabulated: float
    seen: float
    scatter: float
    strain: float
    moved: float
    clear: float

    @property
    def odds(self) -> float:
        """Log odds that the phase is there."""
        return CONSTANT + float(np.dot(list(WEIGHTS.values()), astuple(self)))


def further(done: Fit, p: int) -> Further:
    """Of phase ``p`` of a fit, by the roots of its bands' tabulated heights."""
    m, scan = done.mixture, done.scan
    mine = m.owner == p
    position, height, width, _ = (column[mine] for column in m.placed(scan))
    others = done.bands - done.phase(p)
    under = np.interp(position, scan.x, others)
    points = np.maximum(width / (scan.step * scan.shared), 1.0)
    stands = height * np.sqrt(points) / np.interp(position, scan.x, done.sigma)
    usual = np.sqrt(m.parts[p].height)
    usual = usual / usual.sum()
    free = height / (height + np.maximum(under, 0.0) + 1e-9)
    bands = m.bands[mine]
    strain = (
        bands / np.stack([_full(HEIGHT, bands), m.parts[p].loose, _full(WIDTH, bands)], 1)
    ) ** 2
    _, shift, wider = m.phases[p]
    return Further(
        tabulated=float(np.log(len(bands))),
        seen=float(np.log(max(_seen(height, stands, under, others), NONE))),
        scatter=float(np.sqrt(usual @ (bands[:, 0] - usual @ bands[:, 0]) ** 2)),
        strain=float(np.log1p(strain.sum() / len(bands))),
        moved=float(np.log1p((shift / SHIFT) ** 2 + (wider / WIDER) ** 2)),
        clear=float(usual @ (free * np.minimum(stands / STRONG, 1.0))),
    )


def _full(value: float, bands: Array) -> Array:
    return np.full(len(bands), value)


def _seen(height: Array, stands: Array, under: Array, others: Array) -> int:
    """How many bands stand out where other phases are lower, and can't be unlisted ones of them."""
    tallest = float(others.max(initial=0.0))
    seen = (height > under) & (stands > STRONG) & (height > UNLISTED * tallest)
    if seen.sum() == 1:
        seen &= height > ALONE * tallest
    return int(seen.sum())
