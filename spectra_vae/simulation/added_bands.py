"""Bands beside a mineral's table: its own weak ones, foreign ones, a second phase's."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..minerals import Mineral
from ..minerals.profile import Profiles, unit_area
from .nuisances import Nuisances

Array = NDArray[np.float64]

WEAK, WEAK_WIDTH, WEAK_MIXING = (0.005, 0.04), (6.0, 20.0), (0.2, 1.0)
BESIDE = (8.0, 30.0)  # cm⁻¹ from a known band
STRONG, STRONG_WIDTH = (0.2, 1.0), (6.0, 18.0)
CLEARANCE = 25.0  # cm⁻¹ between a foreign band and the mineral's
COARSE = 4.0  # cm⁻¹: where points stand farther apart, a narrow band may have none
OWN_MIXING = (0.2, 1.0)


def jittered(own: Profiles, switches: Nuisances, rng: dict[str, np.random.Generator]) -> Profiles:
    """Bands (n, bands), each moved, widened and mixed by itself; areas are kept."""
    shape = own.position.shape
    n = len(own.position)
    if switches.position:
        moved = own.position + rng["position"].normal(0, switches.position, shape)
        own = Profiles(moved, own.height, own.width, own.mixing)
    width, mixing = own.width, own.mixing
    if switches.width:
        width = width * np.exp(rng["width"].normal(0, switches.width, shape))
    if switches.mixing:
        some = rng["mixing"].random((n, 1)) < switches.mixing
        mixing = np.where(some, rng["mixing"].uniform(*OWN_MIXING, shape), mixing)
    return own if width is own.width and mixing is own.mixing else own.reshaped(width, mixing)


def unlisted(
    mineral: Mineral, main: Array, x: Array, count: int, rng: np.random.Generator
) -> Profiles:
    """Weak bands (n, count) that the table lacks; ``main`` (n,) is the main band's height."""
    shape = (len(main), count)
    known = rng.choice(mineral.table["position"], shape)
    beside = known + rng.choice((-1.0, 1.0), shape) * rng.uniform(*BESIDE, shape)
    anywhere = rng.uniform(x.min(), x.max(), shape)
    position = np.where(np.arange(count) % 2 == 0, beside, anywhere)
    height = main[:, None] * np.exp(rng.uniform(np.log(WEAK[0]), np.log(WEAK[1]), shape))
    return Profiles(
        position, height, rng.uniform(*WEAK_WIDTH, shape), rng.uniform(*WEAK_MIXING, shape)
    )


def foreign(
    mineral: Mineral, main: Array, x: Array, count: int, rng: np.random.Generator
) -> Profiles:
    """Bands (n, count) that the mineral can't have; ``main`` (n,) is the main band's height."""
    shape = (len(main), count)
    return Profiles(
        _free_places(mineral, x, shape, rng),
        main[:, None] * rng.uniform(*STRONG, shape),
        rng.uniform(*STRONG_WIDTH, shape),
        rng.uniform(0, 1, shape),
    )


def _free_places(
    mineral: Mineral, x: Array, shape: tuple[int, int], rng: np.random.Generator
) -> Array:
    """Uniform over the cm⁻¹ of ``x`` that are finely sampled and far from the mineral's bands."""
    step = np.abs(np.gradient(x))
    near = np.abs(x[:, None] - mineral.table["position"]).min(axis=1) < CLEARANCE
    ends = (x < x.min() + STRONG_WIDTH[1]) | (x > x.max() - STRONG_WIDTH[1])
    weight = np.where(near | ends | (step > COARSE), 0.0, step)
    weight = weight if weight.any() else step
    at = rng.choice(len(x), shape, p=weight / weight.sum())
    return np.asarray(x[at] + rng.uniform(-0.5, 0.5, shape) * step[at])


def second_phase(own: Mineral, other: Mineral, share: float, scale: Array) -> Profiles:
    """Bands (n, bands) of ``other``, of which the area is ``share`` of the summed one; ``scale``
    (n,) is the spectrum's. At its reference, and as ``own``'s tabulated resolution shows it.
    """
    areas = [
        float((m.table["height"] * m.widths() * unit_area(m.table["mixing"])).sum())
        for m in (own, other)
    ]
    bands = other.profiles({}).seen(other.resolution, own.resolution)
    height = bands.height * (share * areas[0] / areas[1]) * scale[:, None]
    position, width, mixing = (
        np.broadcast_to(a, height.shape) for a in (bands.position, bands.width, bands.mixing)
    )
    return Profiles(position, height, width, mixing)
