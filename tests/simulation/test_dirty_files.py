"""What detector and software leave in a file: each switch alone does what it says."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from dirtied import GYPSUM, MAIN, QUIET, X, deviations, noisy, quiet

from spectra_vae.simulation.dirty import simulate_dirty
from spectra_vae.simulation.nuisances import CLEAN, Nuisances
from spectra_vae.simulation.software import FILTERS, kernel

# --- detector and file ----------------------------------------------------------------------------


def test_spikes_stand_anywhere_ends_included_and_are_one_to_four_points_wide():
    data = quiet(3000, Nuisances(spikes=1.0), np.arange(1100.0, 1160.0))
    hit = (data.dirty - data.bands) > 0.05
    assert (hit <= data.spiked).all() and data.spiked.any(axis=1).mean() == pytest.approx(
        1 - math.exp(-1), abs=0.03
    )
    columns = data.spiked.sum(axis=0)
    assert columns[0] > 10 and columns[-1] > 10 and columns.min() > 10
    single = data.spiked.sum(axis=1)
    assert {1, 2, 3, 4} <= set(single)
    above = (data.dirty - data.bands)[data.spiked]
    assert above.min() > 0.05


def test_the_instruments_own_spikes_are_told_too():
    data = simulate_dirty(GYPSUM, 400, replace(QUIET, spikes=1.0), CLEAN, wavenumber=X)
    assert data.spiked.any(axis=1).mean() == pytest.approx(1 - math.exp(-1), abs=0.08)
    np.testing.assert_array_equal(data.spiked, abs(data.dirty - data.bands) > 0.01)


def test_a_full_detector_cuts_the_tops_at_one_level():
    data = noisy(100, Nuisances(clipping=1.0), counts=4.0)
    assert data.clipped.any(axis=1).all()
    for y, full in zip(data.dirty, data.clipped, strict=True):
        assert np.ptp(y[full]) == 0 and y[full][0] == y.max()
    reached = data.dirty.max(axis=1) / data.light.max(axis=1)
    assert reached.min() > 0.35 and reached.max() < 1
    assert noisy(200, Nuisances(clipping=0.2)).clipped.any(axis=1).mean() == pytest.approx(
        0.2, abs=0.1
    )


def test_a_block_holds_one_value_and_spares_the_main_band():
    data = noisy(300, Nuisances(blocks=1.0, smoothing=0.5))
    some = data.blocked.any(axis=1)
    assert some.mean() > 0.8 and not data.blocked[:, abs(X - 1008) < 60].any()
    values = [np.unique(y[b]) for y, b in zip(data.dirty[some], data.blocked[some], strict=True)]
    assert all(len(v) == 1 for v in values)
    assert 0.3 < np.mean([v[0] == 0 for v in values]) < 0.7
    assert data.blocked[:, 0].any() and data.blocked[:, -1].any()
    assert (data.blocked.sum(axis=1)[some] < 0.13 * len(X)).all()


def test_values_are_rounded_to_steps():
    data = noisy(50, Nuisances(quantising=1.0))
    steps = data.dirty / data.quantum[:, None]
    np.testing.assert_allclose(steps, np.round(steps), atol=1e-6)
    levels = abs(data.dirty).max(axis=1) / data.quantum
    assert levels.min() >= 2**7 - 1 and levels.max() <= 2**12 + 1


def test_a_seam_is_a_factor_and_an_offset_and_overlapping_ranges_alternate():
    plain, data = (quiet(400, n) for n in (CLEAN, Nuisances(stitching=1.0)))
    gain = data.bands / plain.bands
    np.testing.assert_allclose(gain[:, 0], 1)
    assert np.log(gain[:, -1]).std() == pytest.approx(0.1, rel=0.15)
    assert data.background[:, -1].std() == pytest.approx(0.1, rel=0.15)
    np.testing.assert_allclose(data.dirty, data.bands + data.background, atol=1e-3)
    jumps = np.sum(abs(np.diff(gain, axis=1)) > 1e-9, axis=1)
    assert np.mean(jumps == 1) == pytest.approx(0.5, abs=0.12) and jumps.max() <= 32
    main = gain[:, abs(X - 1008).argmin()]
    np.testing.assert_allclose(data.table.height[:, MAIN], main)


# --- software -------------------------------------------------------------------------------------


def test_smoothing_leaves_the_noise_that_its_kernel_makes():
    flat = replace(QUIET, power=None, fluorescence=(1.0, 1.0), readout=2.0)
    data = noisy(360, Nuisances(smoothing=1.0), instrument=flat)
    left = deviations(data)
    for k, (points, degree) in enumerate(FILTERS):
        rows = data.software.filter == k
        weights = kernel(points, degree)
        assert weights.sum() == pytest.approx(1) and rows.sum() > 15
        quiet_part = (X > 1300) & (X < 3300)
        noise = left[rows][:, quiet_part]
        assert noise.std() == pytest.approx(math.sqrt((weights**2).sum()), rel=0.04)
        near = np.mean(noise[:, 1:] * noise[:, :-1]) / noise.var()
        expected = (weights[1:] * weights[:-1]).sum() / (weights**2).sum()
        assert near == pytest.approx(expected, abs=0.03)


def test_a_savitzky_golay_kernel_keeps_polynomials():
    x = np.linspace(-1, 1, 41)
    for points, degree in FILTERS:
        y = x**degree - 0.3
        smooth = np.convolve(y, kernel(points, degree), mode="valid")
        half = points // 2
        np.testing.assert_allclose(smooth, y[half:-half], atol=1e-12)


def test_interpolated_points_hold_no_noise_of_their_own():
    data = noisy(200, Nuisances(interpolation=1.0))
    assert set(data.software.apart) == {2}  # 2 cm⁻¹ and a resolution of 4: no coarser
    straight = ~data.software.cubic
    y = data.dirty[straight][:, :-1]
    middles = (y[:, :-2:2] + y[:, 2::2]) / 2
    np.testing.assert_allclose(y[:, 1:-1:2], middles, rtol=1e-9)
    measured = deviations(data)[:, ::2][~data.spiked[:, ::2]]
    assert measured.std() == pytest.approx(1, abs=0.02)
    finer = noisy(100, Nuisances(interpolation=1.0), np.arange(900.0, 1100.0, 0.5))
    assert set(finer.software.apart) == {2, 3, 4}


def test_what_software_made_of_a_spike_is_marked():
    data = quiet(200, Nuisances(spikes=2.0, smoothing=1.0, interpolation=0.5))
    off = abs(data.dirty - data.software.apply(data.bands)) > 5e-3
    assert off.any() and (off <= data.spiked).all()
