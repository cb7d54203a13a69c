"""Which bands there are: found greedily, fitted together, merged, dropped by what they explain."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.signal import correlate

from . import background
from .baseline import AUTOMATIC
from .candidates import Candidate, candidates
from .joint_fit import OH, WIDEST, WIDEST_OH, Problem, errors, fit
from .measurement import Measurement
from .merging import merge
from .model import Bands, State
from .noise import noise_of
from .parts import SMALLEST
from .splitting import split, started

Array = NDArray[np.float64]

ROUNDS, A_ROUND = 9, 10  # looks at the residual, and bands of a look
MOST_BANDS = 80
FIRST = 6.0  # σ of a candidate in the first looks
# σ of the last candidates, and a band's price, as often as the fit still misses: in the end a line
# shape that is no pseudo-Voigt may have what explains it, as far as bands stand apart.
STAGES = ((4.0, 1.0), (3.5, 1.0), (2.5, 0.4))
AIM = 0.007  # of the strongest band: what a fit may miss
OF_TALLEST = 0.12  # of a look's tallest: what is lower may be its flank
PARAMETERS = 4  # of a band
FARTHEST_OFFSET = 30.0  # cm⁻¹ between two files' axes
QUICK, THOROUGH = 6, 30  # steps of a fit in between, and of the last
HASTY = 2  # times that bands are dropped in between


@dataclass(frozen=True, eq=False)
class Found:
    """The end of a search: where the fit stands, errors, what was merged and what was too wide.

    ``position_error``, ``log_width_error``, ``lean_error`` (K,) and ``height_error`` (F, K) are
    standard errors.
    """

    problem: Problem
    state: State
    table_error: Array
    height_error: Array
    merged: tuple[tuple[float, float], ...]
    too_wide: tuple[float, ...]


class Look(NamedTuple):
    """How far a search is: its bands, and what they miss (see :func:`misfit`)."""

    bands: int
    misfit: float


OnLook = Callable[[Look], None]


def search(
    files: Sequence[Measurement],
    resolution: float,
    baseline: str = AUTOMATIC,
    on_look: OnLook = lambda _: None,
    stages: Sequence[tuple[float, float]] = STAGES,
) -> Found:
    """The bands of ``files``, spectra of one substance; none when nothing stands out.

    ``baseline``: one of ``baseline.BASELINES``. ``on_look`` is called after each look. ``stages``:
    a first few of :data:`STAGES` are quicker.
    """
    files = [_with_sharing(one, baseline) for one in files]
    problem, state = _begin(files, baseline)
    state = replace(state, offset=_offsets(problem))
    merged: list[tuple[float, float]] = []
    too_wide: list[float] = []
    for faintest, share in stages if len(files) == 1 else stages[: len(STAGES) - 1]:
        problem = replace(problem, price=share)
        problem, state = _stage(problem, state, resolution, faintest, merged, on_look)
        state = split(problem, state, resolution, price(problem))
        problem, state = _finish(problem, state, merged, too_wide)
        _tell(problem, state, on_look)
        if not len(state.bands) or misfit(problem, state) < AIM:
            break
    state = state.with_bands(state.bands.take(np.argsort(state.bands.position)))
    count = len(state.bands)
    table, height = errors(problem, state) if count else (np.zeros((3, 0)), state.bands.height)
    return Found(problem, state, table, height, tuple(merged), tuple(too_wide))


def misfit(problem: Problem, state: State) -> float:
    """RMS of what is left over, relative to the strongest band, in the worst of the files."""
    return max(
        float(np.sqrt(np.mean(problem.residual(state, f)[file.usable] ** 2)))
        / float(state.bands.height[f].max())
        for f, file in enumerate(problem.files)
    )


def _stage(
    problem: Problem,
    state: State,
    resolution: float,
    faintest: float,
    merged: list[tuple[float, float]],
    on_look: OnLook,
) -> tuple[Problem, State]:
    """Bands added look by look, the tallest first, until none is left above ``faintest`` σ."""
    for turn in range(ROUNDS):
        least = max(FIRST, faintest) if turn < 2 else faintest
        new = _look(problem, state, resolution, least)
        if not new and turn < 2:
            continue
        if not new or len(state.bands) + len(new) > MOST_BANDS:
            break
        state = state.with_bands(state.bands.with_more(started(new, len(problem.files))))
        problem = problem.reweighted(state)
        state = fit(problem, state, QUICK)
        state = merge(problem, state, merged)
        before = len(state.bands)
        state = _drop(problem, state, HASTY)
        _tell(problem, state, on_look)
        if turn > 2 and before - len(state.bands) >= len(new):
            break
    return problem, state


def _finish(
    problem: Problem, state: State, merged: list[tuple[float, float]], too_wide: list[float]
) -> tuple[Problem, State]:
    """Fitted to the end, as often as something is still merged or dropped."""
    while True:
        problem = problem.reweighted(state)
        state = fit(problem, state, THOROUGH)
        count = len(state.bands)
        problem, state = _without_wide(problem, state, too_wide)
        state = _drop(problem, merge(problem, state, merged))
        if len(state.bands) == count:
            return problem, state


def _tell(problem: Problem, state: State, on_look: OnLook) -> None:
    if len(state.bands):
        on_look(Look(len(state.bands), misfit(problem, state)))


def _with_sharing(file: Measurement, baseline: str) -> Measurement:
    """The noise with how far neighbours share it, from the quickest part of the curve."""
    rough = file.y - background.start(file.x, file.y, file.usable, baseline)
    first = noise_of(rough, file.usable, file.step, robust=True)
    return file.with_noise(first)


def _begin(files: Sequence[Measurement], baseline: str) -> tuple[Problem, State]:
    bases, begin, sigma = [], [], []
    for file in files:
        basis = basis_of(file, baseline)
        under = background.start(file.x, file.y, file.usable, baseline)
        ridge = 1e-6 * np.eye(basis.shape[1])
        bases.append(basis)
        begin.append(np.asarray(np.linalg.solve(basis.T @ basis + ridge, basis.T @ under), float))
        sigma.append(np.full(len(file.x), file.noise.sigma))
    problem = Problem(files, bases, begin, sigma, baseline=baseline)
    return problem, State(Bands.none(len(files)), np.zeros(len(files)), tuple(begin))


def basis_of(file: Measurement, baseline: str) -> Array:
    """(N, B) of the background over the file's points."""
    return background.basis(file.x, float(file.x[0]), float(file.x[-1]), baseline)


