"""Files that people really have, each kind of fault made up here: read, and told what was done."""

from __future__ import annotations

import numpy as np
import pytest
import readers_writers as write
from readers_hands import codes, refusal
from readers_text import X, Y, rows, same

from spectra_vae.readers import ColumnsError, read_spectrum
from spectra_vae.spectra.spectrum import Spectrum

NM = 1e7 / (1e7 / 532 - X)
HIGH = np.round(X + 900, 1)  # wavenumbers that pass a thousand


def parted(values, thousands=",", decimal=".") -> list[str]:
    swap = {",": thousands, ".": decimal}
    return ["".join(swap.get(c, c) for c in f"{v:,.1f}") for v in values]


# --- thousands ---------------------------------------------------------------------------------


@pytest.mark.parametrize("delimiter", [";", "\t", "  "])
@pytest.mark.parametrize(("thousands", "decimal"), [(",", "."), (".", ","), ("'", "."), ("’", ".")])
def test_parted_thousands_are_read_and_said(delimiter, thousands, decimal):
    texts = [parted(v, thousands, decimal) for v in (HIGH, Y)]
    lines = [delimiter.join(pair) for pair in zip(*texts, strict=True)]
    spectrum = read_spectrum("\n".join(lines).encode())
    assert np.allclose(spectrum.wavenumber, HIGH) and np.allclose(spectrum.intensity, Y, atol=0.051)
    assert "fix.thousands" in codes(spectrum)


def test_quoted_thousands_between_commas():
    lines = [f'"{a}","{b}"' for a, b in zip(parted(HIGH), parted(Y), strict=True)]
    spectrum = read_spectrum("\n".join(lines).encode())
    assert np.allclose(spectrum.wavenumber, HIGH) and "fix.thousands" in codes(spectrum)


@pytest.mark.parametrize("delimiter", [",", ", "])
def test_commas_between_columns_part_no_thousands(delimiter):
    x = np.arange(401) + 100
    spectrum = read_spectrum(rows(x, np.round(Y / 5 + 100, 1), delimiter).encode())
    assert np.array_equal(spectrum.wavenumber, x) and "fix.thousands" not in codes(spectrum)


# --- ways to write numbers ---------------------------------------------------------------------


@pytest.mark.parametrize("letter", ["D", "d"])
def test_exponents_of_fortran(letter):
    lines = [f"{a:.6e} {b:.6e}".replace("e", letter) for a, b in zip(X, Y, strict=True)]
    spectrum = read_spectrum("\n".join(lines).encode())
    assert np.allclose(spectrum.wavenumber, X) and np.allclose(spectrum.intensity, Y)


@pytest.mark.parametrize("wild", ["inf", "-Infinity", "1e999", "1e200", "9" * 400])
def test_one_infinity_costs_one_point(wild):
    spectrum = read_spectrum(rows(y=[*Y[:200], wild, *Y[201:]]).encode())
    assert same(spectrum, np.delete(X, 200), np.delete(Y, 200))
    assert codes(spectrum) == ["fix.not_finite"]


def test_whole_numbers_of_hundreds_of_digits_are_no_spectrum(refused):
    with refused() as caught:
        Spectrum(X, [10**400] * len(X))
    assert caught.value.message.code == "error.not_finite"


# --- commas as both ----------------------------------------------------------------------------

NAMES = "Pixel,Wavelength,Raman Shift,Dark,Raw data #1,Dark Subtracted #1,"
HEAD = "title,made up\ncoefs_a0,769,442641318084\ncoefs_b0,-6127,71068059252\n"
HEAD += "coefs_b1,11,2913125594865\ncoefs_b2,-0,006940858\nlaser_wavelength,532,04\n"


def double_commas(names=NAMES, points=401) -> bytes:
    columns = zip(NM, X, 0 * X + 1200, Y + 1200, Y, strict=True)
    numbers = [[f"{v:.4f}".replace(".", ",") for v in row] for row in columns]
    lines = [",".join([str(i), *row, ""]) for i, row in enumerate(numbers)]
    return (HEAD + names + "\n" + "\n".join(lines[:points])).encode()


def test_names_tell_which_commas_are_decimal():
    spectrum = read_spectrum(double_commas())
    assert np.allclose(spectrum.wavenumber, X, atol=1e-4)
    assert np.allclose(spectrum.intensity, Y, atol=1e-4)
    assert "fix.double_commas" in codes(spectrum)
    assert spectrum.meta["laser_nm"] == 532.04


@pytest.mark.parametrize(
    "data",
    [
        double_commas(points=15),
        double_commas(NAMES.replace("Dark,", "")),
        double_commas(NAMES + "more,and more,"),
    ],
)
def test_otherwise_it_is_said_and_no_column_is_asked_for(data):
    assert refusal(data) == "error.double_commas"


