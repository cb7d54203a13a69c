"""From the end of a search to a draft: the table in its unit, curves in the files' own."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..minerals import parse
from . import background
from .band_search import Found
from .doubts import doubts_of
from .draft import Draft, DraftBand, DraftFile
from .groups import guess
from .measurement import Measurement
from .model import MIXING_ENDS
from .noise import growth_of, heard
from .table import table_of

Array = NDArray[np.float64]

UNSEEN = 0.003  # of a file's highest band: a lower one counts as that
FEWEST_SHARED = 0.02  # of a file's highest band: what takes part in comparing gains


def drafted(found: Found, name: str, resolution: float, told: bool, date: str) -> Draft:
    """The draft of what was found."""
    gain, height, scatter = _heights(found)
    bands = _bands(found, gain, height, scatter)
    files = tuple(_file(found, f, float(gain[f])) for f in range(len(gain)))
    counts = np.array([one.fitted.sum() for one in files], float)
    misfit, noise = (
        float(np.sqrt(np.average([getattr(one, key) ** 2 for one in files], weights=counts)))
        for key in ("misfit", "noise")
    )
    doubts = doubts_of(found, bands, files, misfit, noise, resolution, told)
    mineral = parse(table_of(name, bands, [one.name for one in files], date, resolution))
    return Draft(mineral, misfit, noise, doubts, bands, files, resolution, told, date, found)


def covered(found: Found) -> NDArray[np.bool_]:
    """(F, K) Does the file reach the band?"""
    place = found.state.bands.position
    rows = [
        (place + o >= f.x[0]) & (place + o <= f.x[-1])
        for f, o in zip(found.problem.files, found.state.offset, strict=True)
    ]
    return np.array(rows)


def _heights(found: Found) -> tuple[Array, Array, Array]:
    """Each file's gain (F,) in its scaled unit, the table's heights (K,) and their scatter (K,).

    Heights differ between files as crystals lie: the table has the geometric mean of what the
    files say, each relative to the bands that all of them show.
    """
    bands, there = found.state.bands, covered(found)
    largest = bands.height.max(axis=1, keepdims=True)
    logs = np.log(np.maximum(bands.height, UNSEEN * largest))
    strong = there & (bands.height > FEWEST_SHARED * largest)
    shared = strong.all(axis=0)
    if not shared.any():
        shared = np.arange(len(bands)) == int(np.argmax(bands.height.sum(axis=0)))
    level = np.array([np.average(row[shared], weights=bands.width[shared]) for row in logs])
    relative = np.where(there, logs - level[:, None], np.nan)
    mean = np.nanmean(relative, axis=0)
    scatter = np.nanstd(relative, axis=0) * np.sqrt(len(logs) / max(len(logs) - 1, 1))
    top = float(mean.max())
    return np.exp(level + top), np.exp(mean - top), scatter


def _bands(found: Found, gain: Array, height: Array, scatter: Array) -> tuple[DraftBand, ...]:
    bands = found.state.bands
    relative = found.height_error / gain[:, None]
    error = np.sqrt(1 / np.maximum((1 / np.maximum(relative, 1e-12) ** 2).sum(axis=0), 1e-24))
    low, high = MIXING_ENDS
    share = (bands.mixing - low) / (high - low)
    lean = found.table_error[2] * (high - low) * share * (1 - share)
    several = len(gain) > 1
    return tuple(
        DraftBand(
            position=float(bands.position[k]),
            height=float(height[k]),
            width=float(bands.width[k]),
            mixing=float(bands.mixing[k]),
            group=group,
            position_error=float(found.table_error[0, k]),
            height_error=float(error[k]),
            width_error=float(found.table_error[1, k] * bands.width[k]),
            mixing_error=float(lean[k]),
            scatter=float(scatter[k]) if several else None,
        )
        for k, group in enumerate(guess(bands.position.tolist()))
    )


def _file(found: Found, f: int, gain: float) -> DraftFile:
    file, state = found.problem.files[f], found.state
    x = file.spectrum.wavenumber
    under = background.basis(x, float(file.x[0]), float(file.x[-1])) @ state.background[f]
    components = state.bands.curves(x, float(state.offset[f]), f).T
    left = file.full - under - components.sum(axis=0)
    return DraftFile(
        name=str(file.spectrum.meta.get("name", "")),
        wavenumber=x,
        measured=file.spectrum.intensity,
        background=under * file.span + file.zero,
        components=components * file.span,
        fitted=file.kept,
        offset=float(state.offset[f]),
        gain=gain * file.span,
        misfit=float(np.sqrt(np.mean(left[file.kept] ** 2))) / gain,
        noise=_noise(file, left, components.sum(axis=0)) / gain,
    )


def _noise(file: Measurement, left: Array, signal: Array) -> float:
    """The noise (scaled) of the file's own points, however slowly it changes."""
    quiet = heard(left, signal, file.kept, file.spectrum.step).sigma
    return quiet * growth_of(left, signal, file.kept)
