"""A draft with bands left out, merged or added, fitted again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from .band_search import Found
from .draft import Draft
from .error import LibraryError
from .joint_fit import errors, fit
from .merging import as_one
from .model import Bands
from .result import drafted

NEW_WIDTH, NEW_LEAN = 8.0, 0.4  # FWHM, cm⁻¹, and shape of a band that somebody adds
LEAST_NEW = 0.01  # of the strongest band: where it begins


def without(draft: Draft, bands: Sequence[int]) -> Draft:
    """The draft with some bands (indices) left out, fitted again.

    Raises
    ------
    LibraryError
        An index of no band, or no band would be left.
    """
    for k in bands:
        _check(draft, k)
    keep = np.array([k not in set(bands) for k in range(len(draft.bands))])
    if not keep.any():
        raise LibraryError("error.one_band_left")
    return _again(draft, draft.found.state.bands.take(keep))


def merged(draft: Draft, first: int, second: int) -> Draft:
    """The draft with two bands made one, fitted again.

    Raises
    ------
    LibraryError
        An index of no band, or twice the same.
    """
    _check(draft, first)
    _check(draft, second)
    if first == second:
        raise LibraryError("error.no_such_band", number=second + 1, count=len(draft.bands))
    return _again(draft, as_one(draft.found.state.bands, np.array([first, second])))


def added(draft: Draft, position: float) -> Draft:
    """The draft with one more band, at ``position`` [cm⁻¹] of the first file's axis, fitted again.

    Raises
    ------
    LibraryError
        The file doesn't reach there.
    """
    found = draft.found
    file, state = found.problem.files[0], found.state
    if not file.x[0] <= position <= file.x[-1]:
        ends = {"low": f"{file.x[0]:.0f}", "high": f"{file.x[-1]:.0f}"}
        raise LibraryError("error.band_beyond", position=f"{position:.0f}", **ends)
    left = float(np.interp(position, file.x, found.problem.residual(state, 0)))
    tallest = state.bands.height.max(axis=1, keepdims=True)
    share = max(left / float(tallest[0, 0]), LEAST_NEW)
    new = Bands(
        np.array([position - state.offset[0]]),
        np.log([max(NEW_WIDTH, 2 * file.step)]),
        np.array([NEW_LEAN]),
        share * tallest,
    )
    return _again(draft, state.bands.with_more(new))


def _again(draft: Draft, bands: Bands) -> Draft:
    found = draft.found
    state = fit(found.problem, found.state.with_bands(bands))
    state = state.with_bands(state.bands.take(np.argsort(state.bands.position)))
    table, height = errors(found.problem, state)
    new: Found = replace(found, state=state, table_error=table, height_error=height)
    return drafted(new, draft.name, draft.resolution, draft.resolution_told, draft.date)


def _check(draft: Draft, k: object) -> None:
    count = len(draft.bands)
    if isinstance(k, bool) or not isinstance(k, int) or not 0 <= k < count:
        number = k + 1 if isinstance(k, int) else str(k)[:20]
        raise LibraryError("error.no_such_band", number=number, count=count)