# --- the laser and the unit of the axis --------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "laser"),
    [
        ("ExcitationWavelength = 532.2", 532.2),
        ("Excitation (nm): 785", 785),
        ("exc = 632.8 nm", 632.8),
        ("λ_exc: 514.5", 514.5),
        ("lambda0 = 532", 532),
        ("Laser Freq: 12738.85 cm-1", 785.0),
        ("Laser: HeNe", 632.816),
        ("# pump wavelength,1064", 1064),
    ],
)
def test_lasers_in_any_words(line, laser):
    wavelengths = 1e7 / (1e7 / laser - X)
    data = rows(wavelengths, header=f"{line}\nXDataKind = nm").encode()
    spectrum = read_spectrum(data)
    assert spectrum.meta["laser_nm"] == pytest.approx(laser, abs=0.01)
    assert np.allclose(spectrum.wavenumber, X, atol=0.5)


@pytest.mark.parametrize("line", ["Laser power: 785 mW", "Laser ID = 1234", "Exc. time: 633"])
def test_what_is_no_laser(line):
    assert "laser_nm" not in read_spectrum(rows(header=line).encode()).meta


OCEAN = (
    "Data from scan.txt Node\nSpectrometer: made up\nXAxis mode: {}\n>>>>>Begin Spectral Data<<<<<"
)


def test_programs_that_write_wavelengths_are_known():
    for mode in ("Wavelengths", ""):
        header = OCEAN.format(mode)
        assert refusal(rows(NM, header=header).encode()) == "error.wavelengths"
        told = read_spectrum(rows(NM, header=f"Laser: 532 nm\n{header}").encode())
        assert np.allclose(told.wavenumber, X, atol=1e-6)
    assert same(read_spectrum(rows(header=OCEAN.format("Raman Shifts")).encode()))


@pytest.mark.parametrize("name", ["Wavelength", "wavelength (nm)", "Lambda"])
def test_wavelengths_that_can_only_be_shifts(name):
    x = np.linspace(100, 3799, 401)
    spectrum = read_spectrum(rows(x, header=f"{name}\tIntensity").encode())
    assert np.array_equal(spectrum.wavenumber, x) and codes(spectrum) == ["fix.not_wavelengths"]


def test_energies_are_turned():
    mev = read_spectrum(rows(X / 8.065544, header="Raman shift (meV)\tIntensity").encode())
    assert np.allclose(mev.wavenumber, X) and codes(mev) == ["fix.energies"]
    photons = (1e7 / 532 - X) / 8065.544
    header = "Laser: 532 nm\nEnergy (eV)\tCounts"
    ev = read_spectrum(rows(photons, header=header).encode())
    assert np.allclose(ev.wavenumber, X, atol=1e-6) and codes(ev)[:2] == [
        "fix.energies",
        "fix.absolute",
    ]


@pytest.mark.parametrize("name", ["Wavelength (µm)", "Wavelength [um]", "wavelength, micron"])
def test_micrometres_are_turned(name):
    header = f"Laser: 532 nm\n{name}\tIntensity"
    spectrum = read_spectrum(rows(NM / 1000, header=header).encode())
    assert np.allclose(spectrum.wavenumber, X, atol=1e-6)
    assert codes(spectrum)[0] == "fix.wavelengths"


# --- JCAMP-DX and others -----------------------------------------------------------------------


def test_pairs_of_a_linked_block_stand_several_in_a_line():
    pairs = [f"{a},    {b};" for a, b in zip(write.X, write.Y, strict=True)]
    lines = ["   ".join(pairs[i : i + 4]) for i in range(0, len(pairs), 4)]
    plain = write.jcamp(form="pairs").decode()
    head, tail = plain.split("(XY..XY)\r\n")[0], "##END=\r\n"
    block = f"{head}(XY..XY)\r\n" + "\r\n".join([*lines, tail])
    spectrum = read_spectrum(write.linked(block.encode()))
    assert np.allclose(spectrum.wavenumber, write.X) and np.allclose(spectrum.intensity, write.Y)


def test_a_damaged_block_costs_only_itself():
    good, bad = write.jcamp(TITLE="good"), write.jcamp(TITLE="bad").replace(b" 509 ", b" ? ", 1)
    spectrum = read_spectrum(write.linked(bad, good))
    assert np.allclose(spectrum.intensity, write.Y) and spectrum.meta["title"] == "good"
    assert codes(spectrum) == ["fix.blocks"]
    assert refusal(write.linked(bad, bad)) == "error.damaged"


def test_blocks_end_where_the_next_begins():
    short = write.jcamp(form="pairs", TITLE="short", NPOINTS=402).replace(b"##END=\r\n", b"")
    both = write.linked(short, write.jcamp(TITLE="next"))
    with pytest.raises(ColumnsError):
        read_spectrum(both)
    assert codes(read_spectrum(both, column="short")) == ["fix.points_told"]


@pytest.mark.parametrize(
    "start", ["<!--TriVista-File. (c) -->\n<XmlMain a='1'>", "<!-- x -->\n<a>", "<scan n='3'>"]
)
def test_xml_by_any_first_line_is_named(start):
    data = (start + "\n1 2\n" * 50 + "</end>").encode()
    assert refusal(data) == "error.format"
