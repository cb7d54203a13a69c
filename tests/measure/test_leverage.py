"""What bands that are not the table's do to the strengths, and to their intervals."""

import numpy as np
import pytest

import spectra_vae as sv
from spectra_vae.measure.bands.leverage import moved_codes
from spectra_vae.measure.bands.local_fit import local_bands
from spectra_vae.measure.bands.shapes import HEIGHT, POSITION, WIDTH, bands_and_slopes
from spectra_vae.measure.detection.preparation import Files
from spectra_vae.measure.detection.refit import judge
from spectra_vae.simulation.trials import trials

SMALL = 0.04  # of the log of a width


@pytest.fixture(scope="module")
def fitted(vs):
    """A spectrum on its axis, and a function that fits another one there."""
    data = trials(vs.mineral, vs.wavenumber, 1, 3_000.0, 7)
    x = data.spectra[0].wavenumber

    def fit(y):
        return judge(vs, Files.of([sv.Spectrum(x, y)])).judged[0].fits

    return data.spectra[0].intensity, fit


def one_alone(fits, position):
    """The band nearest to ``position`` as the fit has it, the others without height, and its
    index.
    """
    bands = local_bands(fits, [0], np.zeros((1, len(fits.grid.x)))).start[0].copy()
    at = int(np.abs(bands[:, POSITION] - position).argmin())
    bands[np.arange(len(bands)) != at, HEIGHT] = 0.0
    return bands, at


@pytest.mark.parametrize("position", [3406, 3493])
def test_a_wider_band_moves_the_strength_as_far_as_foretold(vs, fitted, position):
    y, fit = fitted
    before = fit(y)
    bands, at = one_alone(before, position)
    foretold = np.sqrt(moved_codes(before, 0, bands, np.array([0.0, SMALL, 0.0])))
    wider = bands.copy()
    wider[at, WIDTH] += SMALL
    wider[at, HEIGHT] *= np.exp(-SMALL)
    change = np.subtract(
        *(bands_and_slopes(before.grid.x[None], b[None])[0] for b in (wider, bands))
    )
    after = fit(y + change[0] * np.ptp(y))
    j = before.grid.free.index(vs.controls["hydration"])
    assert abs(after.codes[0, j] - before.codes[0, j]) == pytest.approx(foretold[j], rel=0.2)


def test_bands_that_are_the_table_s_move_nothing(fitted):
    y, fit = fitted
    before = fit(y)
    bands, _ = one_alone(before, 3406)
    assert not moved_codes(before, 0, bands, np.zeros(3)).any()
