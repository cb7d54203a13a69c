"""Each band measured by itself, and what the bands have in common."""

import csv
import io

import numpy as np
import pytest
from scipy.special import ndtr

import spectra_vae as sv
from spectra_vae.measure.bands.shapes import bands_and_slopes
from spectra_vae.measure.bands.together import Scatters, mixed, offsets, shares, with_strangers
from spectra_vae.measure.bands.windows import windows
from spectra_vae.simulation.dirty import simulate_dirty
from spectra_vae.simulation.instrument import Instrument
from spectra_vae.simulation.nuisances import NATURE

OF_BANDS = ("position", "height", "fwhm", "area")


def dirty(vs, n, *names, counts=3_000.0, seed=5):
    """Files with some nuisances, or with none."""
    middle = {f.name: np.full(n, f.reference) for f in vs.mineral.factors}
    quality = vs.mineral.the("counts")
    middle[quality.name] = np.full(n, np.log10(counts))
    return simulate_dirty(
        vs.mineral, n, Instrument(spikes=0.0), NATURE.only(*names), seed, factors=middle
    )


@pytest.fixture(scope="module")
def jittered(vs):
    data = dirty(vs, 24, "position")
    return data, vs.restore(data.spectra)


def test_slopes_are_those_of_the_sum():
    x = np.linspace(990, 1030, 81)[None]
    bands = np.array([[[1008.0, np.log(6.0), 0.6, 1.0], [1019.0, np.log(9.0), 0.3, 0.4]]])
    _, slopes = bands_and_slopes(x, bands)
    for k in range(8):
        step = np.zeros(8)
        step[k] = 1e-5
        up, down = (bands_and_slopes(x, bands + s * step.reshape(bands.shape))[0] for s in (1, -1))
        assert slopes[0, k] == pytest.approx((up - down)[0] / 2e-5, abs=1e-6)


def told(x, used, position, width=10.0):
    """By file and in order, the bands of each window and the points between which it lies."""
    position = np.atleast_2d(position)
    found = windows(x, np.atleast_2d(used), position, np.full(position.shape, width))
    each = [
        (int(row), tuple(bands.tolist()), int(start), int(stop))
        for some in found
        for row, bands, start, stop in zip(some.row, some.bands, some.start, some.stop, strict=True)
    ]
    return sorted(each)


def test_bands_that_overlap_share_a_window():
    x, used = np.arange(900.0, 1300.0), np.ones(400, dtype=bool)
    found = told(x, used, [950.0, 960.0, 1100.0])
    assert found == [(0, (0, 1), 25, 85), (0, (2,), 175, 225)]


def test_a_band_without_points_has_no_window():
    x = np.concatenate([np.arange(900.0, 940.0), np.arange(1000.0, 1100.0)])
    assert [w[1] for w in told(x, np.ones(len(x), dtype=bool), [970.0, 1050.0])] == [(1,)]


def test_every_file_has_the_windows_that_it_would_have_alone():
    x, rng = np.arange(900.0, 1300.0), np.random.default_rng(0)
    used = rng.random((40, len(x))) > rng.uniform(0, 1, (40, 1))
    position = np.sort(rng.uniform(920, 1280, 8)) + rng.uniform(-5, 5, (40, 1))
    alone = [told(x, used[k], position[k], 9.0) for k in range(40)]
    each = [(k, *w[1:]) for k, some in enumerate(alone) for w in some]
    assert told(x, used, position, 9.0) == sorted(each) and len({len(w[1]) for w in each}) > 2


def test_every_band_has_intervals_that_hold_it(jittered):
    data, found = jittered
    held = {name: [] for name in OF_BANDS}
    for k, r in enumerate(found):
        for band in (b for b in r.bands if b.certain):
            for name in OF_BANDS:
                low, high = getattr(band, f"{name}_interval")
                assert low <= getattr(band, name) <= high
                held[name].append(low <= getattr(data.table, name)[k, band.index] <= high)
    for name, some in held.items():
        assert len(some) > 150
        assert 0.82 < np.mean(some) < 0.98, name


def test_bounds_hold_the_true_curve_where_the_strongest_band_is_off_by_itself(jittered):
    data, found = jittered
    position, fwhm = (
        getattr(data.table, n)[:, data.mineral.strongest] for n in ("position", "fwhm")
    )
    held = []
    for k, r in enumerate(found):
        near = np.abs(r.wavenumber - position[k]) < fwhm[k]
        truth = np.interp(r.wavenumber, data.wavenumber, data.bands[k])
        held.append(((r.lower <= truth) & (truth <= r.upper))[near].mean())
    assert np.mean(held) > 0.85


def test_bands_are_measured_and_not_tabulated(jittered):
    data, found = jittered
    main = data.mineral.bands.index(data.mineral.main)
    seen = np.array([next(b for b in r.bands if b.index == main).position for r in found])
    assert seen == pytest.approx(data.table.position[:, main], abs=0.3)


