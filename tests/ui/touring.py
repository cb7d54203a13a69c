"""What a step of the tour goes through: shared by the tests of what it says."""

import numpy as np

from spectra_vae import mineral
from spectra_vae.spectra.bands import area, peak
from spectra_vae.ui.views.tour.steps import STEPS

GYPSUM = mineral("gypsum")
WINDOWS = GYPSUM.spans
STEP = {step.name: step for step in STEPS}


def moved(vs, neuron, points=41):
    """What a step's slider goes through: areas relative to the origin, ν1's position and width."""
    n = vs.neurons[neuron]
    curves = vs.scan(neuron, np.linspace(n.low, n.high, points))
    x, origin = vs.wavenumber, vs.decode(vs.origin)
    share = {
        g: np.array([area(x, y, *w) for y in curves]) / area(x, origin, *w)
        for g, w in WINDOWS.items()
    }
    peaks = np.array([peak(x, y, 968.0, 1048.0) for y in curves])
    return curves, share["water"], share["sulfate"], peaks


def most(vs, row, group):
    """The largest change in a window."""
    low, high = WINDOWS[group]
    return np.abs(row[(vs.wavenumber > low) & (vs.wavenumber < high)]).max()
