"""How many phases a measurement has: one after another, as long as each is worth its parameters."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from .fit import fit
from .fitted import Fit
from .further import further
from .mixture import EACH, Mixture
from .part import Part
from .scan import Scan

Array = NDArray[np.float64]

MOST = 3  # phases
QUICK = 8  # steps of a fit that only ranks
CLOSER = 2  # of the minerals that may be the next phase, fitted to the end
NEAR = 6.0  # of −2 ln of the evidence: nearer than that, minerals can't be told apart
ROUNDS = 3  # of adding phases and looking at each again
FIRST_MISFIT, LEAST_MISFIT = 0.05, 0.01  # of a point's height, that a line shape may be off
MOST_MISFIT = 0.15
UNSURE = 0.01  # of the tallest band, σ: what bands that no table lists come to
TALL = 0.1  # of the tallest band: where the line shape is looked at
PRICE = 1.0  # BIC's, as often: points of one band don't speak for themselves
SURE = (-0.75, 0.0)  # log odds at which a second phase is there, and a third
STRAINED = -4.0  # log odds below which a quick fit bends a mineral to explain what isn't its own
FOLLOWED = 5.0  # times what it seems worth, a phase may be when its bands' heights follow
CERTAIN = 3.0  # log odds beyond which nobody asks whether a phase is worth its parameters
LEAST = 2.0  # of −2 ln of the evidence that a further phase gains


@dataclass(frozen=True, eq=False)
class Next:
    """A part that may be in the file: as strong as ``gain``, ``shift`` [cm⁻¹] off the axis;
    ``worth``: by how much −2 ln of the posterior falls with it, at first sight.
    """

    part: Part
    gain: float
    shift: float
    worth: float


# What one more phase of a fit may be, likeliest first.
Search = Callable[[Fit], Sequence[Next]]
# Is the second fit, with one phase more, less or another, to be preferred to the first, as far as
# parameters alone don't tell?
Better = Callable[[Fit, Fit], bool]


def sigma_of(scan: Scan, misfit: float, least: float = UNSURE) -> Array:
    """(N,) errors of points whose bands' line shape is off by ``misfit`` of their height, and where
    bands that no table lists leave ``least`` of the tallest.
    """
    own = misfit * np.maximum(scan.y, 0.0)
    return np.asarray(np.sqrt(scan.noise**2 + least**2 + own**2))


def misfit_of(done: Fit) -> float:
    """How far the line shape is off where bands are tall, relative to their height."""
    curve = done.bands
    tall = done.scan.usable & (curve > TALL * float(curve.max(initial=0.0)))
    if tall.sum() < 5:
        return FIRST_MISFIT
    excess = np.maximum(done.left[tall] ** 2 - done.scan.noise**2, 0.0)
    ratio = float(np.sqrt(excess.sum() / (curve[tall] ** 2).sum()))
    return float(np.clip(ratio, LEAST_MISFIT, MOST_MISFIT))


@dataclass(frozen=True, eq=False)
class Mixed:
    """A fit of all phases; ``tied``: what can't be told from each of them, if there is any."""

    fit: Fit
    tied: dict[str, tuple[str, ...]]


def phases(start: Fit, search: Search, is_better: Better) -> Mixed:
    """The best mixture that the phases of ``start`` and more of those that ``search`` finds make.

    A phase that others make needless is dropped, and one that another mineral fits better is
    exchanged: what was taken for the first may have been the nearest thing that a fit of few
    phases left room for.
    """
    mixed = Mixed(start, {})
    for _ in range(ROUNDS):
        before = names = _names(mixed.fit)
        while len(names) < MOST and (more := _more(mixed.fit, search, is_better)):
            mixed, names = Mixed(more, {}), _names(more)
        if names == before and mixed.fit is not start:
            break
        mixed = _revised(mixed.fit, search, is_better)
        if _names(mixed.fit) == names:
            break
    return mixed


def _names(done: Fit) -> list[str]:
    return [part.name for part in done.mixture.parts]


