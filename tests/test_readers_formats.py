"""The formats of instruments: read right, several spectra told apart, damage refused."""

from __future__ import annotations

import json
import os
import struct
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import readers_mutants as mutants
import readers_writers as write
from readers_writers import X, Y

from spectra_vae.readers import ColumnsError, read_spectrum
from spectra_vae.readers.asdf import MalformedError, decode, pairs
from spectra_vae.readers.choice import find
from spectra_vae.spectrum import Spectrum, SpectrumError

NM = 1e7 / (1e7 / 532 - X)
ABSOLUTE = 1e7 / 532 - X
MAP = np.outer(np.arange(1, 8), Y)
ROOT = Path(__file__).resolve().parents[1]


def codes(spectrum: Spectrum) -> list[str]:
    return [fix.code for fix in spectrum.fixes]


def refusal(data: bytes, column: str | int | None = None) -> str:
    with pytest.raises(SpectrumError) as caught:
        read_spectrum(data, "scan.txt", column)
    text = str(caught.value)
    assert text.endswith(".") and "\n" not in text and len(text) < 300
    return caught.value.message.code


def put(data: bytes, at: int, layout: str, *values: object) -> bytes:
    out = bytearray(data)
    struct.pack_into(layout, out, at, *values)
    return bytes(out)


# --- what is read ------------------------------------------------------------------------------

FILES = {
    **{f"jcamp {form}": write.jcamp(form=form) for form in (*write.FORMS, "pairs")},
    "jcamp scaled": write.jcamp(y=2 * Y, XFACTOR=0.5, YFACTOR=0.5),
    "jcamp descending": write.jcamp(X[::-1], Y[::-1], "repeat"),
    **{f"spc {kind}": write.spc(kind=kind) for kind in ("float", "long", "short")},
    **{f"spc {axis}": write.spc(axis=axis) for axis in ("shared", "own")},
    "spc big endian": write.spc(order=">"),
    "spc big endian long": write.spc(order=">", kind="long"),
    "spc old": write.old_spc(),
    "spc without log": write.spc(log=""),
    "spc descending": write.spc(X[::-1], Y[::-1]),
    "wdf": write.wdf(),
    "wdf descending": write.wdf(X[::-1], Y[::-1]),
    "opus": write.opus(),
    "opus descending": write.opus(X[::-1], Y[::-1]),
}


@pytest.mark.parametrize("name", FILES)
def test_every_form_holds_the_same_spectrum(name):
    spectrum = read_spectrum(FILES[name], "anything.xyz")
    exact = 0.06 if "short" in name else 1e-3 if "old" in name or "long" in name else 1e-4
    assert np.allclose(spectrum.wavenumber, X, atol=1e-4)
    assert np.allclose(spectrum.intensity, Y, atol=exact)
    assert codes(spectrum) == (["fix.reversed"] if "descending" in name else [])
    assert spectrum.meta["name"] == "anything.xyz"
    assert spectrum.meta["format"] == name.split()[0]
    json.dumps([dict(spectrum.meta), spectrum.read_as()], allow_nan=False)


def test_the_specifications_own_example_of_differences_and_repeats():
    found = decode(["1 @VKT%TLkj%J%KLJ%njKjL%kL%jJULJ%kLK1%lLMNPNPRLJ0QTOJ1P"])
    assert [int(v) for v in found.values] == [
        *(0, 0, 0, 0, 2, 4, 4, 4, 7, 5, 4, 4, 5, 5, 7, 10, 11, 11, 6, 5, 7, 6, 9, 9, 7, 10, 10),
        *(9, 10, 11, 12, 15, 16, 16, 14, 17, 38, 38, 35, 38, 42, 47, 54, 59, 66, 75, 78, 88, 96),
        *(104, 110, 121, 128),
    ]


@pytest.mark.parametrize(
    ("line", "values"),
    [
        ("100 1 -2 3.5", [1, -2, 3.5]),
        ("100+1-2+3", [1, -2, 3]),
        ("100 1E3 2.5e-1 ?", [1000, 0.25, np.nan]),
        ("100A23b4@", [123, -24, 0]),
        ("100EeB", [5, -5, 2]),
        ("100A0J%k", [10, 11, 11, 9]),
        ("100A0JU", [10, 11, 12, 13]),
        ("100A0S", [10]),
    ],
)
def test_forms_of_intensities(line, values):
    assert np.array_equal(decode([line]).values, values, equal_nan=True)


@pytest.mark.parametrize(
    "lines",
    [
        ["100 1 2 x"],
        ["100A1.2.3"],
        ["100A1SS"],
        ["100" + " 1" * 9000],
        ["A1 2 3"],
        ["100V"],
        ["100A1J", "101A5J"],
        ["100 1 #"],
        ["100 " + "9" * 400],
    ],
)
def test_malformed_lines_are_told(lines):
    with pytest.raises(MalformedError):
        decode(lines)


