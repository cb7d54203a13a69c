"""Factors and quantities where a file's resolution is given and is not the table's."""

from __future__ import annotations

import numpy as np
import pytest

import spectra_vae as sv
from spectra_vae.minerals.profile import at_resolution
from spectra_vae.simulation.instrument import Instrument
from spectra_vae.simulation.simulate import simulate

X = np.arange(100.0, 1300.0)
COUNTS, GROUND = 3000.0, 0.3
DRAWS = 30
TRUTHS = (0.3, 0.5, 0.755, 0.9)
OFF = 0.02  # of a median
BOTH = np.concatenate([X, np.arange(3000.0, 3800.0)])
QUANTITIES = ("position", "fwhm", "ratio")
COVERED = 0.75  # of DRAWS 90 % intervals, at least: chance brings fewer in 1 of 130


def broadened(vs, truth: float, resolution: float, x=X, hydration=1.0):
    """(N,) the mineral as another instrument shows it, convolved where it is a broader one."""
    table, step = vs.mineral.resolution, 0.25
    values = {"crystallinity": truth, "hydration": hydration}
    if resolution < table:  # nothing can be convolved back
        return vs.mineral.parts(x, values, resolution=resolution).sum(axis=-2)
    fine = np.arange(x[0] - 60, x[-1] + 60 + step, step)
    offset = np.arange(-40, 40 + step, step)
    share = 4 * np.log(2) / max(resolution**2 - table**2, 1e-6)
    kernel = np.exp(-share * offset**2)
    y = np.convolve(vs.mineral.spectrum(fine, **values), kernel / kernel.sum(), "same")
    return np.interp(x, fine, y)


def drawn(clean, counts: float = COUNTS, n: int = DRAWS, x=X):
    rng = np.random.default_rng(41)
    return [sv.Spectrum(x, rng.poisson(counts * (clean + GROUND))) for _ in range(n)]


def found(vs, spectra, resolution: float | None):
    return [r.estimates["crystallinity"] for r in vs.restore(spectra, resolution)]


def ends(estimates):
    """(n, 3) low, value and high; all must be known."""
    assert all(e.known and e.low <= e.value <= e.high for e in estimates)
    return np.array([(e.low, e.value, e.high) for e in estimates])


def covered(truth: float, low, high) -> bool:
    """Do enough of the intervals hold the truth?"""
    return np.mean((low <= truth) & (truth <= high)) >= COVERED


@pytest.mark.parametrize("resolution", [2.0, 6.0, 8.0, 10.0])
def test_the_value_is_near_and_its_interval_covers_the_truth(vs, resolution):
    spectra = [y for truth in TRUTHS for y in drawn(broadened(vs, truth, resolution))]
    every = ends(found(vs, spectra, resolution)).reshape(len(TRUTHS), DRAWS, 3)
    for truth, some in zip(TRUTHS, every, strict=True):
        low, value, high = some.T
        assert abs(np.median(value) - truth) <= OFF, truth
        assert covered(truth, low, high), truth
        assert np.median(high - low) < 0.25, truth


@pytest.mark.parametrize("resolution", [2.0, 8.0])
def test_other_factors_and_all_bands_change_nothing(vs, resolution):
    x = np.concatenate([X, np.arange(3000.0, 3800.0)])
    device = Instrument(resolution=resolution, orientation=(0.4, 2.5)).at(COUNTS)
    data = simulate("gypsum", DRAWS, device, 6, factors={"crystallinity": 0.5}, wavenumber=x)
    low, value, high = ends(found(vs, [sv.Spectrum(x, y) for y in data.dirty], resolution)).T
    assert abs(np.median(value) - 0.5) <= OFF
    assert covered(0.5, low, high)


def test_many_photons_bring_nothing_that_the_interval_hides(vs):
    low, value, high = ends(found(vs, drawn(broadened(vs, 0.5, 10.0), 1e5, 10), 10.0)).T
    assert abs(value - 0.5).max() <= OFF and covered(0.5, low, high)


def test_nothing_is_taken_out_at_the_tables_own_resolution(vs):
    spectra = drawn(broadened(vs, 0.5, vs.mineral.resolution), n=3)
    assumed, given = (ends(found(vs, spectra, r)) for r in (None, vs.mineral.resolution))
    # Not told, it is estimated: that costs certainty, and moves nothing by more than that.
    assert abs(assumed[:, 1] - given[:, 1]).max() < (given[:, 2] - given[:, 0]).max()
    assert ((assumed[:, 2] - assumed[:, 0]) > 0.9 * (given[:, 2] - given[:, 0])).all()
    near = ends(found(vs, spectra, vs.mineral.resolution + 0.01))
    assert abs(near - given).max() < 0.01


def test_the_more_of_a_width_is_the_instruments_the_less_is_known_of_its_own(vs):
    halves = []
    for resolution in (4.0, 10.0, 20.0):
        values = ends(found(vs, drawn(broadened(vs, 0.755, resolution), n=8), resolution))
        halves.append(np.median(values[:, 2] - values[:, 0]))
    assert halves[0] < halves[1] / 2 < halves[2] / 3
    lost = found(vs, drawn(broadened(vs, 0.755, 40.0), 30.0, 8), 40.0)
    assert {e.note.code for e in lost} == {"note.no_information"}


@pytest.mark.parametrize(("truth", "counts"), [(0.9, 300.0), (0.9, 3000.0), (0.5, 1e5)])
def test_bands_narrower_than_the_given_resolution_are_said_to_be(vs, truth, counts):
    spectra = drawn(broadened(vs, truth, 4.0), counts, 8)
    assert {e.note.code for e in found(vs, spectra, 10.0)} == {"note.narrower"}
    right = found(vs, drawn(broadened(vs, 1.0, 10.0), counts, 8), 10.0)
    assert all(e.known for e in right)


