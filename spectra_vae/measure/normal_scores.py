"""How novel does a normal measurement look? Simulated ones, as dirty as nature, tell."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from ..simulation.dirty import DirtyTrials, simulate_dirty
from ..simulation.instrument import Instrument
from ..simulation.nuisances import NATURE
from .detection.novelty import is_faint
from .detection.preparation import Files, alike
from .detection.refit import judge
from .fitting.grid import Model

STEP = 1.5  # cm⁻¹ between the points of these files
BEYOND = 300.0  # cm⁻¹: half of them end so far behind the strongest band
MIDDLE = 0.9  # of the factors' ranges


def normal_scores(
    model: Model, nodes: tuple[float, ...], n: int, seed: int
) -> list[tuple[float, float]]:
    """log₁₀ counts and the score of ``n`` files for each of the ``nodes`` [log₁₀ counts]; those in
    which the mineral drowns have none.
    """
    found = []
    for data in _trials(model, nodes, n, seed):
        spectra = data.spectra
        for members in alike(spectra):
            for one in judge(model, Files.of([spectra[k] for k in members])).judged:
                if is_faint(one.fits, one.k):
                    continue
                found.append((float(one.fits.counts[one.k]), one.novelty().score))
    return found


def _trials(model: Model, nodes: tuple[float, ...], n: int, seed: int) -> Iterator[DirtyTrials]:
    m, axis = model.mineral, model.wavenumber
    ends = (float(axis[-1]), min(float(axis[-1]), m.main.position + BEYOND))
    low, high = (1 - MIDDLE) / 2, (1 + MIDDLE) / 2
    for k, node in enumerate(nodes):
        half = (nodes[1] - nodes[0]) / 2 if len(nodes) > 1 else 0.0
        for j, end in enumerate(ends):
            own = seed + 10 * k + j
            rng, some = np.random.default_rng(own), n // 2
            counts = rng.uniform(node - half, node + half, some)
            factors: dict[str, NDArray[np.float64]] = {
                f.name: counts
                if f.effect == "counts"
                else f.low + (f.high - f.low) * rng.uniform(low, high, some)
                for f in m.factors
            }
            x = np.arange(axis[0], end, STEP)
            device = Instrument(spikes=0.0)
            yield simulate_dirty(m, some, device, NATURE, own, factors=factors, wavenumber=x)