def test_pairs_come_in_twos():
    assert pairs(["1, 2; 3 4", "5,6"]) == [1, 2, 3, 4, 5, 6]
    with pytest.raises(MalformedError):
        pairs(["1 2", "3"])


# --- the axis ----------------------------------------------------------------------------------


def evenly(axis: np.ndarray) -> np.ndarray:
    return np.linspace(axis[0], axis[-1], len(axis))


@pytest.mark.parametrize(
    ("data", "fix"),
    [
        (write.spc(NM, axis="shared", unit=3), "fix.wavelengths"),
        (write.spc(NM / 1000, axis="shared", unit=2), "fix.wavelengths"),
        (write.spc(ABSOLUTE, unit=1), "fix.absolute"),
        (write.spc(NM, axis="shared", unit=0, label="Wavelength (nm)"), "fix.wavelengths"),
        (write.wdf(NM, unit=3), "fix.wavelengths"),
        (write.wdf(ABSOLUTE, unit=2), "fix.absolute"),
        (write.opus(ABSOLUTE), "fix.absolute"),
        (write.jcamp(ABSOLUTE, LASER="532 nm"), "fix.absolute"),
        (write.jcamp(NM, form="pairs", units="NANOMETERS", LASER="532 nm"), "fix.wavelengths"),
        (write.text(ABSOLUTE, header="Laser: 532 nm\nWavenumber\tCounts"), "fix.absolute"),
    ],
)
def test_other_axes_become_shifts_and_it_is_said(data, fix):
    spectrum = read_spectrum(data)
    assert np.allclose(spectrum.wavenumber, X, atol=0.1)  # single precision of a wavelength
    assert fix in codes(spectrum)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (write.spc(NM, axis="shared", unit=3, log=""), "error.wavelengths"),
        (write.spc(ABSOLUTE, unit=1, log=""), "error.no_shift"),
        (write.spc(ABSOLUTE, unit=1, log="Laser = 785 nm"), "error.wrong_laser"),
        (write.spc(unit=9), "error.axis_unit"),
        (write.spc(unit=14), "error.axis_unit"),
        (write.wdf(NM, unit=3, laser=0), "error.wavelengths"),
        (write.wdf(unit=12), "error.axis_unit"),
        (write.wdf(unit=77), "error.axis_unit"),
        (write.opus(unit="MIN"), "error.axis_unit"),
        (write.jcamp(units="HZ"), "error.axis_unit"),
        (write.jcamp(ABSOLUTE), "error.no_shift"),
        (write.text(ABSOLUTE, header="Wavenumber\tCounts"), "error.no_shift"),
        (write.text(X * 1000), "error.no_shift"),
    ],
)
def test_axes_that_cannot_be_shifts_are_refused(data, code):
    assert refusal(data) == code


def test_what_a_file_calls_itself_is_said():
    assert codes(read_spectrum(write.jcamp(kind="INFRARED SPECTRUM"))) == ["fix.data_type"]


# --- several spectra in a file -----------------------------------------------------------------

TOGETHER = {"spc": write.spc(spectra=MAP), "wdf": write.wdf(spectra=MAP)}
TOGETHER["spc long"] = write.spc(spectra=MAP, kind="long")
TOGETHER["spc shared"] = write.spc(spectra=MAP, axis="shared")
APART = {
    "spc": (write.spc(spectra=MAP, axis="own"), tuple("1234567")),
    "opus": (write.opus(spectra=MAP[:3]), ("1", "2", "3")),
    "jcamp": (
        write.linked(write.jcamp(y=Y, TITLE="first"), write.jcamp(y=2 * Y, TITLE="second")),
        ("first", "second"),
    ),
    "same titles": (
        write.linked(write.jcamp(), write.jcamp(y=2 * Y)),
        ("made up (1)", "made up (2)"),
    ),
}


@pytest.mark.parametrize("name", TOGETHER)
def test_maps_are_averaged_and_it_is_said(name):
    spectrum = read_spectrum(TOGETHER[name])
    assert np.allclose(spectrum.intensity, MAP.mean(axis=0), atol=0.1)
    assert codes(spectrum) == ["fix.mean"] and spectrum.fixes[0].params == {"count": 7}
    one = read_spectrum(TOGETHER[name], column=3)
    assert np.allclose(one.intensity, MAP[2], atol=0.1)
    assert codes(one) == ["fix.one_spectrum"]


