"""The formats of instruments: read right, several spectra told apart."""

from __future__ import annotations

import json

import numpy as np
import pytest
import readers_writers as write
from readers_hands import codes, refusal
from readers_writers import X, Y

from spectra_vae.readers import ColumnsError, read_spectrum
from spectra_vae.readers.selection import key_of
from spectra_vae.spectra.spectrum import SpectrumError

NM = 1e7 / (1e7 / 532 - X)
ABSOLUTE = 1e7 / 532 - X
MAP = np.outer(np.arange(1, 8), Y)


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


def test_a_long_log_is_cut():
    log = "\r\n".join(f"key {i} = {'v' * 500}" for i in range(300))
    meta = read_spectrum(write.spc(log=log)).meta
    assert len(meta) <= 100 and meta["format"] == "spc"


def test_a_name_that_is_a_number_goes_before_the_number():
    labels = {2: "1", 3: "2", 4: "B"}
    assert key_of("2", labels) == 3 and key_of(2, labels) == 2
    assert key_of("4", labels) == 4 and key_of("b", labels) == 4