def _offsets(problem: Problem) -> Array:
    """How much higher each file's axis reads than the first one's, cm⁻¹."""
    first, found = problem.files[0], [0.0]
    for f, file in enumerate(problem.files[1:], start=1):
        low, high = max(first.x[0], file.x[0]), min(first.x[-1], file.x[-1])
        if high - low < 4 * FARTHEST_OFFSET:
            found.append(0.0)
            continue
        even = np.arange(low, high, 0.5)
        one, other = (
            np.interp(
                even, problem.files[k].x, problem.files[k].y - problem.bases[k] @ problem.begin[k]
            )
            for k in (0, f)
        )
        one, other = np.sqrt(np.maximum(one, 0)), np.sqrt(np.maximum(other, 0))
        match = correlate(other, one, mode="full", method="fft")
        lag = (np.arange(len(match)) - len(even) + 1) * 0.5
        match = np.where(np.abs(lag) <= FARTHEST_OFFSET, match, -np.inf)
        found.append(float(lag[int(np.argmax(match))]))
    return np.array(found)


def _look(problem: Problem, state: State, resolution: float, least: float) -> list[Candidate]:
    """New candidates in any of the files, on the table's own axis."""
    found: list[Candidate] = []
    for f, file in enumerate(problem.files):
        left = problem.residual(state, f)
        bands = state.bands
        top = float(max(bands.height[f].max(initial=0.0), left.max(initial=0.0)))
        taken = bands.position + state.offset[f], bands.width
        for one in candidates(file, left, problem.sigma[f], taken, 0.8 * resolution, A_ROUND):
            place = one.position - state.offset[f]
            near = any(abs(place - c.position) < max(c.width, one.width) for c in found)
            if one.significance > least and one.height > SMALLEST * top and not near:
                found.append(replace(one, position=place))
    if not found:
        return []
    tallest = max(c.height for c in found)
    return [c for c in found if c.height > OF_TALLEST * tallest]


def _drop(problem: Problem, state: State, most: int = MOST_BANDS) -> State:
    """Without bands that explain less than their parameters cost (BIC), one after another."""
    for _ in range(most):
        if not len(state.bands):
            break
        bands = state.bands
        _, height_error = errors(problem, state)
        explained = ((bands.height / np.maximum(height_error, 1e-12)) ** 2).sum(axis=0)
        largest = bands.height.max(axis=1, keepdims=True)
        faint = (bands.height < SMALLEST * largest).all(axis=0) | ~_inside(problem, state)
        gone = faint | (explained < price(problem))
        if not gone.any():
            break
        if not faint.any():
            weakest = np.argsort(np.where(gone, explained, np.inf))
            faint[weakest[: max(1, int(gone.sum()) // 2)]] = True
        state = fit(problem, state.with_bands(bands.take(~faint)), QUICK)
    return state


def _without_wide(problem: Problem, state: State, too_wide: list[float]) -> tuple[Problem, State]:
    """What is too wide for a band joins the background, which is fitted again."""
    bands = state.bands
    wide = bands.width > np.where(bands.position > OH, WIDEST_OH, WIDEST)
    if not wide.any():
        return problem, state
    too_wide.extend(bands.position[wide].tolist())
    begin, now = list(problem.begin), list(state.background)
    for f, file in enumerate(problem.files):
        curve = bands.take(wide).curves(file.x, state.offset[f], f).sum(axis=1)
        more = np.linalg.lstsq(problem.bases[f], curve, rcond=None)[0]
        begin[f], now[f] = begin[f] + more, now[f] + more
    problem = replace(problem, begin=begin)
    state = State(bands.take(~wide), state.offset, tuple(now))
    return problem, fit(problem, state, THOROUGH)


def price(problem: Problem) -> float:
    """What a band must explain (BIC, or a share of it)."""
    points = sum(f.usable.sum() / f.noise.shared for f in problem.files)
    return float(problem.price * PARAMETERS * np.log(max(points, 10.0)))


def _inside(problem: Problem, state: State) -> NDArray[np.bool_]:
    """(K,) Is the band's place within one of the files?"""
    place, found = state.bands.position, np.zeros(len(state.bands), dtype=bool)
    for file, offset in zip(problem.files, state.offset, strict=True):
        found |= (place + offset >= file.x[0]) & (place + offset <= file.x[-1])
    return found
