"""What the tour says of the shipped models is true of them; what pages send is checked."""

import numpy as np
import pytest

from spectra_vae import Spectrum, load, mineral, read_spectrum
from spectra_vae.analysis.knobs import knob, knobs
from spectra_vae.analysis.selectivity import selectivity
from spectra_vae.examples import example
from spectra_vae.examples.__main__ import AXIS, CALCITE, STATE
from spectra_vae.minerals.profile import pseudo_voigt
from spectra_vae.simulation import simulate
from spectra_vae.spectra.bands import area, peak
from spectra_vae.ui.views.tour.asked import (
    ESTIMATES,
    FOREIGN,
    STOPS,
    asked,
    numbers,
    with_foreign_band,
)
from spectra_vae.ui.views.tour.steps import GUIDED, PLAIN, STEPS, UNTOLD

GYPSUM = mineral("gypsum")
WINDOWS = GYPSUM.spans
STEP = {step.name: step for step in STEPS}


@pytest.fixture(scope="module")
def models():
    return {name: load(name) for name in (GUIDED, UNTOLD, PLAIN)}


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


def only(step, which=0):
    return STEP[step].variants[which]


def test_ten_bands_are_what_the_network_draws(models):
    vs = models[GUIDED]
    assert len(GYPSUM.bands) == STEP["bands"].high == 10
    assert np.abs(vs.decode(vs.origin) - GYPSUM.spectrum(vs.wavenumber)).max() < 0.015


def test_the_purity_slider_moves_no_clean_curve(models):
    curves, *_ = moved(models[GUIDED], only("dirty").neuron)
    assert models[GUIDED].neurons[only("dirty").neuron].factor == "purity"
    assert np.ptp(curves, axis=0).max() < 0.005


def test_the_plain_autoencoder_cleans(models):
    vs = models[PLAIN]
    data = simulate("gypsum", 100, seed=11, wavenumber=vs.wavenumber)
    cleaned = vs.decode(vs.encode(data.dirty).mean)
    noise = data.dirty - data.clean
    noise -= np.median(noise, axis=1, keepdims=True)
    assert np.sqrt(np.mean((cleaned - data.clean) ** 2)) < 0.1 * np.sqrt(np.mean(noise**2))


def test_its_sulfate_goes_with_its_water(models):
    vs, neuron = models[PLAIN], only("entangled").neuron
    curves, water, sulfate, _ = moved(vs, neuron)
    dry = np.argmin(np.abs(water))
    assert abs(water[dry]) < 0.05 and sulfate[dry] < 0.7
    assert water[0] < 0 and most(vs, curves[0], "water") < 0.2 * most(vs, curves[-1], "water")
    lowest = {k.neuron: k.areas["water"][0] for k in knobs(vs)}
    assert all(low > 0.2 for j, low in lowest.items() if j != neuron)
    off_target = selectivity(vs).off_target
    assert len(off_target) == 8 and off_target.min() > 100 / 3


def test_left_alone_nu1_walks_off_and_guided_it_stays(models):
    left_alone, guided = STEP["beta"].variants
    assert (left_alone.model, guided.model) == (UNTOLD, GUIDED)
    _, water, _, peaks = moved(models[UNTOLD], left_alone.neuron)
    dry = np.argmin(np.abs(water))
    assert abs(water[dry]) < 0.05 and abs(peaks[dry, 0] - 1008) > 2.5
    _, water, sulfate, peaks = moved(models[GUIDED], guided.neuron)
    assert water.min() < 0.02
    assert np.abs(sulfate - 1).max() < 0.01 and np.abs(peaks[:, 0] - 1008).max() < 0.1
    assert min(selectivity(models[UNTOLD]).off_target) > 100 / 3


def test_silent_knows_and_moves_nothing_and_purity_knows(models):
    silent, purity, intensity = (models[v.model].neurons[v.neuron] for v in STEP["silent"].variants)
    assert silent.silent and silent.kl < 0.01
    assert (purity.index, purity.factor) == (6, "purity")
    assert purity.active and purity.inert and purity.kl > 1
    assert (intensity.index, intensity.factor) == (4, "intensity") and not intensity.inert
    curves, *_ = moved(models[GUIDED], silent.index)
    assert np.ptp(curves, axis=0).max() < 0.005


def test_the_waters_row_is_nearly_empty_in_the_sulfate_and_no_plain_row_is(models):
    guided, plain = STEP["map"].variants
    row = models[GUIDED].sensitivity()[guided.neuron]
    assert most(models[GUIDED], row, "sulfate") < 0.05 * most(models[GUIDED], row, "water")
    vs = models[PLAIN]
    for row in vs.sensitivity():
        assert most(vs, row, "sulfate") > most(vs, row, "water") > 0.01
    assert plain.model == PLAIN


