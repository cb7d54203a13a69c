"""The band table and its factors: areas, widths, positions, and the map between factor and code."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.integrate import quad

from spectra_vae.minerals import MineralError, default_axis, mineral, minerals
from spectra_vae.minerals.profile import at_resolution, pseudo_voigt, unit_area

GYPSUM = mineral("gypsum")
X = default_axis()
DENSE = np.arange(100.0, 4000.0, 0.5)


def reference_spectrum(x: float, hydration=1.0, crystallinity=0.755, shift=0.0, intensity=1.0):
    """The same spectrum at one wavenumber, band by band, in plain arithmetic."""
    total, scale = 0.0, 3.0 ** ((0.755 - crystallinity) / 0.755)
    for b in GYPSUM.bands:
        width, u = b.width * scale, (x - b.position - shift) / (b.width * scale)
        shape = b.mixing / (1 + 4 * u * u) + (1 - b.mixing) * math.exp(-4 * math.log(2) * u * u)
        strength = hydration if b.group == "water" else 1.0
        total += intensity * strength * b.height * b.width / width * shape
    return total


def maxima(y):
    return int(((y[1:-1] > y[:-2]) & (y[1:-1] > y[2:])).sum())


def random_factors(n, seed=0):
    rng = np.random.default_rng(seed)
    return {f.name: rng.uniform(f.low, f.high, n) for f in GYPSUM.factors}


# --- the table ---------------------------------------------------------------------------------


@pytest.mark.parametrize("name", minerals())
def test_a_table_makes_sense(name):
    m = mineral(name)
    assert m.name == name and m.main.height == 1.0 == max(b.height for b in m.bands)
    for b in m.bands:
        assert 0 < b.position < 4500 and b.width > 0 and 0 <= b.mixing <= 1 and b.source
    for f in m.factors:
        assert f.low < f.reference < f.high
    assert len({f.name for f in m.factors}) == len(m.factors)
    for preset in m.presets:
        m.complete(preset.factors)
    assert m.spans.keys() <= {b.group for b in m.bands}


def test_a_mineral_is_read_once():
    assert mineral("gypsum") is GYPSUM


def test_an_unknown_mineral_factor_or_value_is_refused(refused):
    with refused(MineralError):
        mineral("kryptonite")
    with refused(MineralError):
        GYPSUM.spectrum(X, wetness=1)
    for value in (math.nan, math.inf):
        with refused(MineralError):
            GYPSUM.spectrum(X, hydration=value)


# --- the axis ----------------------------------------------------------------------------------


def points_across(position, width):
    return int((np.abs(position - X) <= width / 2).sum())


def test_the_axis_ascends_from_100_to_4000():
    assert X[0] == 100 and X[-1] == 4000 and (np.diff(X) > 0).all()


@pytest.mark.parametrize("shift", np.linspace(-8, 8, 33))
def test_the_axis_resolves_every_band(shift):
    main = GYPSUM.main
    assert points_across(main.position + shift, main.width) >= 5
    narrowest = GYPSUM.widths(crystallinity=1.0)
    for b, width in zip(GYPSUM.bands, narrowest, strict=True):
        assert points_across(b.position + shift, width) >= 3, b.position


# --- what the factors do -----------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(20))
def test_a_spectrum_is_the_sum_of_its_bands(seed):
    f = {k: v[0] for k, v in random_factors(1, seed).items() if k != "purity"}
    x = np.random.default_rng(seed).uniform(100, 4000, 40)
    plain = [reference_spectrum(one, **f) for one in x]
    np.testing.assert_allclose(GYPSUM.spectrum(x, **f), plain, rtol=1e-12)


def test_the_unit_is_the_height_of_the_main_band():
    tails = GYPSUM.spectrum([1008.0])[0] - 1.0
    assert 0 < tails < 2e-3


def test_the_width_is_3_at_the_amorphous_end_1_at_the_reference_and_0_7_at_the_crystalline():
    f = GYPSUM.factor("crystallinity")
    np.testing.assert_allclose(f.width_scale([0.0, 0.755, 1.0]), [3, 1, 0.7], atol=2e-4)
    assert (np.diff(np.log(f.width_scale(np.linspace(0, 1, 11))), 2) < 1e-12).all()


@pytest.mark.parametrize("crystallinity", np.linspace(0, 1, 6))
def test_crystallinity_keeps_every_area(crystallinity):
    at_centres = GYPSUM.parts(GYPSUM.table["position"], {"crystallinity": crystallinity})
    height = np.diag(at_centres)
    area = height * GYPSUM.widths(crystallinity=crystallinity) * unit_area(GYPSUM.table["mixing"])
    np.testing.assert_allclose(area, [b.area for b in GYPSUM.bands], rtol=1e-12)


@pytest.mark.parametrize("shift", [-8.0, -0.3, 5.0])
def test_shift_moves_the_positions_once(shift):
    moved = GYPSUM.spectrum(X, shift=shift, crystallinity=0.4)
    np.testing.assert_allclose(moved, GYPSUM.spectrum(X - shift, crystallinity=0.4), atol=1e-12)


def test_hydration_leaves_the_sulfate_bit_for_bit():
    water = np.array([b.group == "water" for b in GYPSUM.bands])
    parts = GYPSUM.parts(X, {"hydration": [0.0, 0.5, 1.0, 1.5]})
    assert (parts[:, ~water] == parts[0, ~water]).all()
    assert (parts[0, water] == 0).all()
    np.testing.assert_allclose(parts[3, water], 1.5 * parts[2, water], rtol=1e-15)


def test_intensity_scales_everything():
    np.testing.assert_allclose(GYPSUM.spectrum(X, intensity=1.5), 1.5 * GYPSUM.spectrum(X))


def test_purity_changes_no_clean_spectrum():
    assert (GYPSUM.spectrum(X, purity=1.5) == GYPSUM.spectrum(X, purity=4.5)).all()


def test_two_oh_humps_when_crystalline_and_one_when_amorphous():
    oh = DENSE[(DENSE > 3100) & (DENSE < 3700)]
    assert maxima(GYPSUM.spectrum(oh, crystallinity=1.0)) == 2
    assert maxima(GYPSUM.spectrum(oh)) == 2
    assert maxima(GYPSUM.spectrum(oh, crystallinity=0.0)) == 1


@pytest.mark.parametrize("shape", [(), (7,), (2, 3)])
def test_factors_of_any_shape_broadcast(shape):
    rng = np.random.default_rng(1)
    hydration, shift = rng.uniform(0, 1.5, shape), rng.uniform(-8, 8, shape[-1:])
    together = GYPSUM.spectrum(X, hydration=hydration, shift=shift)
    assert together.shape == (*shape, len(X))
    wide = np.broadcast_to(shift, shape)
    for i in np.ndindex(shape):
        alone = GYPSUM.spectrum(X, hydration=hydration[i], shift=wide[i])
        np.testing.assert_allclose(together[i], alone, rtol=1e-13)


def test_single_precision_is_exact_to_a_millionth():
    factors = random_factors(20)
    exact = GYPSUM.parts(X, factors)
    np.testing.assert_allclose(GYPSUM.parts(X, factors, dtype=np.float32), exact, atol=2e-6)


# --- factor and code ---------------------------------------------------------------------------


@pytest.mark.parametrize("f", GYPSUM.factors, ids=lambda f: f.name)
class TestFactor:
    def test_zero_is_the_reference(self, f):
        assert f.value(0.0) == pytest.approx(f.reference, abs=1e-12)
        assert f.code(f.reference) == pytest.approx(0.0, abs=1e-12)

    def test_the_ends_are_near_at_3(self, f):
        near = 0.005 * (f.high - f.low)
        assert f.value(-3) - f.low <= near and f.high - f.value(3) <= near

    def test_code_undoes_value(self, f):
        z = np.linspace(-3, 3, 61)
        np.testing.assert_allclose(f.code(f.value(z)), z, atol=1e-9)
        v = np.linspace(f.low, f.high, 61)
        np.testing.assert_allclose(f.value(f.code(v)), v, atol=2e-5 * (f.high - f.low))

    def test_it_rises_and_stays_inside(self, f):
        v = f.value(np.linspace(-5, 5, 201))
        assert (np.diff(v) > 0).all() and f.low <= v[0] and v[-1] <= f.high

    def test_slope_is_the_derivative(self, f):
        z, h = np.linspace(-4, 4, 33), 1e-5
        numerical = (f.value(z + h) - f.value(z - h)) / (2 * h)
        np.testing.assert_allclose(f.slope(z), numerical, rtol=1e-6, atol=1e-9)

    def test_beyond_the_ends_the_code_stays_finite(self, f):
        ends = f.code([f.low - 1, f.low, f.high, f.high + 1])
        assert np.isfinite(ends).all() and (np.diff(ends) >= 0).all()


# --- the profile -------------------------------------------------------------------------------


def profile(offset, width, mixing):
    return float(pseudo_voigt(np.array([offset]), np.array([width]), np.array([mixing]))[0])


@pytest.mark.parametrize("mixing", [0.0, 0.3, 0.6, 1.0])
def test_a_pseudo_voigt_has_its_height_width_and_area(mixing):
    assert profile(0.0, 7.0, mixing) == 1.0
    assert profile(3.5, 7.0, mixing) == pytest.approx(0.5) == profile(-3.5, 7.0, mixing)
    area, _ = quad(lambda x: profile(x, 7.0, mixing), -np.inf, np.inf)
    assert area == pytest.approx(7.0 * float(unit_area(mixing)), rel=1e-7)


def test_at_the_tabulated_resolution_nothing_changes():
    width, mixing = at_resolution([5.0, 30.0], [0.6, 0.2], 4.0, 4.0)
    assert (width == [5, 30]).all() and (mixing == [0.6, 0.2]).all()


@pytest.mark.parametrize("resolution", [2.0, 4.001, 8.0, 15.0])
def test_variances_of_pure_gaussians_add(resolution):
    width, mixing = at_resolution(9.0, 0.0, 4.0, resolution)
    assert width**2 == pytest.approx(81 + resolution**2 - 16, rel=1e-4)
    assert mixing == pytest.approx(0, abs=1e-4)


def test_widths_grow_with_the_resolution():
    seen = [at_resolution([4.3, 6.1, 29.0], 0.6, 4.0, r)[0] for r in (1, 2, 4, 6, 10, 20)]
    assert (np.diff(seen, axis=0) >= -1e-3).all()


@pytest.mark.parametrize("resolution", [2.0, 8.0, 15.0])
@pytest.mark.parametrize("crystallinity", [0.0, 0.755, 1.0])
def test_resolution_keeps_every_area(resolution, crystallinity):
    t = np.linspace(-math.pi / 2, math.pi / 2, 40_001)[1:-1]
    for k, band in enumerate(GYPSUM.bands):
        x = band.position + band.width * np.tan(t)  # from −∞ to ∞
        part = GYPSUM.parts(x, {"crystallinity": crystallinity}, resolution=resolution)[k]
        area = np.trapezoid(part * band.width / np.cos(t) ** 2, t)
        assert area == pytest.approx(band.area, rel=2e-4)


@pytest.mark.parametrize("stretch", [-1e-3, 5e-4])
def test_a_stretched_axis_moves_bands_in_proportion(stretch):
    part = GYPSUM.parts(DENSE, {}, stretch=stretch)[GYPSUM.bands.index(GYPSUM.main)]
    assert DENSE[np.argmax(part)] == pytest.approx(1008 * (1 + stretch), abs=0.26)


@pytest.mark.parametrize("axis", [[[1.0, 2.0]], [np.nan, 1.0], "abc"], ids=str)
def test_a_truth_needs_a_finite_axis(axis):
    with pytest.raises(MineralError):
        mineral("gypsum").spectrum(axis)
