"""Simulated measurements as dirty as nature, with everything that is true about them.

For calibration and detection, not for what a model is to learn. Order: bands → resolution →
response, of the background too → counts → spikes and full wells → filling in and smoothing → seams
→ rounding → blocks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ..minerals import Mineral
from ..spectra.spectrum import Spectrum
from .defects import add_spikes, block, clip
from .detector import add_cosmic_rays, expose
from .instrument import Instrument
from .light import Light, TrueBands, arriving, chunks
from .nuisances import NATURE, SWITCHES, NuisanceError, Nuisances
from .simulate import Drawn, as_mineral, counted, drawn
from .software import Seams, Software, quantise

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class DirtyTrials:
    """n files and the truth about them; curves (n, N) in units of the reference ν1.

    ``dirty``: the files, NaN where nothing was recorded. ``bands``: the true background-free curve,
    whatever bands it has, as the instrument shows it; ``extra`` of it is a foreign band's or a
    second phase's. ``background``: the rest of the light, steps of stitching included.
    ``deviation``: σ of the noise of each point before software. So ``dirty − bands − background``
    over ``deviation`` is N(0, 1) where neither software nor a defect changed the points.

    ``shift`` (n,) cm⁻¹: where a file shows the strongest band, its own jitter left out, less the
    table's position; ``factors``' shift holds no error of the axis. ``resolution`` (n,) FWHM, cm⁻¹.
    ``spiked``, ``clipped``, ``blocked`` (n, N): points that hold anything of such a defect.
    ``software`` says what was done to each file, ``quantum`` (n,) to which step it was rounded.
    """

    mineral: Mineral
    device: Instrument
    nuisances: Nuisances
    wavenumber: Array
    dirty: Array
    bands: Array
    extra: Array
    background: Array
    deviation: Array
    table: TrueBands
    factors: dict[str, Array]
    shift: Array
    counts: Array
    resolution: Array
    triangular: Mask
    spiked: Mask
    clipped: Mask
    blocked: Mask
    software: Software
    quantum: Array

    def __len__(self) -> int:
        return len(self.dirty)

    @property
    def light(self) -> Array:
        """(n, N) bands and background, as the file shows them."""
        return self.bands + self.background

    @cached_property
    def clean(self) -> Array:
        """(n, N) the mineral's spectra without any nuisance: a model's targets."""
        out = np.empty_like(self.bands)
        for rows in chunks(len(self)):
            some = {name: v[rows] for name, v in self.factors.items()}
            out[rows] = self.mineral.parts(self.wavenumber, some).sum(axis=-2)
        return out

    @property
    def spectra(self) -> list[Spectrum]:
        """The files; points where nothing was recorded are left out."""
        recorded = np.isfinite(self.dirty)
        return [
            Spectrum(self.wavenumber[r], y[r]) for y, r in zip(self.dirty, recorded, strict=True)
        ]


def simulate_dirty(
    mineral: str | Mineral,
    n: int,
    instrument: Instrument | str | None = None,
    nuisances: Nuisances = NATURE,
    seed: int = 0,
    *,
    factors: Mapping[str, ArrayLike] | None = None,
    wavenumber: ArrayLike | None = None,
    second: str | Mineral | None = None,
    dtype: type[np.floating[Any]] = np.float64,
) -> DirtyTrials:
    """``n`` files of a mineral; with all switches off exactly those of :func:`~.simulate.simulate`
    (of an instrument with alternative ranges: alike, but with other spikes).

    Arguments as there. ``second``: the mineral that the nuisance ``second`` mixes in. ``dtype``
    float32 draws bands three times faster, exact to 1e-6.

    Raises
    ------
    SpectraVaeError
        An unknown mineral, instrument or factor; numbers that can't be meant.
    """
    m, device, x, values, rng = drawn(mineral, n, instrument, seed, factors, wavenumber)
    if nuisances.second and second is None:
        raise NuisanceError("error.no_second")
    values, counts = counted(m, device, values)
    chance = generators(seed)
    other = None if second is None else as_mineral(second)
    asked = Drawn(m, device, x, values, rng)
    light = arriving(asked, nuisances, other, chance, dtype)
    return _filed(asked, nuisances, light, counts, chance)


def generators(seed: int) -> dict[str, np.random.Generator]:
    """One of its own for each nuisance, so that a switch changes nothing but its own doing."""
    return {
        name: np.random.default_rng(np.random.SeedSequence(seed, spawn_key=(k,)))
        for k, name in enumerate(SWITCHES)
    }


def _filed(
    asked: Drawn,
    nuisances: Nuisances,
    light: Light,
    counts: Array,
    chance: dict[str, np.random.Generator],
) -> DirtyTrials:
    """What a detector and its software make of ``light``."""
    m, device, x, values, _ = asked
    n, scale, main = len(counts), counts[:, None], m.bands.index(m.main)
    software = Software.draw(nuisances, x, light.resolution, m.main.position, chance)
    measured, recorded, spiked, clipped = _detected(
        asked, nuisances, light, software, counts, chance
    )
    measured = software.apply(measured)
    deviation = np.sqrt(np.maximum(light.total, 0) / scale + (device.readout / scale) ** 2)
    unit = light.table.height[:, main]
    seams = Seams.draw(nuisances.stitching, n, x, unit, chance["stitching"])
    if seams is not None:
        measured = measured * seams.gain + seams.offset
        light = light.times(seams.gain, seams.gain_at(light.table.position))
        light = replace(light, background=light.background + seams.offset)
        deviation = deviation * seams.gain
    quantum = quantise(measured, nuisances.quantising, chance["quantising"])
    # Last, so that a block is of one value to the last digit, as files have it.
    blocked = block(measured, x, m, nuisances.blocks, chance["blocks"])
    return DirtyTrials(
        mineral=m,
        device=device,
        nuisances=nuisances,
        wavenumber=x,
        dirty=np.where(recorded, measured, np.nan),
        bands=light.bands,
        extra=light.extra,
        background=light.background,
        deviation=deviation,
        table=light.table,
        factors=values,
        shift=light.shift,
        counts=counts,
        resolution=light.resolution,
        triangular=light.triangular,
        spiked=software.reached(spiked),
        clipped=software.reached(clipped),
        blocked=blocked,
        software=software,
        quantum=quantum,
    )


def _detected(
    asked: Drawn,
    nuisances: Nuisances,
    light: Light,
    software: Software,
    counts: Array,
    chance: dict[str, np.random.Generator],
) -> tuple[Array, Mask, Mask, Mask]:
    """Readings (n, N), where they were recorded, and where cosmic rays and full wells are."""
    device, x, rng = asked.device, asked.wavenumber, asked.rng
    still = replace(device, fluorescence=(0.0, 0.0), spikes=0.0)
    measured, recorded = expose(still, light.total, x, counts, rng)
    quiet = measured.copy()
    add_cosmic_rays(measured, device.spikes, rng)
    spiked = measured != quiet
    spiked |= add_spikes(measured, nuisances.spikes, software.apart, chance["spikes"])
    full = clip(measured, quiet.max(axis=1), nuisances.clipping, chance["clipping"])
    return measured, recorded, spiked, full
