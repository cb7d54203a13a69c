"""The bands of a file that no mineral explains, searched as those of a pure substance are."""

from __future__ import annotations

from ...measure.mixture.fit import fit
from ...measure.mixture.fitted import Fit
from ...measure.mixture.phases import misfit_of, refined, sigma_of
from ..band_search import STAGES, search
from ..baseline import asked_for
from ..measurement import Measurement
from .foreign import OF_TALLEST, with_bands

RESOLUTION = 4.0  # cm⁻¹ (FWHM): nothing is narrower than most of it


def searched(m: Measurement, bare: Fit) -> Fit:
    """``bare``, a fit of the background alone, with all bands that a search finds; as it is where
    it finds none.
    """
    found = search([m], RESOLUTION, asked_for(m.spectrum), stages=STAGES[:1])
    if not len(found.state.bands):
        return bare
    scan, bands = bare.scan, found.state.bands
    columns = {
        "position": bands.position,
        "height": bands.height[0] * m.span / scan.unit,
        "width": bands.width,
        "mixing": bands.mixing,
    }
    sigma = sigma_of(scan, misfit_of(bare), OF_TALLEST)
    return refined(fit(scan, with_bands(bare.mixture, columns), sigma), OF_TALLEST)
