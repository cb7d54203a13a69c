"""A simulator as dirty as nature: each switch alone does what it says, and the truth adds up."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from spectra_vae.minerals import MineralError, mineral, parse
from spectra_vae.minerals.profile import GAUSS_AREA, LORENTZ_AREA, Profiles
from spectra_vae.simulation.dirty import simulate_dirty
from spectra_vae.simulation.instrument import ORIENTATION, Instrument
from spectra_vae.simulation.nuisances import CLEAN, NATURE, SWITCHES, NuisanceError, Nuisances
from spectra_vae.simulation.simulate import simulate
from spectra_vae.simulation.slit import shown, through_triangle
from spectra_vae.simulation.software import FILTERS, kernel
from spectra_vae.spectra.bands import area, peak

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


# --- the whole ---------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [None, "lab-532", "portable-785", "rasetti"])
def test_with_everything_off_it_is_the_plain_simulation(name):
    plain = simulate("gypsum", 37, name, 5, wavenumber=X)
    dirty = simulate_dirty("gypsum", 37, name, CLEAN, 5, wavenumber=X)
    np.testing.assert_allclose(dirty.dirty, plain.dirty, rtol=1e-12)
    np.testing.assert_allclose(dirty.clean, plain.clean, rtol=1e-12)
    for factor, values in plain.factors.items():
        np.testing.assert_array_equal(dirty.factors[factor], values)


def test_a_seed_reproduces_everything():
    once, again, other = (simulate_dirty("gypsum", 9, seed=s, wavenumber=X) for s in (3, 3, 4))
    for name in ("dirty", "bands", "background", "deviation", "spiked", "shift", "quantum"):
        np.testing.assert_array_equal(getattr(once, name), getattr(again, name))
    np.testing.assert_array_equal(once.table.position, again.table.position)
    assert not np.array_equal(once.dirty, other.dirty)


AXIS = ("offset", "stretch", "bend")  # they move bands, which would hide what is asked


@pytest.mark.parametrize("other", [s for s in SWITCHES if s not in (*AXIS, "position")])
def test_a_switch_changes_nothing_of_what_another_one_draws(other):
    nature = replace(NATURE, foreign=1, second=0.2)
    alone = quiet(6, nature.only("position"))
    both = quiet(6, nature.only("position", other), second=CALCITE_LIKE)
    own = both.table.position[:, : len(GYPSUM.bands)]
    np.testing.assert_allclose(own, alone.table.position, rtol=1e-12)


@pytest.mark.parametrize("instrument", [None, "lab-532", "portable-785"])
def test_files_are_bands_background_and_noise(instrument):
    """Everything but what touches the points afterwards: noise is N(0, 1) in its own σ."""
    after = ("interpolation", "smoothing", "quantising", "clipping", "blocks", "spikes")
    nature = replace(NATURE, foreign=2, second=0.2, stitching=0.5).without(*after)
    data = simulate_dirty(
        "gypsum",
        60,
        instrument,
        nature,
        2,
        factors={} if instrument else {"purity": 3.5},
        wavenumber=X,
        second=CALCITE_LIKE,
    )
    left = deviations(data)[np.isfinite(data.dirty) & ~data.spiked]
    assert abs(left.mean()) < 5 / math.sqrt(left.size)
    assert left.std() == pytest.approx(1, abs=0.01)
    assert np.mean(abs(left) > 2.5758) == pytest.approx(0.01, abs=0.002)


def test_untouched_points_of_the_dirtiest_files_hold_the_truth_too():
    data = noisy(80, NATURE, counts=4.0)
    software = (data.software.apart > 1) | (data.software.filter >= 0) | (data.quantum > 0)
    good = ~(data.spiked | data.clipped | data.blocked)[~software]
    left = deviations(data)[~software][good]
    assert left.std() == pytest.approx(1, abs=0.02) and abs(left.mean()) < 0.02


def test_the_table_of_bands_is_the_curve():
    """The true bands, drawn again from their table, are the true curves."""
    nature = replace(NATURE, foreign=2, second=0.3, bend=0.5)
    nature = nature.without("triangle", "response", "etalon", "stitching")
    data = quiet(12, nature, second=CALCITE_LIKE)
    t = data.table
    assert list(t.kind) == ["own"] * 10 + ["unlisted"] * 3 + ["foreign"] * 2 + ["second"]
    mixing = (t.area / (t.height * t.fwhm) - GAUSS_AREA) / (LORENTZ_AREA - GAUSS_AREA)
    parts = Profiles(t.position, t.height, t.fwhm, mixing).at(X)
    np.testing.assert_allclose(parts.sum(axis=1), data.bands, atol=1e-9)
    np.testing.assert_allclose(parts[:, 13:].sum(axis=1), data.extra, atol=1e-9)


def test_spectra_leave_out_what_was_not_recorded():
    data = simulate_dirty("gypsum", 3, "portable-785", wavenumber=X)
    assert all(s.wavenumber[-1] <= 3000 for s in data.spectra)
    assert len(noisy(2, CLEAN).spectra[0]) == len(X)


def test_any_axis_will_do():
    for x in (X[::-1], np.geomspace(150.0, 3500.0, 400), None):
        data = simulate_dirty("gypsum", 4, None, replace(NATURE, foreign=1), wavenumber=x)
        assert np.isfinite(data.dirty).all() and len(data.spectra) == 4


# --- bands -------------------------------------------------------------------------------------


def test_positions_scatter_by_their_sigma_and_have_the_common_shift():
    data = quiet(400, NATURE.only("position"), FINE, shift=2.0)
    own = data.table.position - GYPSUM.table["position"]
    assert own.std() == pytest.approx(1.0, abs=0.05) and own.mean() == pytest.approx(2, abs=0.1)
    assert (data.shift == pytest.approx(2.0)) and abs(np.corrcoef(own.T)[0, 1:]).max() < 0.2
    for k in range(20):
        at, height, width = peak(FINE, data.dirty[k], 990, 1030)
        assert at == pytest.approx(data.table.position[k, MAIN], abs=0.05)
        assert height == pytest.approx(1, rel=0.02) and width == pytest.approx(6.1, rel=0.03)


@pytest.mark.parametrize("name", ["width", "mixing", "position"])
def test_shapes_scatter_and_keep_their_areas(name):
    data = quiet(400, NATURE.only(name))
    np.testing.assert_allclose(data.table.area, [[b.area for b in GYPSUM.bands]] * 400, rtol=1e-9)


def test_widths_scatter_by_a_fifth():
    data = quiet(400, NATURE.only("width"), FINE)
    own = np.log(data.table.fwhm / GYPSUM.table["width"])
    assert own.std() == pytest.approx(0.2, abs=0.01) and abs(own.mean()) < 0.02
    for k in range(20):
        assert peak(FINE, data.dirty[k], 960, 1060)[2] == pytest.approx(
            data.table.fwhm[k, MAIN], rel=0.03
        )


def test_mixings_change_the_height_between_areas_and_not_the_width():
    data = quiet(300, NATURE.only("mixing"), FINE)
    np.testing.assert_allclose(data.table.fwhm, np.tile(GYPSUM.table["width"], (300, 1)))
    height = data.table.height[:, MAIN]
    assert height.min() < 0.90 and height.max() > 1.10
    assert peak(FINE, data.dirty[0], 960, 1060)[2] == pytest.approx(6.1, rel=0.03)


def test_orientation_changes_heights_within_its_range_and_spares_the_main_band():
    data = quiet(400, NATURE.only("orientation"))
    ratio = data.table.height / GYPSUM.table["height"]
    assert (ratio[:, MAIN] == 1).all()
    assert ratio.min() >= ORIENTATION[0] and ratio.max() <= ORIENTATION[1]
    assert np.std(np.log(np.delete(ratio, MAIN, axis=1))) > 0.2


def test_unlisted_bands_are_weak_and_the_minerals_own():
    data = quiet(300, NATURE.only("unlisted"))
    some = data.table.kind == "unlisted"
    share = data.table.height[:, some]
    assert some.sum() == 3 and share.min() >= 0.005 and share.max() <= 0.04
    assert not data.extra.any()
    distance = abs(data.table.position[:, some][..., None] - GYPSUM.table["position"]).min(axis=2)
    assert (distance[:, 0] <= 30).all() and distance[:, 1].mean() > 60
    added = data.bands - GYPSUM.spectrum(X)
    assert added.max() < 0.1 and (area(X, added, 100, 3800) > 0).all()


def test_foreign_bands_are_strong_and_stand_apart():
    data = quiet(300, Nuisances(foreign=2))
    some = data.table.kind == "foreign"
    height, fwhm = data.table.height[:, some], data.table.fwhm[:, some]
    assert height.min() >= 0.2 and height.max() <= 1 and fwhm.min() >= 6 and fwhm.max() <= 18
    assert np.quantile(height, 0.5) == pytest.approx(0.6, abs=0.05)
    distance = abs(data.table.position[:, some][..., None] - GYPSUM.table["position"]).min()
    assert distance > 23
    np.testing.assert_allclose(data.bands - data.extra, data.clean, atol=1e-9)
    kept = area(X, data.extra, 100, 3800) / data.table.area[:, some].sum(axis=1)
    assert np.median(kept) == pytest.approx(1, abs=0.03)


def test_a_second_phase_has_its_share_of_the_area():
    data = quiet(4, Nuisances(second=0.25), second=CALCITE_LIKE)
    second = data.table.kind == "second"
    sums = data.table.area[:, second].sum(axis=1), data.table.area.sum(axis=1)
    np.testing.assert_allclose(sums[0] / sums[1], 0.25)
    assert data.extra.argmax(axis=1) == pytest.approx(abs(X - 1085).argmin(), abs=1)


# --- axis --------------------------------------------------------------------------------------


def test_offset_and_stretch_move_bands_together():
    offset = quiet(400, NATURE.only("offset")).table.position - GYPSUM.table["position"]
    assert offset.std(axis=1).max() < 1e-9 and offset[:, 0].std() == pytest.approx(1, abs=0.12)
    data = quiet(400, NATURE.only("stretch"))
    relative = data.table.position / GYPSUM.table["position"] - 1
    assert relative.std(axis=1).max() < 1e-9
    assert relative[:, 0].std() == pytest.approx(3e-4, rel=0.12)
    np.testing.assert_allclose(data.shift, relative[:, 0] * 1008)


def test_a_bent_axis_is_mended_by_the_formula():
    """Wavelength linear between the ends brings every band back."""
    x, laser = np.arange(100.0, 1300.1, 1.0), 532.0
    data = quiet(2, Nuisances(bend=1.0), x)
    ends = 1e7 / (1e7 / laser - x[[0, -1]])
    mended = 1e7 / laser - 1e7 / np.linspace(*ends, len(x))
    at = peak(mended, data.dirty[0], 980, 1040)[0]
    assert at == pytest.approx(1008, abs=0.1) and abs(data.shift[0]) > 10
    found = peak(x, data.dirty[0], 950, 1050)
    assert found[0] == pytest.approx(data.table.position[0, MAIN], abs=0.1)
    assert found[2] == pytest.approx(data.table.fwhm[0, MAIN], rel=0.02)
    wide = quiet(1, Nuisances(bend=1.0), np.arange(100.0, 3900.0, 1.0))
    assert abs(wide.table.position - GYPSUM.table["position"]).max() < 60


# --- resolution --------------------------------------------------------------------------------


@pytest.mark.parametrize("triangle", [0.0, 1.0])
def test_resolution_widens_bands_and_keeps_their_areas(triangle):
    data = quiet(60, Nuisances(resolution=1.0, triangle=triangle), FINE)
    assert data.resolution.min() < 3 and data.resolution.max() > 15
    np.testing.assert_allclose(data.table.area, [[b.area for b in GYPSUM.bands]] * 60, rtol=1e-9)
    assert (data.triangular == ((data.resolution > 4) & (triangle > 0))).all()
    for k in range(60):
        _, height, width = peak(FINE, data.dirty[k], 940, 1075)
        assert width == pytest.approx(data.table.fwhm[k, MAIN], rel=0.04)
        assert height == pytest.approx(data.table.height[k, MAIN], rel=0.03)


def test_resolution_is_a_convolution():
    """Against a plain numerical one, whatever the slit."""
    x = np.arange(800.0, 1216.0, 0.1)
    clean = quiet(1, CLEAN, x).bands[0]
    for triangle in (0.0, 1.0):
        data = quiet(30, Nuisances(resolution=1.0, triangle=triangle), x)
        k = int(np.argmax(data.resolution))
        fwhm = math.sqrt(data.resolution[k] ** 2 - 4**2)
        u = np.arange(-60.0, 60.05, 0.1) / fwhm
        slit = np.maximum(1 - abs(u), 0) if triangle else np.exp(-4 * math.log(2) * u**2)
        slow = np.convolve(clean, slit / slit.sum(), mode="same")
        inner = slice(700, -700)
        limit = 1e-3 if triangle else 0.015 * slow.max()  # a Voigt is no pseudo-Voigt
        np.testing.assert_allclose(data.bands[k][inner], slow[inner], atol=limit)


@pytest.mark.parametrize("slit", [0.01, 1.0, 6.0, 19.0])
def test_a_band_through_a_triangle_keeps_its_area(slit):
    bands = Profiles(*(np.array([v]) for v in (0.0, 2.0, 6.0, 0.7)))
    x = np.arange(-3000.0, 3000.0, 0.25)
    y = through_triangle(bands, np.array([slit]), x)[0]
    assert np.trapezoid(y, x) == pytest.approx(float(bands.area[0]), rel=2e-3)
    height, fwhm = shown(bands, np.array([slit]))
    assert y.max() == pytest.approx(height[0], rel=1e-4)
    assert peak(x, y, -60, 60)[2] == pytest.approx(fwhm[0], rel=2e-3)


# --- response ----------------------------------------------------------------------------------


def test_the_response_is_slow_and_multiplies_bands_and_background():
    lit = replace(QUIET, fluorescence=(1.0, 1.0))
    dark, bright = (
        simulate_dirty(GYPSUM, 200, lit, n, 1, factors=FLAT, wavenumber=X)
        for n in (CLEAN, NATURE.only("response"))
    )
    gain = np.log(bright.bands / dark.bands)
    np.testing.assert_allclose(np.log(bright.background / dark.background), gain, atol=1e-9)
    tilt = (gain[:, -1] - gain[:, 0]) / 2
    assert tilt.std() == pytest.approx(0.15, rel=0.2)
    assert abs(np.diff(gain, n=3, axis=1)).max() < 1e-6
    np.testing.assert_allclose(
        bright.table.height[:, MAIN], np.exp(gain[:, abs(X - 1008).argmin()]), rtol=1e-3
    )


def test_an_etalon_ripples_by_no_more_than_its_amount():
    data = quiet(50, Nuisances(etalon=0.05))
    gain = data.bands / data.clean - 1
    assert 0.04 < abs(gain).max() <= 0.05
    crossings = np.sum(np.diff(np.sign(gain), axis=1) != 0, axis=1)
    period = 2 * np.ptp(X) / crossings
    assert period.min() > 36 and period.max() < 220


# --- detector and file -------------------------------------------------------------------------


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


# --- software ----------------------------------------------------------------------------------


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


# --- what is refused ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "wrong",
    [{"width": -1}, {"mixing": 1.2}, {"foreign": 1.5}, {"unlisted": 99}, {"spikes": math.nan}],
    ids=str,
)
def test_amounts_that_make_no_sense_are_refused(wrong, refused):
    with refused(NuisanceError):
        Nuisances(**wrong)
    with refused(NuisanceError):
        Nuisances(**dict.fromkeys(wrong, "much"))


def test_unknown_switches_and_a_second_phase_without_a_mineral_are_refused(refused):
    with refused(NuisanceError):
        NATURE.only("rain")
    with refused(NuisanceError):
        simulate_dirty("gypsum", 2, nuisances=Nuisances(second=0.2))
    with refused(MineralError):
        simulate_dirty("granite", 2)


def test_presets_switch_everything_off_and_all_of_nature_on():
    assert not any(getattr(CLEAN, name) for name in SWITCHES)
    assert {name for name in SWITCHES if not getattr(NATURE, name)} == {"foreign", "second"}
    assert NATURE.only() == CLEAN and NATURE.without(*SWITCHES) == CLEAN
