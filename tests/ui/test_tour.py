"""What the tour says of the guided model is true of it; what pages send is checked."""

import numpy as np
import pytest

from spectra_vae import Spectrum, read_spectrum
from spectra_vae.analysis.knobs import knob
from spectra_vae.analysis.selectivity import selectivity
from spectra_vae.examples import example
from spectra_vae.examples.__main__ import AXIS, CALCITE, STATE
from spectra_vae.minerals.profile import pseudo_voigt
from spectra_vae.ui.views.tour.cards import ESTIMATES, numbers
from spectra_vae.ui.views.tour.restored import FOREIGN, STOPS, asked, with_foreign_band
from spectra_vae.ui.views.tour.steps import GUIDED, UNTOLD

from .touring import GYPSUM, STEP, moved


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


def test_guided_crystallinity_keeps_areas_too(models):
    vs = models[GUIDED]
    n = next(n for n in vs.neurons if n.factor == "crystallinity")
    found = knob(vs, n.index, n.factor, np.linspace(n.low, n.high, 13))
    assert found.areas["sulfate"] == pytest.approx((1, 1), abs=0.02)


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
