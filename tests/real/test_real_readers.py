"""The reader on files that instruments really wrote. They are not part of the project."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from spectra_vae.readers import read_spectrum
from spectra_vae.spectra.bands import peak
from spectra_vae.spectra.spectrum import Spectrum

ROOT = Path(__file__).resolve().parents[2]
DATA = Path(os.environ.get("SPECTRA_VAE_DATA", ROOT / "../shared/data"))
pytestmark = pytest.mark.skipif(
    not DATA.is_dir(), reason=f"no measured spectra in {DATA}: set SPECTRA_VAE_DATA to their folder"
)

NASA = "gypsum/NASA_ramdb_CalciumSulfate_532_EXTRACT_201-1300_3032-3704.csv"
ANATASE = "other/rruff_Anatase__R060277__Broad_Scan__RAW__21346.txt"
SODDYITE = "formats/rruff_soddyite_broadscan_780_RAW.rruff"
# The axes are taken as they stand in the files: the two polystyrenes of witec and horiba read 4 to
# 5 cm⁻¹ high.
# file: points, first and last wavenumber, window, strongest band in it, tolerance
TEXTS = {
    "gypsum/CDPH_Gypsum.txt": (1024, 116.148, 1158.02, (900, 1100), 1008, 1),
    NASA: (1773, 201, 3704, (900, 1100), 1005, 1),
    "formats/derived_gypsum_semicolon_decimal_comma.csv": (
        1024,
        116.148,
        1158.02,
        (900, 1100),
        1008,
        1,
    ),
    "formats/bwtek_polystyrene_532.txt": (1801, 145.99, 4010.28, (900, 1100), 1001, 3),
    "formats/caco3_support.txt": (2048, 207, 4204, (900, 1200), 1086, 3),
    "formats/horiba_polystyrene_785.txt": (1024, 168.216, 3281.89, (900, 1100), 1006, 1),
    "formats/raman_hdpe.csv": (964, 301.04, 3198.12, (2800, 3000), 2882, 2),
    "formats/renishaw_calcite_785.txt": (1021, -154.502, 1111.108, (900, 1100), 1087, 2),
    SODDYITE: (2444, 107.9252, 1285.736, (700, 900), 828.7, 1),
    "formats/witec_polystyrene_532.txt": (1024, -42.754, 3852.198, (900, 1100), 1005, 1),
    "other/CDPH_Anhydrite.txt": (593, 101.175, 1198.01, (900, 1100), 1015, 1),
    "other/CDPH_Aragonite.txt": (1024, 136.707, 1175.56, (900, 1150), 1084, 2),
    "other/CDPH_Barite_processed.txt": (1024, 147.673, 1184.92, (900, 1100), 987, 3),
    "other/CDPH_Barite_raw.txt": (1024, 147.673, 1184.92, (900, 1100), 987, 3),
    "other/CDPH_Calcite.txt": (1024, 115.003, 1157.04, (900, 1150), 1086, 3),
    "other/CDPH_Epsomite.txt": (1295, 206, 1500, (900, 1100), 983, 2),
    "other/CDPH_Quartz.txt": (1024, 158.354, 1194.03, (300, 600), 464, 3),
    "other/CDPH_Struvite.txt": (1950, 177.403, 1257.9, (850, 1000), 897, 1),
    "other/CDPH_Talc.txt": (656, 139.234, 1109.43, (500, 800), 674, 4),
    "other/R040070.rruff.785.txt": (3285, 117.9119, 6450.997, (1000, 1150), 1086, 3),
    ANATASE: (1753, 79.84985, 3458.524, (100, 200), 142, 4),
}
# file: points, first and last wavenumber, laser
INSTRUMENTS = {
    "formats/bruker_opus_test.0": (4096, 51.893, 4000.661, 1064.407),
    "formats/bwtek_polystyrene_532.spc": (3808, 175, 3982, None),
    "formats/renishaw_calcite_785.spc": (1021, -154.502, 1111.108, 785),
    "formats/renishaw_calcite_785.wdf": (1021, -154.502, 1111.108, 785.016),
    "formats/jcamp_saffron.jdx": (668, 1000.1, 1996.201, 514.5),
}
# The strongest band within 25 cm-1. Where the file's own axis is off, its place on that axis.
POLYSTYRENE, CALCITE = 1001.4, 1086.2
KNOWN = {
    "formats/bwtek_polystyrene_532.txt": POLYSTYRENE,
    "formats/bwtek_polystyrene_532.spc": POLYSTYRENE,
    "formats/horiba_polystyrene_785.txt": 1005.3,
    "formats/witec_polystyrene_532.txt": 1005.5,
    "formats/caco3_support.txt": 1083.6,
    "formats/renishaw_calcite_785.txt": CALCITE,
    "formats/renishaw_calcite_785.spc": CALCITE,
    "formats/renishaw_calcite_785.wdf": CALCITE,
    "other/CDPH_Calcite.txt": CALCITE,
    "other/R040070.rruff.785.txt": CALCITE,
}
CLIPPED = {
    "gypsum/CDPH_Gypsum.txt": 2,
    "formats/derived_gypsum_semicolon_decimal_comma.csv": 2,
    "other/CDPH_Aragonite.txt": 3,
}


def codes(spectrum: Spectrum) -> set[str]:
    return {fix.code for fix in spectrum.fixes}


def test_every_file_is_listed():
    files = [
        path for folder in ("formats", "gypsum", "other") for path in (DATA / folder).iterdir()
    ]
    found = {path.relative_to(DATA).as_posix() for path in files}
    assert found == set(TEXTS) | set(INSTRUMENTS)


@pytest.mark.parametrize("name", TEXTS)
def test_text_files_are_read_right(name):
    points, low, high, window, band, tolerance = TEXTS[name]
    spectrum = read_spectrum(DATA / name)
    assert len(spectrum) == points
    assert spectrum.wavenumber[[0, -1]] == pytest.approx([low, high], abs=0.01)
    inside = (spectrum.wavenumber > window[0]) & (spectrum.wavenumber < window[1])
    top = spectrum.wavenumber[inside][spectrum.intensity[inside].argmax()]
    assert top == pytest.approx(band, abs=tolerance)
    assert "fix.rows_dropped" not in codes(spectrum)


@pytest.mark.parametrize("name", TEXTS)
def test_clipped_tops(name):
    spectrum = read_spectrum(DATA / name)
    if name not in CLIPPED:
        assert "clipped" not in spectrum.meta
        return
    assert spectrum.meta["clipped"] == 64685.0
    assert np.count_nonzero(spectrum.intensity == 64685.0) == CLIPPED[name]
    assert "fix.clipped" in codes(spectrum)


@pytest.mark.parametrize("name", INSTRUMENTS)
def test_no_instruments_file_is_clipped(name):
    assert "clipped" not in read_spectrum(DATA / name).meta


def test_bwtek_columns():
    spectrum = read_spectrum(DATA / "formats/bwtek_polystyrene_532.txt")
    assert spectrum.meta["columns"] == ["Raman Shift", "Dark Subtracted #1"]
    assert spectrum.meta["laser_nm"] == 532.02
    assert spectrum.intensity[0] == 5655.2857


def test_caco3_is_not_the_dark_signal():
    spectrum = read_spectrum(DATA / "formats/caco3_support.txt")
    assert spectrum.meta["columns"] == ["wave number", "Dark Subtracted"]
    assert spectrum.intensity[0] == 1397.0
    assert "fix.columns" in codes(spectrum)


def test_the_european_copy_is_the_same_spectrum():
    first = read_spectrum(DATA / "gypsum/CDPH_Gypsum.txt")
    second = read_spectrum(DATA / "formats/derived_gypsum_semicolon_decimal_comma.csv")
    assert np.allclose(first.wavenumber, second.wavenumber, atol=1e-3)
    assert np.array_equal(first.intensity, second.intensity)
    assert {"fix.decimal_commas", "fix.reversed"} <= codes(second)


def test_the_gap_of_the_nasa_file_stays():
    assert len(read_spectrum(DATA / NASA).segments) == 2


@pytest.mark.parametrize(
    ("name", "laser"),
    [("other/R040070.rruff.785.txt", 785.0), (SODDYITE, 780.0), (ANATASE, None)],
)
def test_rruff_headers(name, laser):
    meta = read_spectrum(DATA / name).meta
    assert meta["format"] == "rruff" and meta.get("laser_nm") == laser
    assert meta["OWNER"] == "RRUFF"


@pytest.mark.parametrize("name", INSTRUMENTS)
def test_instrument_formats_are_read_right(name):
    points, low, high, laser = INSTRUMENTS[name]
    spectrum = read_spectrum(DATA / name)
    assert len(spectrum) == points
    assert spectrum.wavenumber[[0, -1]] == pytest.approx([low, high], abs=0.01)
    assert spectrum.meta.get("laser_nm") == laser
    assert codes(spectrum) <= {"fix.reversed"}


@pytest.mark.parametrize("name", KNOWN)
def test_known_bands_are_found(name):
    spectrum = read_spectrum(DATA / name)
    position, _, _ = peak(
        spectrum.wavenumber, spectrum.intensity, KNOWN[name] - 25, KNOWN[name] + 25
    )
    assert position == pytest.approx(KNOWN[name], abs=2)


def test_one_measurement_in_three_formats_is_one_spectrum():
    text, wdf, spc = (
        read_spectrum(DATA / f"formats/renishaw_calcite_785.{suffix}")
        for suffix in ("txt", "wdf", "spc")
    )
    assert np.allclose(text.wavenumber, wdf.wavenumber, atol=1e-3)
    assert np.allclose(text.intensity, wdf.intensity, rtol=1e-6)
    # The SPC file holds the same spectrum on an axis that the instrument's program spaced evenly.
    assert np.corrcoef(spc.intensity, wdf.at(spc.wavenumber))[0, 1] > 0.999


def test_the_jcamp_file_ends_as_it_says():
    spectrum = read_spectrum(DATA / "formats/jcamp_saffron.jdx")
    assert spectrum.intensity[0] == pytest.approx(0.024548, abs=1e-6)
    assert spectrum.intensity.max() == pytest.approx(1.0003, abs=1e-4)
