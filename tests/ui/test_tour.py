"""What the tour says of the shipped models is true of them; what pages send is checked."""

import json

import numpy as np
import pytest
from scipy.signal import find_peaks

from spectra_vae import Spectrum, load, mineral, read_spectrum
from spectra_vae.analysis import shipped
from spectra_vae.analysis.knobs import knob
from spectra_vae.analysis.reenactment import reenact
from spectra_vae.analysis.selectivity import selectivity
from spectra_vae.examples import example
from spectra_vae.examples.__main__ import AXIS, CALCITE, STATE
from spectra_vae.minerals.profile import pseudo_voigt
from spectra_vae.simulation import simulate
from spectra_vae.spectra.bands import area, peak
from spectra_vae.text.message import LANGUAGES
from spectra_vae.ui.palette import DARK, LIGHT
from spectra_vae.ui.views.tour import study_figure
from spectra_vae.ui.views.tour.cards import ESTIMATES, numbers, study_numbers
from spectra_vae.ui.views.tour.restored import FOREIGN, STOPS, asked, with_foreign_band
from spectra_vae.ui.views.tour.steps import (
    GUIDED,
    PLAIN_WATER,
    PLAIN_WIDTH,
    STEPS,
    STUDY,
    STUDY_PLAIN,
    UNTOLD,
    WATER,
    WIDTH,
)
from spectra_vae.ui.views.tour.study_numbers import OTHER, OWN, aligned, alignment, facts, stages

GYPSUM = mineral("gypsum")
WINDOWS = GYPSUM.spans
STEP = {step.name: step for step in STEPS}


@pytest.fixture(scope="module")
def models():
    return {name: load(name) for name in (GUIDED, UNTOLD, STUDY, STUDY_PLAIN)}


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
    vs = models[STUDY_PLAIN]
    still = {"shift": 0.0, "intensity": 1.0, "purity": 3.0}
    data = simulate(
        "gypsum",
        100,
        vs.config.instrument,
        seed=11,
        factors=still,
        wavenumber=vs.wavenumber,
    )
    cleaned = vs.decode(vs.encode(data.dirty).mean)
    noise = data.dirty - data.clean
    noise -= np.median(noise, axis=1, keepdims=True)
    assert np.sqrt(np.mean((cleaned - data.clean) ** 2)) < 0.1 * np.sqrt(np.mean(noise**2))


def test_no_plain_knob_moves_one_thing_alone(models):
    """Every neuron moves strength and width, those of the step by much."""
    found = reenact(models[STUDY_PLAIN])
    assert (found.strength.neuron, found.width.neuron) == (PLAIN_WATER, PLAIN_WIDTH)
    assert len(found.effects) == 8 and not found.silent
    assert all(min(ends) > 0.01 for ends in found.effects.values())
    assert min(found.effects[PLAIN_WATER]) > 0.3 and min(found.effects[PLAIN_WIDTH]) > 0.3
    water, width = STEP["entangled"].variants
    for variant in (water, width):
        _, share, _, peaks = moved(models[STUDY_PLAIN], variant.neuron)
        assert np.ptp(share) > 0.3 and peaks[:, 2].max() / peaks[:, 2].min() > 1.4


def test_told_nothing_two_are_alive_and_six_silent(models):
    vs, found = models[STUDY], reenact(models[STUDY])
    assert (found.strength.neuron, found.width.neuron) == (WATER, WIDTH)
    assert len(found.silent) == 6 and max(found.silent.values()) <= 0.01
    assert set(found.effects) == {WATER, WIDTH}
    assert vs.config.supervision == "none" and len(vs.config.varying) >= 2
    water, width, silent = STEP["beta"].variants
    assert [v.neuron for v in (water, width)] == [WATER, WIDTH]
    assert vs.neurons[silent.neuron].silent
    curves, *_ = moved(vs, silent.neuron)
    assert np.ptp(curves, axis=0).max() < 0.005


def test_the_page_says_which_neurons_and_seeds_they_are():
    study, told = shipped.study(), facts()
    assert told["chosen"] == f"{study.chosen[0]:g}"
    assert (told["water"], told["width"]) == (
        study.shipped.found["strength"]["neuron"],
        study.shipped.found["width"]["neuron"],
    )
    assert told["good_chosen"] == told["seeds"] == 8 == len(study.at(30.0))
    assert 8 > told["good_turns"] > told["good_low"] > 0
    assert aligned(study, float(told["low"])) == told["good_low"]


def test_another_seed_turns_the_axes():
    step = STEP["seeds"]
    trials = {t.seed: t for t in shipped.study().at(30.0)}
    assert sorted(trials) == list(range(int(step.low), int(step.high) + 1))
    assert all(len(t.active) == 2 for t in trials.values())
    turned, straight = alignment(trials[int(step.start)]), alignment(trials[0])
    assert turned.own < 0.8 and turned.other > 0.6
    assert straight.own >= OWN and straight.other <= OTHER
    own, other = (str(one) for one in study_numbers("seeds", 1, "en"))
    assert f"{turned.own:.2f}" in own and f"{turned.other:.2f}" in other


