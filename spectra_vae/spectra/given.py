"""What callers give with a measurement, refused in words before any work."""

from __future__ import annotations

from collections.abc import Iterable
from numbers import Real
from typing import Any

import numpy as np

from .spectrum import Spectrum, SpectrumError

COARSEST = 1000.0  # cm⁻¹: no spectrometer resolves less


def several(given: object, *also: type) -> list[Any]:
    """The spectra in ``given``, a list or another iterable; things of types ``also`` may be in it.

    Raises
    ------
    SpectrumError
        Something in it is neither, or it is itself no list of spectra: a path, an array.
    """
    no_list = isinstance(given, str | bytes | np.ndarray) or not isinstance(given, Iterable)
    found = [given] if no_list else list(given)  # type: ignore[call-overload]
    for one in found:
        if not isinstance(one, (Spectrum, *also)):
            raise SpectrumError("error.not_spectrum", kind=type(one).__name__)
    return found


def is_resolution(value: float) -> bool:
    """Whether a spectrometer may have it, cm⁻¹."""
    return 0 < value < COARSEST


def check_resolution(value: object, coarsest: float = COARSEST) -> None:
    """Refuse what is no resolution, cm⁻¹, or not below ``coarsest``; None is nothing told."""
    if value is None:
        return
    if not isinstance(value, Real) or isinstance(value, bool):
        raise SpectrumError("error.resolution", value=" ".join(repr(value).split())[:40])
    if not 0 < float(value) < coarsest:
        raise SpectrumError("error.resolution", value=value)