def recorded(vs, truth: float, resolution: float, hydration: float) -> dict[str, float]:
    """What is true of the curve that such an instrument records."""
    main, step = vs.mineral.main.position, 0.02
    near = np.arange(main - 40, main + 40, step)
    top = broadened(vs, truth, resolution, near)
    y, areas = broadened(vs, truth, resolution, BOTH, hydration), {}
    for group, (low, high) in vs.mineral.spans.items():
        inside = slice(*np.searchsorted(BOTH, [low, high + 1]))
        areas[group] = y[inside].sum()
    width = step * float((top > top.max() / 2).sum())
    return {"position": main, "fwhm": width, "ratio": areas["water"] / areas["sulfate"]}


@pytest.mark.parametrize("resolution", [2.0, 6.0, 10.0])
@pytest.mark.parametrize(("truth", "hydration"), [(0.3, 1.3), (0.755, 0.5)])
def test_strengths_and_quantities_are_those_of_the_bands_as_recorded(
    vs, resolution, truth, hydration
):
    clean = broadened(vs, truth, resolution, BOTH, hydration)
    restored = vs.restore(drawn(clean, x=BOTH), resolution)
    low, value, high = ends([r.estimates["hydration"] for r in restored]).T
    assert abs(np.median(value) - hydration) <= OFF
    assert covered(hydration, low, high)
    for name, there in recorded(vs, truth, resolution, hydration).items():
        low, value, high = ends([r.quantities[name] for r in restored]).T
        assert covered(there, low, high), name
        assert abs(np.median(value) - there) < np.median(high - low) / 2, name


def test_simulated_instruments_width_is_covered_too(vs):
    clean = vs.mineral.parts(X, {}, resolution=10.0).sum(axis=-2)
    seen, _ = at_resolution(vs.mineral.main.width, vs.mineral.main.mixing, 4.0, 10.0)
    widths = [r.quantities["fwhm"] for r in vs.restore(drawn(clean), 10.0)]
    low, _, high = ends(widths).T
    assert covered(float(seen), low, high)


@pytest.mark.parametrize("hydration", [0.0, 0.05, 1.5])
def test_a_ratio_is_as_uncertain_at_the_ends_of_the_range(vs, hydration):
    clean = broadened(vs, 0.6, 10.0, BOTH, hydration)
    restored = vs.restore(drawn(clean, 300.0, x=BOTH), 10.0)
    low, value, high = ends([r.quantities["ratio"] for r in restored]).T
    assert covered(recorded(vs, 0.6, 10.0, hydration)["ratio"], low, high)
    assert low.min() >= 0 and value.min() >= 0
    assert np.min(high - value) > np.median(high - value) / 3
    low, _, high = ends([r.estimates["hydration"] for r in restored]).T
    assert covered(hydration, low, high)


def test_no_resolution_and_the_tables_own_say_the_same_of_everything(vs):
    spectra = drawn(broadened(vs, 0.5, 4.0, BOTH, 0.8), n=3, x=BOTH)
    for one, other in zip(vs.restore(spectra), vs.restore(spectra, 4.0), strict=True):
        assert one.quantities == other.quantities
        assert one.estimates["hydration"] == other.estimates["hydration"]
    for one, near in zip(vs.restore(spectra), vs.restore(spectra, 4.01), strict=True):
        for name in QUANTITIES:
            a, b = one.quantities[name], near.quantities[name]
            assert abs(a.value - b.value) < (a.high - a.low) / 4, name
            assert (b.high - b.low) == pytest.approx(a.high - a.low, rel=0.5), name


def test_bands_narrower_than_the_given_resolution_leave_what_the_decoder_found(vs):
    spectra = drawn(broadened(vs, 0.9, 4.0, BOTH), n=3, x=BOTH)
    for one, other in zip(vs.restore(spectra), vs.restore(spectra, 10.0), strict=True):
        assert other.estimates["crystallinity"].note.code == "note.narrower"
        assert one.quantities == other.quantities
        assert one.estimates["hydration"] == other.estimates["hydration"]


def test_the_list_of_bands_has_the_widths_that_were_recorded(vs):
    """Each band's own, broadened by the instrument, and its area as it was."""
    x = np.concatenate([np.arange(100.0, 1300), np.arange(3000.0, 3800)])
    device = sv.Instrument(resolution=8.0, fluorescence=(0.0, 0.0), spikes=0.0)
    steady = {f.name: np.full(1, f.reference) for f in vs.mineral.factors}
    steady["purity"] = np.full(1, 4.5)
    data = sv.simulate("gypsum", 1, device, 3, factors=steady, wavenumber=x)
    r = vs.restore(sv.Spectrum(x, data.dirty[0]), resolution=8.0)
    wide, _ = at_resolution(
        vs.mineral.table["width"], vs.mineral.table["mixing"], vs.mineral.resolution, 8.0
    )
    expected = {b.position: w for b, w in zip(vs.mineral.bands, wide, strict=True)}
    for band in r.bands:
        own = min(vs.mineral.bands, key=lambda b: abs(b.position - band.position))
        if own.height < 0.02:
            continue
        low, high = band.fwhm_interval
        assert low < 1.05 * expected[own.position] and 0.95 * expected[own.position] < high
        assert band.area == pytest.approx(own.area, rel=0.12)
    main = min(r.bands, key=lambda b: abs(b.position - vs.mineral.main.position))
    assert main.fwhm == pytest.approx(r.quantities["fwhm"].value, rel=0.03)
