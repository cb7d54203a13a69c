"""A draft with bands left out or merged, fitted again."""

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
