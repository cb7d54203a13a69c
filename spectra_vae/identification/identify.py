"""What is in a measurement, and how much of each: the library's search, then the fit of phases."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence
from typing import overload

from ..library.identify.templates import Templates
from ..library.measurement import COARSEST
from ..measure.mixture.part import Part
from ..minerals import Mineral, mineral
from ..minerals import minerals as all_minerals
from ..spectra.given import check_resolution, several
from ..spectra.spectrum import Spectrum
from .assemble import assembled
from .found import find
from .result import Identification


@overload
def identify(
    spectrum: Spectrum, minerals: Iterable[str] | None = None, resolution: float | None = None
) -> Identification: ...
@overload
def identify(
    spectrum: Sequence[Spectrum],
    minerals: Iterable[str] | None = None,
    resolution: float | None = None,
) -> list[Identification]: ...
def identify(
    spectrum: Spectrum | Sequence[Spectrum],
    minerals: Iterable[str] | None = None,
    resolution: float | None = None,
) -> Identification | list[Identification]:
    """Which minerals a measurement holds, with their fractions; or that none of them is in it.

    Parameters
    ----------
    spectrum
        A measurement, or several: each is identified by itself.
    minerals
        Names to choose from; None is the whole library.
    resolution
        FWHM [cm⁻¹] of the instrument; None lets the fit find how much wider bands are.

    Returns
    -------
    Identification
        ``verdict``, ``phases``, ``candidates``, curves and bands; a list for a list.

    Raises
    ------
    SpectrumError
        No spectrum, a resolution that is none, hardly a usable point.
    MineralError
        No such mineral.

    >>> x = np.arange(120.0, 1300.0)
    >>> noise = np.random.default_rng(0).normal(0, 0.005, len(x))
    >>> found = identify(Spectrum(x, 5 + mineral("calcite").spectrum(x) + noise))
    >>> found.verdict, [phase.mineral for phase in found.phases]
    ('identified', ['calcite'])
    """
    check_resolution(resolution, COARSEST)
    templates = _templates(_chosen(minerals))
    if isinstance(spectrum, Spectrum):
        return assembled(find(spectrum, templates, resolution), templates, resolution)
    return [
        assembled(find(one, templates, resolution), templates, resolution)
        for one in several(spectrum)
    ]


def _chosen(names: Iterable[str] | None) -> tuple[Mineral, ...]:
    if names is None:
        return tuple(mineral(name) for name in all_minerals())
    some = [names] if isinstance(names, str) else list(names)
    return tuple(mineral(name) for name in dict.fromkeys(some or all_minerals()))


def _templates(some: tuple[Mineral, ...]) -> Templates:
    """Of these minerals; those of the last few libraries are remembered."""
    return _drawn(tuple(_Same(one) for one in some))


class _Same:
    """A mineral as a key: the same table, not an equal one."""

    def __init__(self, one: Mineral) -> None:
        self.one = one

    def __hash__(self) -> int:
        return id(self.one)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and self.one is other.one


@functools.lru_cache(maxsize=4)
def _drawn(some: tuple[_Same, ...]) -> Templates:
    return Templates.of([Part.of(same.one) for same in some])
