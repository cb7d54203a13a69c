"""How many phases a measurement has: one after another, as long as each is worth its parameters."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from .fit import fit
from .fitted import Fit
from .mixture import EACH, Mixture, begin
from .part import Part
from .scan import Scan

Array = NDArray[np.float64]

MOST = 3  # phases
TOLD = 3.0  # cm⁻², σ of the squared resolution where it was told
QUICK = 8  # steps of a fit that only ranks
CLOSER = 2  # of the minerals that may be the next phase, fitted to the end
FIRST_MISFIT, LEAST_MISFIT = 0.05, 0.01  # of a point's height, that a line shape may be off
MOST_MISFIT = 0.15
OF_TALLEST = 0.003  # the same of the tallest band
TALL = 0.1  # of the tallest band: where the line shape is looked at
PRICE = 3.0  # BIC's, as often: real line shapes aren't those of the tables
STRONG = 5.0  # σ of a phase's strongest band
OWN = 0.25  # of a phase's bands' roots of height that stand out where nothing else explains them

# What may be in a residual: (scan, what is left, fit so far) → parts with shift and gain.
Search = Callable[[Scan, Fit], Sequence[tuple[Part, float]]]


def sigma_of(scan: Scan, misfit: float) -> Array:
    """(N,) errors of points whose bands' line shape is off by ``misfit`` of their height."""
    own = misfit * np.maximum(scan.y, 0.0)
    return np.asarray(np.sqrt(scan.noise**2 + OF_TALLEST**2 + own**2))


def misfit_of(done: Fit) -> float:
    """How far the line shape is off where bands are tall, relative to their height."""
    curve = done.bands
    tall = done.scan.usable & (curve > TALL * float(curve.max(initial=0.0)))
    if tall.sum() < 5:
        return FIRST_MISFIT
    excess = np.maximum(done.left[tall] ** 2 - done.scan.noise**2, 0.0)
    ratio = float(np.sqrt(excess.sum() / (curve[tall] ** 2).sum()))
    return float(np.clip(ratio, LEAST_MISFIT, MOST_MISFIT))


def phases(
    scan: Scan,
    first: Part,
    shift: float,
    gain: float,
    search: Search,
    is_better: Callable[[Fit, Fit], bool],
    blur: float | None = None,
) -> Fit:
    """The best mixture that has ``first`` in it, ``shift`` cm⁻¹ away and as strong as ``gain``.

    ``search`` says what may be the next phase, ``is_better`` whether a fit with it (second) is to
    be preferred to one without (first), as far as parameters alone don't tell; ``blur``: the
    instrument's squared resolution less the tables' [cm⁻²], None: unknown.
    """
    start = begin(scan, [first], shift, [gain])
    if blur is not None:
        start = replace(start, blur=(blur, TOLD))
    done = settled(scan, start)
    while len(done.mixture.parts) < MOST:
        more = [joined(done, part, gain) for part, gain in search(scan, done)]
        likely = sorted(more, key=lambda one: one.cost)[:CLOSER]
        closer = [fit(scan, one.mixture, sigma_of(scan, misfit_of(one))) for one in likely]
        worth = [(gained(done, one), one) for one in closer]
        worth = [(value, one) for value, one in worth if value > 0 and own_share(one) > OWN]
        ranked = sorted(worth, key=lambda pair: -pair[0])
        better = next((one for _, one in ranked if is_better(done, one)), None)
        if better is None:
            break
        done = settled(scan, better.mixture)
    return done


def settled(scan: Scan, start: Mixture) -> Fit:
    """Fitted with the errors that its own line shape's misfit asks for."""
    done = fit(scan, start, sigma_of(scan, FIRST_MISFIT))
    for _ in range(2):
        done = fit(scan, done.mixture, sigma_of(scan, misfit_of(done)))
    return done


def joined(done: Fit, part: Part, gain: float) -> Fit:
    """With one more phase, with the same errors."""
    m = done.mixture
    wider = replace(
        m,
        parts=(*m.parts, part),
        phases=np.vstack([m.phases, [np.log(max(gain, 1e-3)), 0.0, 0.0]]),
        bands=np.vstack([m.bands, np.zeros((len(part), 3))]),
    )
    return fit(done.scan, wider, done.sigma, QUICK)


def gained(before: Fit, after: Fit) -> float:
    """What more phases explain over what their parameters cost (BIC)."""
    points = after.scan.usable.sum() / after.scan.shared
    new = len(after.mixture.parts) - len(before.mixture.parts)
    alike = fit(before.scan, before.mixture, after.sigma)
    return float(alike.cost - after.cost - PRICE * EACH * new * np.log(max(points, 10.0)))


def own_share(done: Fit) -> float:
    """Of the last phase's bands, by the roots of their tabulated heights: how many stand out where
    the other phases are lower.
    """
    m = done.mixture
    last = len(m.parts) - 1
    position, height, _, _ = m.placed(done.scan)
    mine = m.owner == last
    others = done.bands - done.phase(last)
    at = np.interp(position[mine], done.scan.x, others)
    sigma = np.interp(position[mine], done.scan.x, done.sigma)
    seen = (height[mine] > at) & (height[mine] > STRONG * sigma)
    root = np.sqrt(m.parts[last].height)
    return float(root @ seen / root.sum())
