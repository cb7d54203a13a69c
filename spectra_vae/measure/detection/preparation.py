"""Spectra on their way into a fit: checked, scaled, with spikes and clipped tops left out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ...spectra.defects import constant_blocks, spikes, steps, texture, wild_ends
from ...spectra.given import check_resolution
from ...spectra.spectrum import MIN_POINTS, Spectrum, SpectrumError
from ..fitting.grid import Model
from ..fitting.noise import first_noise, running_median

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

CHUNK = 256  # spectra fitted together, at most
FEW = 64  # are not worth a second thread


def check(model: Model, spectrum: Spectrum, resolution: float | None) -> None:
    """Refuse what can't be restored: a resolution that is none, a file outside the model's axis."""
    check_resolution(resolution)
    x, axis = spectrum.wavenumber, model.wavenumber
    if ((x >= axis[0]) & (x <= axis[-1])).sum() < MIN_POINTS:
        ends = {"low": f"{x[0]:.0f}", "high": f"{x[-1]:.0f}"}
        raise SpectrumError("error.outside", **ends, first=f"{axis[0]:.0f}", last=f"{axis[-1]:.0f}")


def alike(spectra: Sequence[Spectrum], threads: int = 1) -> Iterator[list[int]]:
    """Indices of spectra that share an axis, in even chunks, enough for ``threads``."""
    by_axis: dict[bytes, list[int]] = {}
    for k, one in enumerate(spectra):
        by_axis.setdefault(one.wavenumber.tobytes(), []).append(k)
    for members in by_axis.values():
        wide = max(1, min(threads, len(members) // FEW))
        rounds = -(-len(members) // (CHUNK * wide))
        for part in np.array_split(members, wide * rounds):
            yield part.tolist()


@dataclass(frozen=True, eq=False)
class Files:
    """B spectra on one axis, on their way in: y (B, N) from 0 to 1, what of it is usable, noise.

    ``zero``, ``span`` (B,) undo the scaling; ``noise`` (2, B) floor and slope of the scaled y.
    """

    spectra: Sequence[Spectrum]
    y: Array
    level: Array
    zero: Array
    span: Array
    noise: Array
    clipped: Mask
    spiked: Mask
    dead: Mask  # in a block of one repeated value
    step: Array  # (B, N) taken off y, where the level steps between two joined ranges

    @staticmethod
    def of(spectra: Sequence[Spectrum]) -> Files:
        measured = np.stack([one.intensity for one in spectra])
        tops = np.array([float(one.meta.get("clipped", np.inf)) for one in spectra])
        clipped = measured >= tops[:, None]
        dead = np.stack([constant_blocks(row) for row in measured])
        zero = measured.min(axis=1, where=~dead, initial=np.inf)
        span = measured.max(axis=1) - zero
        y = np.maximum(measured - zero[:, None], 0.0) / span[:, None]
        level = running_median(y)
        floor, slope = first_noise(spectra[0].segments, y, level, clipped | dead)
        variance = floor[:, None] + slope[:, None] * y
        x = spectra[0].wavenumber
        sigma = np.sqrt(variance)
        rough = texture(y, sigma)
        joined = [steps(x, *rows) for rows in zip(y, rough, clipped | dead, strict=True)]
        step = np.zeros_like(y)
        for k, some in enumerate(joined):
            for at, height in some:
                step[k, at:] += height
        y = y - step
        if any(joined):
            level = running_median(y)
        wild = np.zeros_like(dead)
        for s in spectra[0].segments:
            wild[:, s] = [wild_ends(*rows) for rows in zip(y[:, s], rough[:, s], strict=True)]
        spiked = (spikes(x, y, sigma, rough) | wild) & ~(clipped | dead)
        noise = np.stack([floor, slope])
        return Files(spectra, y, level, zero, span, noise, clipped, spiked, dead, step)

    def joined(self, k: int) -> list[float]:
        """The wavenumbers from which spectrum k continues on another level, cm⁻¹."""
        return [float(v) for v in self.spectra[k].wavenumber[1:][np.diff(self.step[k]) != 0]]

    @cached_property
    def usable(self) -> Mask:
        return ~(self.clipped | self.spiked | self.dead)
