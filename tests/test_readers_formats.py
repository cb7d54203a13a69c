"""The formats of instruments: read right, several spectra told apart, damage refused."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import struct
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import psutil
import pytest
import readers_mutants as mutants
import readers_writers as write
from readers_writers import X, Y

from spectra_vae.readers import ColumnsError, apart, read_spectrum
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
    "spc long shared": write.spc(kind="long", axis="shared"),
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
    exact = 0.06 if "short" in name else 1e-3 if "long" in name else 1e-4
    assert np.allclose(spectrum.wavenumber, X, atol=1e-4)
    assert np.allclose(spectrum.intensity, Y, atol=exact)
    assert codes(spectrum) == (["fix.reversed"] if "descending" in name else [])
    assert spectrum.meta["name"] == "anything.xyz"
    assert spectrum.meta["format"] == name.split()[0]
    json.dumps([dict(spectrum.meta), spectrum.read_as()], allow_nan=False)


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
        (write.wdf(unit=77), "error.damaged"),
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
    "data",
    [
        SPC[:-1],
        SPC[:600],
        put(SPC, 4, "<I", 0xFFFFFFFF),
        put(SPC, 4, "<I", 90_000),
        put(SPC, 24, "<I", 0xFFFFFFFF),
        put(write.spc(axis="own", log=""), 512 + 16, "<I", 90_000),
        put(write.spc(axis="own", log=""), 512 + 16, "<I", 1 << 31),
        WDF[:300],
        WDF[:1200],
        b"WDF1" + bytes(600),
        put(WDF, 512 + 8, "<Q", 0),
        put(WDF, 512 + 8, "<Q", 1 << 63),
        put(WDF, 0x40, "<QQ", 1 << 40, 1 << 40),
        put(WDF, 0x3C, "<I", 90_000),
        put(WDF, 0x3C, "<I", 1 << 31),
        put(WDF, 0x48, "<Q", 0),
        OPUS[:200],
        put(OPUS, 12, "<i", 1 << 30),
        put(OPUS, 12, "<i", -5),
        put(OPUS, OPUS.index(b"NPT\0") + 6, "<h", -4),
        put(OPUS, OPUS.index(b"NPT\0") + 8, "<i", 99_999),
        put(OPUS, OPUS.index(b"NPT\0") + 8, "<i", 1 << 30),
        b"\n\n\xfe\xfe" + bytes(600),
        JCAMP[:-500],
        JCAMP.replace(b"##END=", b"").replace(b"NPOINTS=401", b"NPOINTS=402"),
        JCAMP.replace(b"(X++(Y..Y))", b"(X++(R..R))"),
        JCAMP.replace(b"LASTX=1200.0", b"LASTX=9000.0"),
        write.jcamp(NPOINTS=400, LASTX=X[-2]),
        write.jcamp(NPOINTS=10**9),
        write.jcamp(form="pairs")[:-300],
        write.jcamp().replace(b"..Y))\r\n", b"..Y))\r\noops\r\n"),
        write.jcamp().replace(b" 509 ", b" ? ", 1),
        JCAMP[:400] + b"1A1" + b"Z9" * 9_000_000,
        JCAMP[:400] + b"".join(b"1A1" + b"Z9" * 4000 + b"\n" for _ in range(2000)),
        JCAMP[:300] + b"\n1A1\n" + b"1\n" * 190_000,
        write.jcamp()[:-8] + b"1A1\n2S999999\n",
    ],
)
def test_damage_is_refused_in_a_sentence_and_in_time(data):
    start = time.perf_counter()
    assert refusal(data) == "error.damaged"
    assert time.perf_counter() - start < 2


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (put(SPC, 8, "<d", np.nan), "error.not_finite"),
        (put(SPC, 8, "<d", 1e300), "error.not_finite"),
        (put(OPUS, OPUS.index(b"FXV\0") + 8, "<d", np.inf), "error.not_finite"),
        (write.jcamp(y=[*Y[:-1], 10**200]), "error.not_finite"),
        (write.spc(order=">"), "error.old_spc"),
        (write.old_spc(), "error.old_spc"),
        (write.opus(kind=write.ABSORBANCE), "error.no_spectrum"),
        (write.jcamp(form="pairs").replace(b"XYPOINTS", b"PEAK TABLE"), "error.no_spectrum"),
        (write.spc(np.linspace(0, 1, 150_000), np.arange(150_000.0)), "error.too_many_points"),
    ],
)
def test_what_is_no_spectrum_is_told(data, code):
    assert refusal(data) == code


@pytest.mark.parametrize("data", [WDF[:-1], put(OPUS, 20, "<i", 1 << 30)])
def test_damage_beside_the_spectrum_is_no_damage_of_it(data):
    assert np.allclose(read_spectrum(data).intensity, Y)


def test_no_check_of_the_jcamp_standard_may_fail():
    lines = write.jcamp(form="difference").split(b"\r\n")
    at = next(i for i, line in enumerate(lines) if line.startswith(b"##XYDATA")) + 3
    for wrong in (lines[at].replace(lines[at][:3], b"900"), lines[at][:5] + b"1" + lines[at][5:]):
        assert wrong != lines[at]
        data = b"\r\n".join([*lines[:at], wrong, *lines[at + 1 :]])
        assert refusal(data) == "error.damaged"


def test_pairs_that_are_counted_wrong_are_read_and_it_is_said():
    spectrum = read_spectrum(write.jcamp(form="pairs", NPOINTS=390))
    assert np.allclose(spectrum.wavenumber, X) and codes(spectrum) == ["fix.points_told"]


def test_without_its_package_a_format_is_refused_with_the_remedy(monkeypatch):
    monkeypatch.setattr(apart, "find_spec", lambda _: None)
    assert refusal(WDF) == "error.no_reader"
    assert len(read_spectrum(write.text())) == len(X)


# --- the process that reads --------------------------------------------------------------------


def test_a_reader_that_was_killed_is_replaced():
    read_spectrum(WDF)
    process = apart._WAITING._process
    process.kill()
    process.wait()
    assert len(read_spectrum(WDF)) == len(X)
    assert apart._WAITING._process is not process


def test_a_reader_that_is_stuck_is_replaced(monkeypatch):
    read_spectrum(WDF)
    process = apart._WAITING._process
    monkeypatch.setattr(apart, "PATIENCE", 0.1)
    os.kill(process.pid, signal.SIGSTOP)
    assert refusal(WDF) == "error.damaged"
    assert process.wait() == -signal.SIGKILL
    monkeypatch.undo()
    assert len(read_spectrum(WDF)) == len(X)


def test_the_reader_ends_with_whoever_asked():
    code = (
        "import os, sys, signal; sys.path.insert(0, 'tests')\n"
        "import readers_writers as w; from spectra_vae.readers import apart, read_spectrum\n"
        "read_spectrum(w.wdf()); print(apart._WAITING._process.pid, flush=True)\n"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == -signal.SIGKILL
    with contextlib.suppress(psutil.NoSuchProcess):
        psutil.Process(int(done.stdout)).wait(timeout=10)


def test_many_threads_each_get_their_own_file():
    made = [write.wdf(spectra=k * Y) for k in range(1, 13)]
    with ThreadPoolExecutor(6) as pool:
        for k, found in enumerate(pool.map(read_spectrum, made), start=1):
            assert np.allclose(found.intensity, k * Y)


def test_a_long_log_is_cut():
    log = "\r\n".join(f"key {i} = {'v' * 500}" for i in range(300))
    meta = read_spectrum(write.spc(log=log)).meta
    assert len(meta) <= 100 and meta["format"] == "spc"


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
