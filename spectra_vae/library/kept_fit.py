"""Where a search ended, as arrays that a job can leave behind: the files tell the rest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .band_search import Found, basis_of
from .baseline import BASELINES
from .joint_fit import Problem
from .measurement import Measurement
from .model import Bands, State
from .noise import Noise

Array = NDArray[np.float64]


def keep(found: Found, place: Path) -> None:
    """Write where a search ended; :func:`found_in` reads it."""
    arrays: dict[str, Any] = _arrays(found)
    with place.open("wb") as file:
        np.savez(file, **arrays)


def found_in(place: Path, files: Sequence[Measurement]) -> Found:
    """What :func:`keep` wrote of a search in ``files``.

    Raises
    ------
    ValueError, KeyError, OSError
        It is no such file, or one of other measurements.
    """
    with np.load(place, allow_pickle=False) as held:
        return _found({key: held[key] for key in held.files}, files)


def _arrays(found: Found) -> dict[str, Array]:
    problem, state, bands = found.problem, found.state, found.state.bands
    one = {
        "position": bands.position,
        "log_width": bands.log_width,
        "lean": bands.lean,
        "height": bands.height,
        "offset": state.offset,
        "table_error": found.table_error,
        "height_error": found.height_error,
        "merged": np.array(found.merged).reshape(-1, 2),
        "too_wide": np.array(found.too_wide),
        "noise": np.array([(file.noise.sigma, file.noise.shared) for file in problem.files]),
        "price": np.array(problem.price),
        "baseline": np.array(BASELINES.index(problem.baseline), float),
    }
    each = {"background": state.background, "begin": problem.begin, "sigma": problem.sigma}
    return one | {f"{key}_{f}": row for key, rows in each.items() for f, row in enumerate(rows)}


def _found(held: Mapping[str, Array], files: Sequence[Measurement]) -> Found:
    baseline = BASELINES[int(held["baseline"])]
    each = {
        key: tuple(held[f"{key}_{f}"] for f in range(len(files)))
        for key in ("background", "begin", "sigma")
    }
    noisy = [
        replace(file, noise=Noise(*map(float, noise)))
        for file, noise in zip(files, held["noise"], strict=True)
    ]
    if any(len(file.x) != len(row) for file, row in zip(files, each["sigma"], strict=True)):
        raise ValueError("kept of other measurements")
    bands = Bands(*(held[key] for key in ("position", "log_width", "lean", "height")))
    bases = [basis_of(file, baseline) for file in files]
    problem = Problem(noisy, bases, each["begin"], each["sigma"], float(held["price"]), baseline)
    return Found(
        problem,
        State(bands, held["offset"], each["background"]),
        held["table_error"],
        held["height_error"],
        tuple((float(a), float(b)) for a, b in held["merged"]),
        tuple(map(float, held["too_wide"])),
    )
