"""What the tour says of the original study's models and seeds is true of them."""

import json

import numpy as np
import pytest
from scipy.signal import find_peaks

from spectra_vae.analysis import shipped
from spectra_vae.simulation import simulate
from spectra_vae.spectra.bands import area, peak
from spectra_vae.text.message import LANGUAGES
from spectra_vae.ui.palette import DARK, LIGHT
from spectra_vae.ui.views.tour import study_figure
from spectra_vae.ui.views.tour.cards import study_numbers
from spectra_vae.ui.views.tour.steps import (
    PLAIN_WATER,
    PLAIN_WIDTH,
    STUDY,
    STUDY_PLAIN,
    WATER,
    WIDTH,
)
from spectra_vae.ui.views.tour.study_numbers import OTHER, OWN, aligned, alignment, facts, stages

from .touring import GYPSUM, STEP, WINDOWS, most, moved


def test_the_plain_autoencoder_cleans(models):
    vs = models[STUDY_PLAIN]
    still = {"shift": 0.0, "intensity": 1.0, "purity": 3.0}
    data = simulate(
        "gypsum", 100, vs.config.instrument, seed=11, factors=still, wavenumber=vs.wavenumber
    )
    cleaned = vs.decode(vs.encode(data.dirty).mean)
    noise = data.dirty - data.clean
    noise -= np.median(noise, axis=1, keepdims=True)
    assert np.sqrt(np.mean((cleaned - data.clean) ** 2)) < 0.1 * np.sqrt(np.mean(noise**2))


def test_no_plain_knob_moves_one_thing_alone(models, reenacted):
    """Every neuron moves strength and width, those of the step by much."""
    found = reenacted(STUDY_PLAIN)
    assert (found.strength.neuron, found.width.neuron) == (PLAIN_WATER, PLAIN_WIDTH)
    assert len(found.effects) == 8 and not found.silent
    assert all(min(ends) > 0.01 for ends in found.effects.values())
    assert min(found.effects[PLAIN_WATER]) > 0.3 and min(found.effects[PLAIN_WIDTH]) > 0.3
    water, width = STEP["entangled"].variants
    for variant in (water, width):
        _, share, _, peaks = moved(models[STUDY_PLAIN], variant.neuron)
        assert np.ptp(share) > 0.3 and peaks[:, 2].max() / peaks[:, 2].min() > 1.4


def test_told_nothing_two_are_alive_and_six_silent(models, reenacted):
    vs, found = models[STUDY], reenacted(STUDY)
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


def test_the_waters_row_is_nearly_empty_in_the_sulfate_and_no_plain_row_is(models):
    found, plain = STEP["map"].variants
    row = models[STUDY].sensitivity()[found.neuron]
    assert most(models[STUDY], row, "sulfate") < 0.1 * most(models[STUDY], row, "water")
    vs = models[STUDY_PLAIN]
    for row in vs.sensitivity():
        assert most(vs, row, "sulfate") > 0.5 * most(vs, row, "water") > 0.005
    assert plain.model == STUDY_PLAIN


def test_the_virtual_anhydrite_keeps_every_sulfate_band(models, reenacted):
    vs, (within, beyond) = models[STUDY], STEP["anhydrite"].variants
    assert within.neuron == beyond.neuron == WATER and (beyond.low, beyond.high) == (-5, 3)
    assert reenacted(STUDY).strength.sign == 1  # without water at the left, as the study
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


def test_the_width_spans_more_than_four_times_and_keeps_areas(reenacted):
    within, beyond = STEP["crystal"].variants
    found = reenacted(STUDY).width
    assert within.neuron == beyond.neuron == found.neuron and found.sign == 1
    assert found.span > 4 and found.monotone
    assert max(found.areas_moved.values()) < 0.04
    assert found.shown["3"] < found.widths[1]  # the study's +3 doesn't widen further


def test_the_two_oh_bands_become_one_hump_with_what_was_found(models):
    vs = models[STUDY]
    inside = (vs.wavenumber > 3350) & (vs.wavenumber < 3550)

    def tops(code):
        y = vs.scan(WIDTH, [code])[0][inside]
        return len(find_peaks(y, height=0.01, prominence=0.003)[0])  # deeper than its ripples

    assert tops(0.0) == 2 and tops(vs.neurons[WIDTH].high) == 1