def test_the_virtual_anhydrite_keeps_every_sulfate_band(models):
    vs, neuron = models[GUIDED], only("anhydrite").neuron
    assert vs.neurons[neuron].factor == "hydration" and neuron == 3
    x, origin, dry = vs.wavenumber, vs.decode(vs.origin), vs.decode(vs.code(hydration=0.0))
    assert area(x, dry, *WINDOWS["water"]) < 0.02 * area(x, origin, *WINDOWS["water"])
    for band in (b for b in GYPSUM.bands if b.group == "sulfate"):
        near = (band.position - 2 * band.width, band.position + 2 * band.width)
        before, after = peak(x, origin, *near), peak(x, dry, *near)
        assert after[0] == pytest.approx(before[0], abs=0.5)
        assert after[1] == pytest.approx(before[1], rel=0.03, abs=0.002)
    assert {phase.name for phase in GYPSUM.lookalikes} == {
        "bassanite",
        "anhydrite II",
        "anhydrite III",
    }


def test_crystallinity_widens_up_to_three_times_and_keeps_areas(models):
    vs, neuron = models[GUIDED], only("crystal").neuron
    n = vs.neurons[neuron]
    found = knob(vs, neuron, n.factor, np.linspace(n.low, n.high, 13))
    assert (neuron, n.factor) == (5, "crystallinity")
    reference = peak(vs.wavenumber, vs.decode(vs.origin), 968.0, 1048.0)[2]
    assert found.width[1] / reference == pytest.approx(3.0, rel=0.05)
    assert found.areas["sulfate"] == pytest.approx((1, 1), abs=0.02)


def test_the_two_oh_bands_become_one_hump(models):
    vs = models[GUIDED]
    inside = (vs.wavenumber > 3350) & (vs.wavenumber < 3550)

    def tops(crystallinity):
        y = vs.decode(vs.code(crystallinity=crystallinity))[inside]
        return int(((y[1:-1] > y[:-2]) & (y[1:-1] > y[2:]) & (y[1:-1] > 0.01)).sum())

    assert tops(0.755) == 2 and tops(0.0) == 1


def test_more_noise_gives_wider_intervals_that_hold_the_truth(models):
    widths = []
    for name in STOPS:
        r = models[GUIDED].restore(read_spectrum(example(name), f"{name}.csv"))
        for factor in ESTIMATES:
            one = r.estimates[factor]
            assert one.known and one.low <= STATE[factor] <= one.high, (name, factor)
        widths.append([r.estimates[f].high - r.estimates[f].low for f in ESTIMATES])
    assert (np.diff(widths, axis=0) < 0).all()
    assert [len(STOPS) - 1, 0.8, 0.62] == [STEP["restoration"].high, *map(STATE.get, ESTIMATES)]


def test_no_oh_region_no_hydration(models):
    s = read_spectrum(example("clean"), "clean.csv")
    short = s.wavenumber < 1300
    r = models[GUIDED].restore(Spectrum(s.wavenumber[short], s.intensity[short]))
    assert not r.estimates["hydration"].known and str(r.estimates["hydration"].note)


def test_a_foreign_band_is_located_and_alien_and_none_is_normal(models):
    assert (FOREIGN[0], FOREIGN[1]) == (CALCITE[0], CALCITE[2])
    found = [
        models[GUIDED].restore(read_spectrum(with_foreign_band(h), "f.csv")) for h in (0, 0.1, 0.3)
    ]
    scores = [r.novelty.score for r in found]
    assert [r.novelty.alien for r in found] == [False, True, True]
    assert scores == sorted(scores) and not found[0].unexplained
    assert found[2].unexplained[0].position == pytest.approx(FOREIGN[0], abs=1.5)
    assert "alien" in str(numbers(found[2], "alien", "en"))


PHASES = {  # position: height, cm⁻¹
    "bassanite": {
        1014.5: 1,
        427: 0.12,
        489: 0.05,
        627: 0.03,
        668: 0.05,
        1128: 0.09,
        3554: 0.05,
        3615: 0.05,
    },
    "anhydrite III": {1025.5: 1, 421: 0.12, 490: 0.05, 631: 0.03, 674: 0.05, 1169: 0.09},
}


@pytest.mark.parametrize("phase", PHASES)
def test_heated_gypsum_is_not_gypsum_shifted(models, phase):
    y = sum(
        height * pseudo_voigt(AXIS - at, np.array(29.0 if at > 3000 else 6.5), np.array(0.6))
        for at, height in PHASES[phase].items()
    )
    counts = np.random.default_rng(0).poisson(2000 * y + 20).astype(float)
    r = models[GUIDED].restore(Spectrum(AXIS, counts))
    assert any(check.code == "check.lookalike" for check in r.checks)
    assert not r.estimates["shift"].known
    assert r.novelty.alien


@pytest.mark.parametrize("given", [None, 5, "alien", [], {}, {"step": "bands"}, {"step": []}])
def test_what_asks_for_nothing_gets_nothing(given):
    assert asked(given) is None


@pytest.mark.parametrize("value", [None, "x", True, float("nan"), float("inf"), [], 1e308])
def test_a_forged_slider_rests_at_its_start(value):
    assert asked({"step": "restoration", "value": value}) == ("restoration", 1.0)


def test_a_slider_ends_where_it_ends():
    assert asked({"step": "alien", "value": 7}) == ("alien", 0.5)
    assert asked({"step": "restoration", "value": -7}) == ("restoration", 0.0)