@pytest.mark.parametrize("name", APART)
def test_spectra_of_their_own_are_asked_for(name):
    data, columns = APART[name]
    with pytest.raises(ColumnsError) as caught:
        read_spectrum(data)
    assert caught.value.columns == columns
    assert caught.value.message.code == "error.which_spectrum"
    for column in (columns[1], 2, "2"):
        assert np.allclose(read_spectrum(data, column=column).intensity, 2 * Y, atol=0.1)


@pytest.mark.parametrize("column", [0, 8, -1, "nine", ""])
@pytest.mark.parametrize("data", [TOGETHER["wdf"], APART["spc"][0], write.text()])
def test_a_spectrum_that_is_not_there(data, column):
    with pytest.raises(ColumnsError) as caught:
        read_spectrum(data, column=column)
    assert caught.value.message.code == "error.no_such_column"
    assert caught.value.columns


@pytest.mark.parametrize("name", ["wdf", "opus", "jcamp plain", "spc own", "spc float"])
def test_the_only_spectrum_has_a_number(name):
    assert np.allclose(read_spectrum(FILES[name], column=1).intensity, Y, atol=1e-4)


# --- columns of a table ------------------------------------------------------------------------


def table(header: str, *columns: np.ndarray) -> bytes:
    body = "\n".join(",".join(map(str, row)) for row in zip(*columns, strict=True))
    return (f"{header}\n" * bool(header) + body).encode()


@pytest.mark.parametrize(
    ("data", "columns"),
    [
        (table("Raman shift,sample A,sample B", X, Y, 2 * Y), ("sample A", "sample B")),
        (table("Raman shift,Counts,Counts", X, Y, 2 * Y), ("Counts (2)", "Counts (3)")),
        (table("Raman shift,dark,A,B", X, 0 * Y, Y, 2 * Y), ("A", "B")),
        (table("", X, Y, 2 * Y), ("2", "3")),
        (table("", X, 0 * Y + 1, Y, 2 * Y), ("3", "4")),
    ],
)
def test_columns_that_names_do_not_settle_are_asked_for(data, columns):
    with pytest.raises(ColumnsError) as caught:
        read_spectrum(data)
    assert caught.value.columns == columns and isinstance(caught.value, SpectrumError)
    assert all(name in str(caught.value) for name in columns)
    for number, name in enumerate(columns, start=1):
        spectrum = read_spectrum(data, column=name)
        assert np.array_equal(spectrum.intensity, number * Y)
        assert codes(spectrum)[-1] == "fix.columns"


def test_a_column_by_number_or_by_any_case_of_its_name():
    data = table("Raman shift,sample A,sample B", X, Y, 2 * Y)
    for column in (3, "3", "SAMPLE B", " sample B "):
        assert np.array_equal(read_spectrum(data, column=column).intensity, 2 * Y)
    assert refusal(data, 1) == "error.no_such_column"  # the axis


def test_an_asked_column_wins_over_the_best_name():
    data = table("Raman shift,dark,raw,dark subtracted", X, Y + 1, Y + 2, Y)
    assert np.array_equal(read_spectrum(data).intensity, Y)
    assert np.array_equal(read_spectrum(data, column="raw").intensity, Y + 2)
    assert np.array_equal(read_spectrum(data, column="dark").intensity, Y + 1)


def test_many_columns_make_a_short_sentence():
    data = table(",".join(["shift", *(f"{'s' * 60}{i}" for i in range(50))]), X, *([Y] * 50))
    with pytest.raises(ColumnsError) as caught:
        read_spectrum(data)
    assert len(caught.value.columns) == 50 and len(str(caught.value)) < 400


# --- damage ------------------------------------------------------------------------------------

