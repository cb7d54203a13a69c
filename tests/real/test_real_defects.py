"""Files that were read or judged wrongly once, and measured ones that have no defect."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

import spectra_vae as sv
from spectra_vae.measure.detection.preparation import Files

ROOT = Path(__file__).resolve().parents[2]
DATA = Path(os.environ.get("SPECTRA_VAE_DATA", ROOT / "../shared/data"))
pytestmark = pytest.mark.skipif(
    not (DATA / "failing").is_dir(), reason=f"no failing files in {DATA}: set SPECTRA_VAE_DATA"
)

# file: points left out, a check that says so
LEFT_OUT = {
    "f03_gypsum_last_point_high.txt": (1, "check.spikes"),
    "f03b_gypsum_first_point_high.txt": (1, "check.spikes"),
    "f04_gypsum_cosmic_three_points.txt": (3, "check.spikes"),
    "f05_gypsum_zero_tail.txt": (100, "check.dead"),
    "f05b_gypsum_zero_block.txt": (300, "check.dead"),
    "f10_gypsum_stitch_step_25pc.txt": (0, "check.step"),
}
# file: points, first wavenumber, what was done
READ = {
    "f08_truematch_laser_named.txt": (1400, 100.0, "fix.wavelengths"),
    "f09_bwspec_commas.csv": (1400, 100.0, "fix.double_commas"),
    "f09c_bwspec_column_asked.csv": (399, -254.65, "fix.double_commas"),
    "f13_thousands_separators.csv": (2467, 100.0, "fix.thousands"),
    "f14_wavelength_header_but_cm.csv": (2467, 100.0, "fix.not_wavelengths"),
}
# Cosmic rays: single points far above both neighbours, four in one file. The others have none.
SPIKES = {"library/CDPH_Magnetite.txt": 4}
DEAD = {"library/CDPH_Cotunnite_785nm.txt", "library/CDPH_Cotunnite_785nm_unoriented.txt"}


@pytest.mark.parametrize("name", LEFT_OUT)
def test_defects_are_left_out_and_gypsum_is_gypsum(vs, name):
    r = vs.restore(sv.read_spectrum(DATA / "failing" / name))
    count, check = LEFT_OUT[name]
    assert (~r.used).sum() == count and check in {one.code for one in r.checks}
    assert r.novelty.verdict == "normal"


@pytest.mark.parametrize("name", READ)
def test_files_are_read_and_told(name):
    spectrum = sv.read_spectrum(DATA / "failing" / name)
    points, first, fix = READ[name]
    assert len(spectrum) == points and spectrum.wavenumber[0] == pytest.approx(first, abs=0.1)
    assert fix in {one.code for one in spectrum.fixes}


def test_commas_that_nothing_tells_apart_are_refused(refused):
    with refused() as caught:
        sv.read_spectrum(DATA / "failing/f09b_bwspec_wrong_sentence.csv")
    assert caught.value.message.code == "error.double_commas"


def test_measured_bands_are_no_defects():
    for folder in ("library", "formats", "gypsum", "other"):
        for path in sorted((DATA / folder).iterdir()):
            name = path.relative_to(DATA).as_posix()
            files = Files.of([sv.read_spectrum(path, column=_column(path))])
            assert files.spiked.sum() == SPIKES.get(name, 0), name
            assert files.dead.any() == (name in DEAD), name
            assert not files.step.any(), name


def _column(path: Path) -> str | None:
    """The column of the one file that asks for it, else None."""
    try:
        sv.read_spectrum(path)
    except sv.ColumnsError as asked:
        return asked.columns[0]
    return None
