"""Files of the reference mineral for tests of the dirty simulation, quiet ones and noisy ones."""

from __future__ import annotations

import numpy as np

from spectra_vae.minerals import mineral, parse
from spectra_vae.simulation.dirty import simulate_dirty
from spectra_vae.simulation.instrument import Instrument

GYPSUM = mineral("gypsum")
MAIN = GYPSUM.bands.index(GYPSUM.main)
X = np.arange(100.0, 3800.0, 2.0)
FINE = np.arange(850.0, 1250.0, 0.25)
QUIET = Instrument(power=1e9, fluorescence=(0.0, 0.0), spikes=0.0, readout=0.0)
FLAT = {"hydration": 1.0, "crystallinity": 0.755, "shift": 0.0, "intensity": 1.0}
CALCITE_LIKE = parse(
    {
        "name": "other",
        "formula": "O",
        "groups": [{"key": "anion", "label": {"en": "anion"}, "kind": "anion"}],
        "resolution": 2.0,
        "bands": [
            {
                "name": "ν1",
                "position": 1085.0,
                "height": 1.0,
                "width": 5.0,
                "mixing": 0.6,
                "group": "anion",
                "assignment": "stretch",
                "source": "made up",
            }
        ],
        "factors": [{"name": "size", "effect": "scale", "low": 0.5, "reference": 1, "high": 2}],
    }
)


def quiet(n, nuisances, x=X, seed=0, second=None, **given):
    """Nearly noise-free files of the reference mineral."""
    factors = {**FLAT, **given}
    return simulate_dirty(
        GYPSUM, n, QUIET, nuisances, seed, factors=factors, wavenumber=x, second=second
    )


def noisy(n, nuisances, x=X, seed=0, counts=3.0, instrument=None):
    factors = {**FLAT, "purity": counts}
    return simulate_dirty(GYPSUM, n, instrument, nuisances, seed, factors=factors, wavenumber=x)


def deviations(data):
    """(n, N) what is neither bands nor background, in σ."""
    return (data.dirty - data.bands - data.background) / data.deviation
