"""Measured and made files that were told wrongly, identified. They are not part of the project."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

import spectra_vae as sv

ROOT = Path(__file__).resolve().parents[2]
DATA = Path(os.environ.get("SPECTRA_VAE_DATA", ROOT / "../shared/data"))
pytestmark = pytest.mark.skipif(
    not (DATA / "failing").is_dir(), reason=f"no failing files in {DATA}: set SPECTRA_VAE_DATA"
)

MIXTURES = {
    "f11_gypsum70_anhydrite30.txt": {"gypsum": 0.7, "anhydrite": 0.3},
    "f11b_gypsum40_bassanite60.txt": {"gypsum": 0.4, "bassanite": 0.6},
}
ALONE = {
    "gypsum/CDPH_Gypsum.txt": "gypsum",
    "gypsum/NASA_ramdb_CalciumSulfate_532_EXTRACT_201-1300_3032-3704.csv": "gypsum",
    "failing/f03_gypsum_last_point_high.txt": "gypsum",
    "failing/f12_gypsum_strong_OH.txt": "gypsum",
    "other/CDPH_Barite_raw.txt": "barite",
    "other/CDPH_Aragonite.txt": "aragonite",
}
STRANGERS = ("f01c_organic_measured_a.txt", "f07b_realgar_like_24_398.txt")


@pytest.mark.parametrize("file", MIXTURES)
def test_made_mixtures_have_their_phases_and_fractions(file):
    found = sv.identify(sv.read_spectrum(DATA / "failing" / file))
    assert {p.mineral for p in found.phases} == set(MIXTURES[file])
    for phase in found.phases:
        assert phase.low <= MIXTURES[file][phase.mineral] <= phase.high


def test_a_plaster_has_both_its_phases():
    found = sv.identify(sv.read_spectrum(DATA / "failing" / "f06_soluble_anhydrite_calcite.txt"))
    assert {p.mineral for p in found.phases} == {"anhydrite-iii", "calcite"}


@pytest.mark.parametrize("file", ALONE)
def test_pure_files_are_one_mineral(file):
    found = sv.identify(sv.read_spectrum(DATA / file))
    assert found.verdict == "identified"
    assert [p.mineral for p in found.phases] == [ALONE[file]]


@pytest.mark.parametrize("file", STRANGERS)
def test_strangers_are_unknown(file):
    found = sv.identify(sv.read_spectrum(DATA / "failing" / file))
    assert found.verdict == "unknown" and found.phases == ()


def test_a_bent_axis_is_told():
    found = sv.identify(sv.read_spectrum(DATA / "library" / "CDPH_Pyrite.txt"))
    assert found.phases[0].mineral == "pyrite"
    assert "identify.unbent" in {check.code for check in found.checks}
