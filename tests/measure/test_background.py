"""The background: reproduces every cubic, takes no band of the mineral for itself."""

from __future__ import annotations

import numpy as np
import pytest

from spectra_vae.measure.fitting.background import background_basis

AXES = {
    "whole": np.arange(100.0, 4000.0),
    "low": np.arange(150.0, 1300.0),
    "two stretches": np.concatenate([np.arange(150.0, 1300.0), np.arange(3000.0, 3750.0, 2.0)]),
    "narrow": np.arange(900.0, 1100.0),
    "20 points": np.linspace(300.0, 320.0, 20),
}
# The widest band to be restored: the OH stretch of an amorphous sample.
WIDEST = 87.0


def left_over(basis, curve):
    return curve - basis @ np.linalg.lstsq(basis, curve, rcond=None)[0]


@pytest.mark.parametrize("x", AXES.values(), ids=AXES)
@pytest.mark.parametrize("degree", range(4))
def test_cubics_are_reproduced_exactly(x, degree):
    u = (x - x.mean()) / np.ptp(x)
    curve = u**degree
    for widest in (0.0, 180.0):
        assert abs(left_over(background_basis(x, widest), curve)).max() < 1e-9


@pytest.mark.parametrize("x", AXES.values(), ids=AXES)
def test_columns_are_smooth_positive_and_each_meets_a_point(x):
    basis = background_basis(x)
    assert (basis >= 0).all() and (basis.max(axis=0) > 0).all()
    assert np.linalg.matrix_rank(basis) == basis.shape[1]
    assert basis.shape[1] < len(x)


@pytest.mark.parametrize("position", [600.0, 1008.0, 3450.0])
@pytest.mark.parametrize(
    "x", [AXES["whole"], AXES["two stretches"]], ids=["whole", "two stretches"]
)
def test_it_cannot_follow_the_widest_band(x, position):
    band = np.exp(-4 * np.log(2) * ((x - position) / WIDEST) ** 2)
    left = left_over(background_basis(x), band)
    assert np.square(left).sum() / np.square(band).sum() > 0.4
    assert left[np.argmin(abs(x - position))] > 0.6


@pytest.mark.parametrize("width", [180.0, 250.0])
def test_where_hydrogen_bonds_are_it_cannot_follow_wider_ones_either(width):
    x = AXES["whole"]
    bands = np.exp(-4 * np.log(2) * ((x[:, None] - np.arange(3200.0, 3420.0, 40.0)) / width) ** 2)
    usual, wide = (
        np.square(left_over(background_basis(x, w), bands)).sum(axis=0).min() for w in (0.0, width)
    )
    assert wide > 1.3 * usual


@pytest.mark.parametrize("widest", [0.0, 87.0, 130.0])
def test_bands_as_wide_as_usual_change_nothing(widest):
    x = AXES["whole"]
    assert np.array_equal(background_basis(x, widest), background_basis(x))


@pytest.mark.parametrize("position", [414.0, 1008.0])
def test_it_leaves_a_crystalline_band_alone(position):
    x = AXES["low"]
    band = np.exp(-4 * np.log(2) * ((x - position) / 8) ** 2)
    left = left_over(background_basis(x), band)
    assert left[np.argmin(abs(x - position))] > 0.95
