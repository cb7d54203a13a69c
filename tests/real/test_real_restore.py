"""Restoration of files that instruments really wrote. They are not part of the project."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

import spectra_vae as sv

ROOT = Path(__file__).resolve().parents[2]
DATA = Path(os.environ.get("SPECTRA_VAE_DATA", ROOT / "../shared/data"))
pytestmark = pytest.mark.skipif(
    not DATA.is_dir(), reason=f"no measured spectra in {DATA}: set SPECTRA_VAE_DATA to their folder"
)

CDPH = "gypsum/CDPH_Gypsum.txt"
NASA = "gypsum/NASA_ramdb_CalciumSulfate_532_EXTRACT_201-1300_3032-3704.csv"
OTHERS = [
    "Anhydrite",
    "Aragonite",
    "Barite_processed",
    "Barite_raw",
    "Calcite",
    "Epsomite",
    "Quartz",
    "Struvite",
    "Talc",
]
ANHYDRITE = "other/CDPH_Anhydrite.txt"
RRUFF = ["other/R040070.rruff.785.txt", "other/rruff_Anatase*.txt"]


@pytest.fixture(scope="module")
def restored(vs):
    cache = {}

    def restore(file):
        if file not in cache:
            cache[file] = vs.restore(sv.read_spectrum(DATA / file))
        return cache[file]

    return restore


@pytest.mark.parametrize(("file", "position"), [(CDPH, 1008.0), (NASA, 1005.2)])
def test_the_main_band_is_where_the_file_has_it(restored, vs, file, position):
    shift = restored(file).estimates["shift"]
    assert shift.known
    assert vs.mineral.main.position + shift.value == pytest.approx(position, abs=1.0)


def test_hydration_is_unknown_where_the_file_ends_before_the_water(restored):
    hydration = restored(CDPH).estimates["hydration"]
    assert not hydration.known and hydration.value is None


def test_hydration_is_that_of_gypsum_where_the_file_has_the_water(restored):
    hydration = restored(NASA).estimates["hydration"]
    assert hydration.known and 0.6 <= hydration.value <= 1.4


@pytest.mark.parametrize("file", [CDPH, NASA])
def test_gypsum_is_not_alien(restored, file):
    assert not restored(file).novelty.alien


@pytest.mark.parametrize("name", OTHERS)
def test_other_minerals_are_alien(restored, name):
    novelty = restored(f"other/CDPH_{name}.txt").novelty
    assert novelty.alien and novelty.score > 0.5 and novelty.why


@pytest.mark.parametrize("file", ["horiba_polystyrene_785", "witec_polystyrene_532"])
def test_nothing_is_measured_of_a_mineral_whose_bands_are_outnumbered(restored, file):
    found = restored(f"formats/{file}.txt")
    assert found.novelty.alien
    assert not any(one.known for one in found.estimates.values())


@pytest.mark.parametrize("pattern", RRUFF)
def test_broad_scans_of_other_minerals_are_alien(restored, pattern):
    for file in DATA.glob(pattern):
        assert restored(file.relative_to(DATA)).novelty.alien


@pytest.mark.parametrize("file", [CDPH, NASA])
def test_orientation_is_reported(restored, file):
    r = restored(file)
    assert r.orientation is not None and r.orientation.bic > 0
    assert "check.orientation_fitted" in {check.code for check in r.checks}


def test_anhydrite_is_known_by_the_bands_it_has_too_many_of(restored):
    r = restored(ANHYDRITE)
    assert not r.estimates["shift"].known
    assert "check.lookalike" in {check.code for check in r.checks}
    for position in (496, 606):
        assert any(abs(peak.position - position) < 4 for peak in r.unexplained)


@pytest.mark.parametrize("file", [CDPH, NASA, *(f"other/CDPH_{name}.txt" for name in OTHERS)])
def test_nothing_is_lost(restored, file):
    r = restored(file)
    parts = r.background + r.restored + r.residual
    np.testing.assert_allclose(parts, r.measured, atol=1e-9 * np.ptp(r.measured))


@pytest.mark.parametrize("file", [CDPH, NASA])
def test_the_explained_curve_follows_the_file(restored, file):
    r = restored(file)
    near = (np.abs(r.wavenumber - 1007) < 40) & r.used
    measured = (r.measured - r.background)[near]
    assert np.corrcoef(measured, r.explained[near])[0, 1] > 0.98


STONES = {
    "Calcite": "calcite or aragonite",
    "Aragonite": "calcite or aragonite",
    "Quartz": "quartz",
    "Barite_raw": "barite",
    "Talc": "talc",
    "Epsomite": "epsomite",
}


@pytest.mark.parametrize(("name", "stone"), STONES.items())
def test_a_foreign_band_gets_a_name_to_look_for(restored, name, stone):
    told = [c for c in restored(f"other/CDPH_{name}.txt").checks if c.code == "check.neighbour"]
    assert [str(c.params["name"]) for c in told] == [stone]


def test_real_gypsum_has_no_neighbour(restored):
    for file in (CDPH, NASA):
        assert not any(c.code == "check.neighbour" for c in restored(file).checks)
