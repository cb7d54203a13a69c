"""From the end of a search to a draft: the table in its unit, curves in the files' own."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..minerals import parse
from . import background
from .band_search import Found
from .doubts import doubts_of
from .draft import Draft
from .groups import guess
from .heights import heights_of
from .measurement import Measurement
from .model import MIXING_ENDS
from .noise import growth_of, heard
from .parts import DraftBand, DraftFile
from .table import table_of

Array = NDArray[np.float64]


def drafted(found: Found, name: str, resolution: float, told: bool, date: str) -> Draft:
    """The draft of what was found."""
    gain, height, scatter = heights_of(found)
    bands = _bands(found, gain, height, scatter)
    files = tuple(_file(found, f, float(gain[f])) for f in range(len(gain)))
    counts = np.array([one.fitted.sum() for one in files], float)
    misfit, noise = (
        float(np.sqrt(np.average([getattr(one, key) ** 2 for one in files], weights=counts)))
        for key in ("misfit", "noise")
    )
    doubts = doubts_of(found, bands, files, misfit, noise, resolution, told)
    mineral = parse(table_of(name, bands, files, date, resolution))
    return Draft(mineral, misfit, noise, doubts, bands, files, resolution, told, date, found)


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
    ends = float(file.x[0]), float(file.x[-1])
    under = background.basis(x, *ends, found.problem.baseline) @ state.background[f]
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
    return max(quiet * growth_of(left, signal, file.kept), file.rounding)