def _more(done: Fit, search: Search, is_better: Better) -> Fit | None:
    """With the phase that is worth most, if one is worth its parameters."""
    count = len(done.mixture.parts)

    def strained(one: Fit) -> bool:
        return _odds(one, count) < STRAINED

    likely = sorted(
        (joined(done, one) for one in worthy(search(done))),
        key=lambda one: (strained(one), one.surprise),
    )
    closer = [refined(_anew(one)) for one in likely[:CLOSER]]
    judged = [(_odds(one, count), one) for one in closer]
    for odds, one in sorted(judged, key=lambda pair: pair[0], reverse=True):
        if odds > SURE[count - 1] and gained(done, one) > LEAST and is_better(done, one):
            return settled(one.scan, one.mixture)
    return None


def is_worth(before: Fit, after: Fit, p: int) -> bool:
    """Is phase ``p`` of the second fit there, and the fit worth its further parameters?"""
    sure = SURE[max(len(before.mixture.parts) - 1, 0)]
    return _odds(after, p) > sure and gained(before, after) > LEAST


def worthy(some: Sequence[Next]) -> list[Next]:
    """Those that may still explain as much as the one that seems worth most."""
    most = max((one.worth for one in some), default=0.0)
    return [one for one in some if one.worth * FOLLOWED > most]


def _anew(one: Fit) -> Fit:
    """``one``, or where a fit from the tables ends, if that is better: what fewer phases bent to
    explain all may not find its way back.
    """
    return min(one, fit(one.scan, one.mixture.straightened(), one.sigma), key=lambda f: f.cost)


def _odds(done: Fit, p: int) -> float:
    """Log odds of phase ``p``."""
    return further(done, p).odds


def _revised(done: Fit, search: Search, is_better: Better) -> Mixed:
    """Every phase once more: is it needed, and is no other mineral likelier in its place?"""
    tied: dict[str, tuple[str, ...]] = {}
    for one in reversed(done.mixture.parts):
        if len(done.mixture.parts) < 2:
            break
        p = done.mixture.parts.index(one)
        less = fit(done.scan, done.mixture.without(p), done.sigma, QUICK)
        if _is_needless(done, p, less) and is_better(done, less):
            done = settled(less.scan, less.mixture)
            continue
        options = {one.name: done}
        others = (other for other in worthy(search(less)) if other.part.name != one.name)
        options |= {other.part.name: joined(less, other) for other in others}
        name = min(options, key=lambda name: options[name].surprise)
        likeliest = options[name]
        if name != one.name and is_better(done, likeliest):
            done = refined(likeliest)
        else:
            name = one.name
        limit = options[name].surprise + NEAR
        near = (n for n, option in options.items() if n != name and option.surprise < limit)
        tied[name] = tuple(near)
    return Mixed(done, {name: others for name, others in tied.items() if others})


def _is_needless(done: Fit, p: int, less: Fit) -> bool:
    """Is phase ``p`` unlikely, or is it not worth its parameters beside a fit of ``less``?"""
    odds = _odds(done, p)
    return odds < SURE[0] or (odds < CERTAIN and gained(refined(less), done) < 0)


def settled(scan: Scan, start: Mixture) -> Fit:
    """Fitted with the errors that its own line shape's misfit asks for."""
    done = fit(scan, start, sigma_of(scan, FIRST_MISFIT))
    return refined(refined(done))


def refined(done: Fit, least: float = UNSURE) -> Fit:
    """Fitted again with the errors that its line shape's misfit asks for."""
    return fit(done.scan, done.mixture, sigma_of(done.scan, misfit_of(done), least))


def joined(done: Fit, one: Next) -> Fit:
    """With one more phase, with the same errors."""
    m = done.mixture
    wider = replace(
        m,
        parts=(*m.parts, one.part),
        phases=np.vstack([m.phases, [np.log(max(one.gain, 1e-3)), one.shift, 0.0]]),
        bands=np.vstack([m.bands, np.zeros((len(one.part), 3))]),
    )
    return fit(done.scan, wider, done.sigma, QUICK)


def gained(before: Fit, after: Fit) -> float:
    """What more phases explain over what their parameters cost (BIC), beyond what the line shapes
    of fewer may be off by.
    """
    points = after.scan.usable.sum() / after.scan.shared
    new = len(after.mixture.parts) - len(before.mixture.parts)
    alike = fit(after.scan, after.mixture, before.sigma, QUICK)
    price = PRICE * EACH * new * np.log(max(points, 10.0))
    return float(before.cost - alike.cost - price)
