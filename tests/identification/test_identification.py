"""What a measurement is: verdicts, fractions, curves, words."""

from __future__ import annotations

import json

import numpy as np
import pytest

import spectra_vae as sv
from spectra_vae.text.message import LANGUAGES, say

X = np.arange(120.0, 1500.0, 1.3)


def measured(shares, noise=0.01, seed=0, shift=0.0):
    rng = np.random.default_rng(seed)
    y = sum(s * sv.mineral(name).spectrum(X - shift) for name, s in shares.items())
    background = 0.4 + 0.3 * np.sin(X / 400) + X / 3000
    return sv.Spectrum(X, 1000 * (y + background + rng.normal(0, noise, len(X))))


@pytest.fixture(scope="module")
def mixture():
    return sv.identify(measured({"calcite": 0.7, "gypsum": 0.3}))


@pytest.fixture(scope="module")
def stranger():
    bands = [(233, 8), (402, 11), (555, 9), (701, 7), (822, 12), (933, 9), (1190, 14)]
    y = sum(np.exp(-2.77 * ((X - p) / w) ** 2) * (0.4 + 0.1 * k) for k, (p, w) in enumerate(bands))
    noise = np.random.default_rng(0).normal(0, 0.005, len(X))
    return sv.identify(sv.Spectrum(X, 5.0 + y + noise)), bands


def test_one_mineral_is_identified():
    found = sv.identify(measured({"barite": 1.0}, shift=2.0))
    assert found.verdict == "identified"
    assert [p.mineral for p in found.phases] == ["barite"]
    assert found.phases[0].fraction == 1.0
    assert found.phases[0].shift == pytest.approx(2.0, abs=0.5)
    assert found.candidates[0].mineral == "barite" and found.explained_share > 0.8


def test_two_phases_with_fractions_inside_their_intervals(mixture):
    assert mixture.verdict == "identified"
    assert [p.mineral for p in mixture.phases] == ["calcite", "gypsum"]
    for phase, truth in zip(mixture.phases, (0.7, 0.3), strict=True):
        assert phase.low < truth < phase.high
    assert sum(p.fraction for p in mixture.phases) == pytest.approx(1.0)
    assert any(check.code == "identify.fractions" for check in mixture.checks)


def test_the_curves_add_up_on_the_files_axis(mixture):
    np.testing.assert_array_equal(mixture.wavenumber, X)
    whole = mixture.background + mixture.restored + mixture.residual
    np.testing.assert_allclose(whole, mixture.measured)
    phases = sum(p.curve for p in mixture.phases)
    np.testing.assert_allclose(phases, mixture.restored)
    assert np.all(mixture.lower <= mixture.restored) and np.all(mixture.restored <= mixture.upper)


def test_a_phase_is_restored_through_its_own_decoder(mixture):
    first = mixture.phases[1]
    assert first.restoration.mineral.name == first.mineral == "gypsum"
    assert first.restoration is first.restoration
    assert first.restoration.novelty.verdict == "normal"


def test_bands_are_measured_with_intervals(mixture):
    main = max(mixture.bands, key=lambda band: band.height)
    assert main.mineral == "calcite" and main.position == pytest.approx(1086, abs=1)
    low, high = main.position_interval
    assert low < main.position < high and high - low < 1
    assert main.fwhm_interval[0] < main.fwhm < main.fwhm_interval[1]
    assert main.area_interval[0] < main.area < main.area_interval[1]


def test_absent_relatives_have_a_limit(mixture):
    below = {limit.mineral: limit.below for limit in mixture.limits}
    assert 0 < below["anhydrite"] < 0.1


def test_a_stranger_is_unknown_and_its_bands_are_found(stranger):
    found, bands = stranger
    assert found.verdict == "unknown" and found.phases == () and found.explained_share == 0
    places = [p.position for p in found.unexplained]
    for position, _ in bands:
        assert min(abs(position - one) for one in places) < 2
    assert found.candidates == () or "band" in str(found.sentence)


def test_a_band_of_no_phase_is_the_wholes_novelty(mixture, stranger):
    assert mixture.novelty.score == 0.0 and stranger[0].novelty is None
    alone = measured({"barite": 1.0})
    band = 1000 * 0.2 / (1 + 4 * ((X - 1300) / 12) ** 2)
    found = sv.identify(sv.Spectrum(X, alone.intensity + band), minerals=["barite"])
    own = np.trapezoid(found.phases[0].curve, X)
    truth = np.trapezoid(band, X)
    assert found.novelty.low < truth / (truth + own) < found.novelty.high < 1


def test_noise_is_not_told_as_anything():
    rng = np.random.default_rng(1)
    found = sv.identify(sv.Spectrum(X, 100 + rng.normal(0, 1, len(X))))
    assert found.verdict == "unknown" and found.bands == () and found.phases == ()
    assert found.sentence.code == "identify.nothing"


def test_minerals_to_choose_from():
    found = sv.identify(measured({"barite": 1.0}), minerals=["calcite", "barite"])
    assert {c.mineral for c in found.candidates} <= {"calcite", "barite"}
    assert found.verdict == "identified"


def test_a_list_gives_a_list():
    some = [measured({"calcite": 1.0}), measured({"quartz": 1.0})]
    assert [one.phases[0].mineral for one in sv.identify(some)] == ["calcite", "quartz"]


def test_json_has_no_nan_and_words_in_both_languages(mixture, stranger):
    for found in (mixture, stranger[0]):
        told = json.loads(json.dumps(found.to_dict(), allow_nan=False))
        assert told["verdict"] == found.verdict and len(told["measured"]) == len(X)
        for message in (found.sentence, *found.checks, *(c.why for c in found.candidates)):
            for language in LANGUAGES:
                assert say(message, language).endswith(".")


def test_the_table_is_read_back(mixture, tmp_path):
    file = tmp_path / "identified.csv"
    file.write_text(mixture.to_csv(), encoding="utf-8")
    back = sv.read_spectrum(file)
    np.testing.assert_allclose(back.intensity, mixture.measured, rtol=1e-8)


def test_what_cannot_be_meant_is_refused(refused):
    spectrum = measured({"calcite": 1.0})
    with refused(sv.SpectrumError):
        sv.identify(spectrum, resolution=-1)
    with refused(sv.SpectrumError):
        sv.identify("a path")
    with refused():
        sv.identify(spectrum, minerals=["nosuch"])