def test_a_file_alone_is_measured_as_in_a_batch(vs, jittered):
    data, found = jittered
    alone = vs.restore(data.spectra[3])
    for one, other in zip(alone.bands, found[3].bands, strict=True):
        for name in OF_BANDS:
            assert getattr(one, name) == pytest.approx(getattr(other, name), rel=1e-3)


def test_bands_that_disagree_widen_the_shift_and_say_so(vs, jittered):
    data, found = jittered
    clean = vs.restore(dirty(vs, 24).spectra)
    name = vs.mineral.the("position").name

    def half(some):
        return np.median([r.estimates[name].high - r.estimates[name].low for r in some]) / 2

    assert half(found) > 2 * half(clean)
    held = [
        r.estimates[name].low <= s <= r.estimates[name].high
        for r, s in zip(found, data.shift, strict=True)
    ]
    assert np.mean(held) > 0.7
    told = [r.estimates[name].note.code == "note.scattered" for r in found]
    assert np.mean(told) > 0.7
    assert any(c.code == "check.scattered" for c in found[0].checks) == told[0]
    quiet = [r.estimates[name].note.code == "note.scattered" for r in clean]
    assert np.mean(quiet) < 0.2


def test_the_resolution_that_is_not_told_is_asked_of_the_widths(vs):
    data = dirty(vs, 12, "resolution", counts=10_000.0)
    held = []
    for r, true in zip(vs.restore(data.spectra), data.resolution, strict=True):
        for check in (c for c in r.checks if c.code == "check.resolution"):
            held.append(float(check.params["low"]) <= true <= float(check.params["high"]))
    assert len(held) >= 8
    assert np.mean(held) > 0.6
    told = vs.restore(data.spectra[0], resolution=float(data.resolution[0]))
    assert not any(c.code == "check.resolution" for c in told.checks)


def test_a_common_offset_of_bands_that_agree_is_as_sure_as_they_are():
    moved, variance = np.array([0.11, -0.09, 0.1, -0.12]), np.full(4, 0.01)
    scatters = Scatters.of(1.0, 0.5)
    found = offsets(moved, variance, np.zeros(4), scatters.sizes, tilt=1e-9, reach=1e3)
    assert found.means[0] == pytest.approx(moved.mean(), abs=1e-6)
    assert found.variances[0] == pytest.approx(0.01 / 4, rel=1e-3)
    share = shares(scatters.prior, found.evidence)
    assert share[0] > 0.5
    far = offsets(10 * moved, variance, np.zeros(4), scatters.sizes, 1e-9, 1e3)
    assert shares(scatters.prior, far.evidence)[0] < 1e-3


def test_a_band_that_something_else_moved_hardly_counts():
    moved, variance = np.array([0.1, -0.3, 0.2, 0.0, 15.0]), np.full(5, 0.04)
    told = moved, variance, np.zeros(5), np.array([0.5])
    plain, robust = (f(*told, tilt=1e-9, reach=1e3) for f in (offsets, with_strangers))
    assert abs(plain.means[0]) > 2.5 and abs(robust.means[0]) < 0.3
    assert robust.evidence[0] > plain.evidence[0] + 50


def test_a_mixture_of_one_normal_has_its_quantiles():
    low, middle, high = mixed(np.array([2.0]), np.array([0.5]), np.array([1.0]))
    assert (low, middle, high) == pytest.approx((2 - 0.8224, 2.0, 2 + 0.8224), abs=2e-3)


def test_quantiles_of_mixtures_are_where_so_much_lies_below():
    rng = np.random.default_rng(0)
    means, deviations = rng.normal(size=(40, 3)), rng.uniform(0.1, 2.0, (40, 3))
    weights = rng.uniform(size=(40, 3))
    ends = mixed(means, deviations, weights, (0.05, 0.95), halvings=40)
    below = ndtr((ends[:, :, None] - means[:, None]) / deviations[:, None])
    share = (below * weights[:, None]).sum(axis=2) / weights.sum(axis=1)[:, None]
    assert share == pytest.approx(np.broadcast_to([0.05, 0.95], share.shape), abs=1e-9)


def test_the_table_says_what_was_measured(jittered):
    _, found = jittered
    lines = [line for line in found[0].to_csv().splitlines() if line.startswith("# band:")]
    assert len(lines) == len(found[0].bands)
    assert all(" FWHM " in line and " area " in line for line in lines)
    assert next(csv.reader(io.StringIO(lines[0])))
    told = found[0].to_dict()["bands"][0]
    assert {f"{name}_interval" for name in OF_BANDS} < told.keys()
    assert isinstance(sv.read_spectrum(found[0].to_csv().encode(), "again.csv"), sv.Spectrum)
