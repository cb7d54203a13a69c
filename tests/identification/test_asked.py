"""What somebody asks of the phases, and which part of the file counts."""

from __future__ import annotations

import numpy as np
import pytest

from spectra_vae.identification.asked import identify_asked
from spectra_vae.identification.row import Row, rows_csv
from spectra_vae.identification.wish import Wish
from spectra_vae.library.baseline import BASELINES
from spectra_vae.minerals import mineral
from spectra_vae.spectra.spectrum import Spectrum, SpectrumError

AXIS = np.arange(120.0, 1300.0, 1.5)


@pytest.fixture(scope="module")
def spectrum():
    y = mineral("calcite").spectrum(AXIS) + 0.3 + 1e-4 * AXIS
    return Spectrum(AXIS, y + np.random.default_rng(2).normal(0, 0.004, len(AXIS)))


def names(found):
    return [phase.mineral for phase in found.phases]


def test_a_wish_for_nothing_is_no_wish(spectrum):
    found = identify_asked(spectrum, Wish())
    assert found.verdict == "identified" and names(found) == ["calcite"]
    assert found.settings["phases_asked_for"] == "none"


def test_a_phase_that_is_not_there_has_no_share(spectrum):
    found = identify_asked(spectrum, Wish(given=("quartz",)))
    shares = {p.mineral: p for p in found.phases}
    assert shares["calcite"].fraction > 0.97 and shares["quartz"].low < 0.01
    assert found.sentence.code == "identify.asked"
    assert np.allclose(found.measured, found.background + found.restored + found.residual)


def test_what_was_chosen_against_the_file_is_doubted(spectrum):
    found = identify_asked(spectrum, Wish(given=("quartz",), only=True))
    assert names(found) == ["quartz"] and found.verdict == "partly"
    assert found.sentence.code == "identify.asked_doubt"


def test_what_is_left_out_is_not_found(spectrum):
    assert "calcite" not in names(identify_asked(spectrum, Wish(without=("calcite",))))


def test_a_part_of_the_axis_counts_alone(spectrum):
    found = identify_asked(spectrum, Wish(crop=(600.0, 1200.0)))
    assert found.wavenumber[0] >= 600 and found.wavenumber[-1] <= 1200
    with pytest.raises(SpectrumError, match="calcite"):
        identify_asked(spectrum, Wish(given=("calcite",), only=True, crop=(800.0, 1000.0)))


@pytest.mark.parametrize("baseline", BASELINES)
def test_every_baseline_leaves_the_sum(spectrum, baseline):
    found = identify_asked(spectrum, Wish(given=("calcite",), only=True, baseline=baseline))
    assert np.allclose(found.measured, found.background + found.restored + found.residual)
    assert found.settings["baseline"] == baseline
    if baseline == "none":
        assert np.allclose(found.background, 0, atol=1e-9)


def test_a_row_says_it_in_short_and_back(spectrum):
    row = Row.of(identify_asked(spectrum, Wish()), "This is calcite.")
    assert Row.from_dict(row.to_dict()) == row and row.only == "calcite"
    table = rows_csv([("=a.csv", row), ("b.csv", "It is a picture.")]).splitlines()
    assert table[1].startswith("'=a.csv,identified,calcite,1,")
    assert len({len(line.split(",")) for line in table}) == 1