def test_one_more_factor_mixes_and_wakes_neurons():
    found = stages(shipped.study())
    assert len(found) == STEP["factors"].high + 1
    assert [set(ts[0].varies) - {"hydration", "crystallinity"} for ts in found] == [
        set(),
        {"intensity"},
        {"shift"},
        {"shift", "intensity"},
    ]
    assert all(sorted(t.seed for t in ts) == [0, 1] for ts in found)
    assert {t.beta for ts in found for t in ts} == {shipped.study().chosen[0]}
    for k, trials in enumerate(found):
        mcc = [t.scores["mcc"] for t in trials]
        assert min(mcc) > 0.99 if k == 0 else max(mcc) < 0.9
        assert all((len(t.active) == 2) == (k == 0) for t in trials)
        active, scores = (str(one) for one in study_numbers("factors", k, "en"))
        assert f"{len(trials[0].active)} and {len(trials[1].active)}" in active
        assert f"{mcc[0]:.2f} and {mcc[1]:.2f}" in scores


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("narrow", [False, True])
def test_the_limits_are_drawn(language, narrow):
    study = shipped.study()
    for seed in range(8):
        drawn = study_figure.seeds(study, 30.0, 0, seed, LIGHT, language, narrow)
        assert json.dumps(drawn, allow_nan=False) and len(drawn["data"]) == 6
    for k in range(4):
        drawn = study_figure.more_factors(study, k, DARK, language, narrow)
        assert json.dumps(drawn, allow_nan=False) and len(drawn["data"][0]["y"]) == 8


def test_left_alone_nu1_walks_off_and_guided_it_stays(models):
    left_alone, guided = STEP["guided"].variants
    assert (left_alone.model, guided.model) == (UNTOLD, GUIDED)
    _, water, _, peaks = moved(models[UNTOLD], left_alone.neuron)
    dry = np.argmin(np.abs(water))
    assert abs(water[dry]) < 0.05 and abs(peaks[dry, 0] - 1008) > 2.5
    _, water, sulfate, peaks = moved(models[GUIDED], guided.neuron)
    assert water.min() < 0.02
    assert np.abs(sulfate - 1).max() < 0.01 and np.abs(peaks[:, 0] - 1008).max() < 0.1
    assert min(selectivity(models[UNTOLD]).off_target) > 100 / 3


def test_the_waters_row_is_nearly_empty_in_the_sulfate_and_no_plain_row_is(models):
    found, plain = STEP["map"].variants
    row = models[STUDY].sensitivity()[found.neuron]
    assert most(models[STUDY], row, "sulfate") < 0.1 * most(models[STUDY], row, "water")
    vs = models[STUDY_PLAIN]
    for row in vs.sensitivity():
        assert most(vs, row, "sulfate") > 0.5 * most(vs, row, "water") > 0.005
    assert plain.model == STUDY_PLAIN


def test_the_virtual_anhydrite_keeps_every_sulfate_band(models):
    vs, (within, beyond) = models[STUDY], STEP["anhydrite"].variants
    assert within.neuron == beyond.neuron == WATER and (beyond.low, beyond.high) == (-5, 3)
    assert reenact(vs).strength.sign == 1  # without water at the left, as the study
    x, origin = vs.wavenumber, vs.decode(vs.origin)
    dry = vs.scan(WATER, [vs.neurons[WATER].low])[0]
    assert abs(area(x, dry, *WINDOWS["water"])) < 0.05 * area(x, origin, *WINDOWS["water"])
    assert area(x, dry, *WINDOWS["sulfate"]) == pytest.approx(
        area(x, origin, *WINDOWS["sulfate"]), rel=0.02
    )
    for band in (b for b in GYPSUM.bands if b.group == "sulfate"):
        near = (band.position - 2 * band.width, band.position + 2 * band.width)
        before, after = peak(x, origin, *near), peak(x, dry, *near)
        assert after[0] == pytest.approx(before[0], abs=0.5)
        assert after[1] == pytest.approx(before[1], rel=0.03, abs=0.003)
    for curve in vs.scan(WATER, [-3.0, -5.0]):  # what the caveat says of the study's own codes
        assert area(x, curve, *WINDOWS["water"]) < 0
    assert {phase.name for phase in GYPSUM.lookalikes} == {
        "bassanite",
        "anhydrite II",
        "anhydrite III",
    }


def test_the_width_spans_more_than_four_times_and_keeps_areas(models):
    vs, (within, beyond) = models[STUDY], STEP["crystal"].variants
    found = reenact(vs).width
    assert within.neuron == beyond.neuron == found.neuron and found.sign == 1
    assert found.span > 4 and found.monotone
    assert max(found.areas_moved.values()) < 0.04
    assert found.shown["3"] < found.widths[1]  # the study's +3 doesn't widen further


def test_guided_crystallinity_keeps_areas_too(models):
    vs = models[GUIDED]
    n = next(n for n in vs.neurons if n.factor == "crystallinity")
    found = knob(vs, n.index, n.factor, np.linspace(n.low, n.high, 13))
    assert found.areas["sulfate"] == pytest.approx((1, 1), abs=0.02)


def test_the_two_oh_bands_become_one_hump_with_what_was_found(models):
    vs = models[STUDY]
    inside = (vs.wavenumber > 3350) & (vs.wavenumber < 3550)

    def tops(code):
        y = vs.scan(WIDTH, [code])[0][inside]
        return len(find_peaks(y, height=0.01, prominence=0.003)[0])  # deeper than its ripples

    assert tops(0.0) == 2 and tops(vs.neurons[WIDTH].high) == 1


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
    assert asked({"step": "seeds", "value": 99}) == ("seeds", 7.0)
    assert asked({"step": "factors", "value": None}) == ("factors", 0.0)
