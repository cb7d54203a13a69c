"""Band tables fitted to measured pure substances. They are not part of the project."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

import pytest

import spectra_vae as sv

ROOT = Path(__file__).resolve().parents[2]
DATA = Path(os.environ.get("SPECTRA_VAE_DATA", ROOT / "../shared/data"))
pytestmark = pytest.mark.skipif(
    not DATA.is_dir(), reason=f"no measured spectra in {DATA}: set SPECTRA_VAE_DATA to their folder"
)

# file: strongest band as the file's own axis has it, cm⁻¹
FILES = {
    "gypsum/CDPH_Gypsum.txt": 1008,
    "other/CDPH_Anhydrite.txt": 1015,
    "other/CDPH_Aragonite.txt": 1083,
    "other/CDPH_Barite_raw.txt": 988,
    "other/CDPH_Epsomite.txt": 984,
    "other/CDPH_Quartz.txt": 464,
    "other/CDPH_Calcite.txt": 1085,
    "library/CDPH_Calcite(CaCO3).txt": 1080,
    "other/R040070.rruff.785.txt": 1087,
}


@cache
def drafted(file: str) -> sv.Draft:
    return sv.fit_mineral(sv.read_spectrum(DATA / file), "measured")


@pytest.mark.parametrize("file", FILES)
def test_the_strongest_band_stands_where_the_file_has_it(file: str) -> None:
    draft = drafted(file)
    assert draft.bands[draft.strongest].position == pytest.approx(FILES[file], abs=2.5)


@pytest.mark.parametrize("file", FILES)
def test_a_fit_leaves_noise_or_little_more(file: str) -> None:
    draft = drafted(file)
    assert draft.misfit <= max(1.5 * draft.noise, 0.008)


@pytest.mark.parametrize("file", FILES)
def test_no_band_is_a_satellite_or_a_background(file: str) -> None:
    bands = drafted(file).bands
    for one, two in zip(bands, bands[1:], strict=False):
        assert two.position - one.position >= 0.6 * max(one.width, two.width)
    assert all(b.width < 126 or b.position > 2900 for b in bands)
    assert all(0.02 < b.mixing < 0.98 for b in bands)


def test_raw_and_processed_give_one_table() -> None:
    raw, processed = (
        [b for b in drafted(f"other/CDPH_Barite_{kind}.txt").bands if b.height > 0.1]
        for kind in ("raw", "processed")
    )
    assert len(raw) == len(processed)
    for one, two in zip(raw, processed, strict=True):
        assert one.position == pytest.approx(two.position, abs=0.5)
        assert 1 / 1.5 < one.area / two.area < 1.5


def test_a_clipped_top_is_told() -> None:
    codes = {doubt.code for doubt in drafted("gypsum/CDPH_Gypsum.txt").doubts}
    assert "doubt.clipped" in codes


def test_an_axis_that_may_be_bent_is_told() -> None:
    codes = {doubt.code for doubt in drafted("library/CDPH_Calcite(CaCO3).txt").doubts}
    assert "doubt.even_axis" in codes
    codes = {doubt.code for doubt in drafted("other/CDPH_Quartz.txt").doubts}
    assert "doubt.even_axis" not in codes