SPC, WDF, OPUS, JCAMP = write.spc(log=""), write.wdf(), write.opus(), write.jcamp(form="repeat")


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (SPC[:-1], "error.cut_short"),
        (SPC[:600], "error.cut_short"),
        (put(SPC, 4, "<I", 0xFFFFFFFF), "error.too_many_points"),
        (put(SPC, 4, "<I", 90_000), "error.cut_short"),
        (put(SPC, 24, "<I", 0xFFFFFFFF), "error.cut_short"),
        (put(SPC, 8, "<d", np.nan), "error.damaged"),
        (put(SPC, 8, "<d", 1e300), "error.not_finite"),
        (put(write.old_spc(), 4, "<f", np.nan), "error.damaged"),
        (put(write.spc(axis="own", log=""), 512 + 16, "<I", 90_000), "error.cut_short"),
        (put(write.spc(axis="own", log=""), 512 + 16, "<I", 1 << 31), "error.too_many_points"),
        (WDF[:-1], "error.cut_short"),
        (WDF[:300], "error.cut_short"),
        (b"WDF1" + bytes(600), "error.damaged"),
        (put(WDF, 512 + 8, "<Q", 0), "error.damaged"),
        (put(WDF, 512 + 8, "<Q", 1 << 63), "error.cut_short"),
        (put(WDF, 0x40, "<QQ", 1 << 40, 1 << 40), "error.damaged"),
        (put(WDF, 0x3C, "<I", 90_000), "error.damaged"),
        (put(WDF, 0x3C, "<I", 1 << 31), "error.too_many_points"),
        (put(WDF, 0x48, "<Q", 0), "error.no_spectrum"),
        (OPUS[:200], "error.cut_short"),
        (b"\n\n\xfe\xfe" + bytes(600), "error.no_spectrum"),
        (put(OPUS, 12, "<i", 1 << 30), "error.cut_short"),
        (put(OPUS, 12, "<i", -5), "error.damaged"),
        (put(OPUS, 20, "<i", 1 << 30), "error.damaged"),
        (put(OPUS, OPUS.index(b"NPT\0") + 6, "<h", -4), "error.damaged"),
        (put(OPUS, OPUS.index(b"NPT\0") + 8, "<i", 99_999), "error.damaged"),
        (put(OPUS, OPUS.index(b"NPT\0") + 8, "<i", 1 << 30), "error.too_many_points"),
        (put(OPUS, OPUS.index(b"FXV\0") + 8, "<d", np.inf), "error.damaged"),
        (write.opus(kind=write.ABSORBANCE), "error.no_spectrum"),
        (JCAMP[:-500], "error.cut_short"),
        (JCAMP.replace(b"##END=", b"").replace(b"NPOINTS=401", b"NPOINTS=402"), "error.cut_short"),
        (JCAMP.replace(b"(X++(Y..Y))", b"(X++(R..R))"), "error.damaged"),
        (JCAMP.replace(b"LASTX=1200.0", b"LASTX=9000.0"), "error.damaged"),
        (JCAMP.replace(b"##XYDATA=", b"##PEAK TABLE="), "error.no_spectrum"),
        (write.jcamp().replace(b"..Y))\r\n", b"..Y))\r\noops\r\n"), "error.damaged"),
        (write.jcamp(y=[*Y[:-1], 10**200]), "error.damaged"),
        (JCAMP[:400] + b"1A1" + b"Z9" * 9_000_000, "error.damaged"),
        (
            JCAMP[:400] + b"".join(b"1A1" + b"Z9" * 4000 + b"\n" for _ in range(2000)),
            "error.damaged",
        ),
        (JCAMP[:300] + b"\n1A1\n" + b"1\n" * 190_000, "error.damaged"),
        (write.jcamp()[:-8] + b"1A1\n2S999999\n", "error.too_many_points"),
    ],
)
def test_damage_is_refused_in_a_sentence(data, code):
    start = time.process_time()
    assert refusal(data) == code
    assert time.process_time() - start < 2


def test_a_wrong_number_of_points_is_said():
    spectrum = read_spectrum(write.jcamp(NPOINTS=400, LASTX=X[-2]))
    assert np.allclose(spectrum.wavenumber, X) and codes(spectrum) == ["fix.points_told"]


def test_points_marked_as_missing_are_left_out_and_it_is_said():
    spectrum = read_spectrum(write.jcamp().replace(b" 509 ", b" ? ", 1))
    assert len(spectrum) == len(X) - 1 and codes(spectrum) == ["fix.rows_dropped"]


def test_a_long_log_is_cut():
    log = "\r\n".join(f"key {i} = {'v' * 500}" for i in range(300))
    meta = read_spectrum(write.spc(log=log)).meta
    assert len(meta) <= 100 and meta["format"] == "spc"


def test_a_forged_number_of_points_allocates_nothing():
    assert refusal(write.jcamp(NPOINTS=10**9)) == "error.damaged"


# --- accidents ---------------------------------------------------------------------------------


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="memory is bounded on Linux")
def test_mutated_files_are_read_or_refused_in_time_and_space():
    script = Path(mutants.__file__)
    threads = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, str(script), "0", "300"]
    data = Path(os.environ.get("SPECTRA_VAE_DATA", ROOT / "../shared/data"))
    if data.is_dir():
        command.append(str(data))
    done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, **threads})
    assert done.returncode == 0, done.stderr
    outcome = json.loads(done.stdout)
    assert outcome["wrong"] == []
    assert outcome["slowest"] < mutants.SECONDS and outcome["peak"] < mutants.MEGABYTES
    assert sum(outcome["read"].values()) + sum(outcome["refused"].values()) == 300
    assert set(outcome["read"]) == set(outcome["refused"]) == set(mutants.WRITTEN)


def test_a_name_that_is_a_number_goes_before_the_number():
    labels = {2: "1", 3: "2", 4: "B"}
    assert find("2", labels) == 3 and find(2, labels) == 2
    assert find("4", labels) == 4 and find("b", labels) == 4
