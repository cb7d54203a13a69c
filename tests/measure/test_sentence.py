"""The sentence on top and what stands below it say the same, whatever was found."""

from itertools import product

import numpy as np
import pytest

import spectra_vae as sv
from spectra_vae.measure.detection.residual import Peak
from spectra_vae.measure.report.estimates import GONE
from spectra_vae.measure.report.sentence import Details, sentence
from spectra_vae.text.message import LANGUAGES, say

FOREIGN = tuple(Peak(700.0 + 50 * k, 0.1 + 0.2 * k, 8.0, 9.0) for k in range(3))
WHY = ("why.ordinary", "why.untold", "why.doubled", "why.not_covered", "why.disagree")
THERE = "This is gypsum"


def details():
    for verdict, why, gone, count, noise, close in product(
        ("normal", "undecided", "alien"), WHY, (None, *GONE), range(4), (True, False), (True, False)
    ):
        yield Details(verdict, why, gone, FOREIGN[:count], 1.0, noise, close)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_combination_has_a_sentence(language):
    for one in details():
        told = say(sentence("gypsum", one), language)
        assert told.endswith(".") and "{" not in told and "gypsum" in told


def test_no_combination_contradicts_its_details():
    for one in details():
        message = sentence("gypsum", one)
        told = str(message)
        says_it_is = told.startswith(THERE) and not told.startswith(f"{THERE} can")
        if one.gone is not None or one.verdict != "normal":
            assert not says_it_is, one
        else:
            assert says_it_is, one
        if "nothing else stands out" in told:
            assert one.noise and one.close and not one.foreign
        if says_it_is and one.foreign:
            assert f"{max(p.position for p in one.foreign):.0f} cm⁻¹" in told
        if one.verdict == "undecided" and one.gone is None:
            assert "can't be told" in told
        if "not alone" in told:
            assert one.verdict == "alien" and one.gone is None and one.foreign


def test_a_normal_file_is_said_to_be_what_it_is(vs):
    y = 3_000 * (vs.mineral.spectrum(vs.wavenumber) + 0.3)
    r = vs.restore(sv.Spectrum(vs.wavenumber, np.random.default_rng(3).poisson(y).astype(float)))
    assert r.novelty.verdict == "normal"
    assert str(r.sentence).startswith(THERE)
    assert r.to_dict()["sentence"]["text"] == str(r.sentence)
    assert f"# result: {r.sentence}" in r.to_csv()


def test_what_is_left_of_another_substance_is_not_called_noise(vs):
    x = np.arange(150.0, 1800.0, 1.0)
    rng = np.random.default_rng(4)
    y = 0.1 * np.sin(x / 4) + 0.4 + np.exp(-(((x - 1600) / 6) ** 2))
    r = vs.restore(sv.Spectrum(x, y + rng.normal(0, 0.002, len(x))))
    assert not r.residual_is_noise
    assert all(c.code != "check.nothing_unexplained" for c in r.checks)


def test_a_shift_at_its_limit_is_no_shift(vs):
    moved = vs.mineral.the("position")
    x = np.concatenate([np.arange(150.0, 1300.0), np.arange(3000.0, 3750.0)])
    y = vs.mineral.spectrum(x)
    rng = np.random.default_rng(2)
    far = sv.Spectrum(x + moved.high + 2.5, y + 0.3 + rng.normal(0, 0.003, len(x)))
    r = vs.restore(far)
    assert not r.estimates[moved.name].known
    assert all(c.code != "check.lookalike" for c in r.checks)
