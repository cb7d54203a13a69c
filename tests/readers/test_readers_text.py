"""Every habit of spectrum files, made up here: nothing in this file was measured."""

from __future__ import annotations

import numpy as np
import pytest
from readers_hands import codes
from readers_text import X, Y, rows, same

from spectra_vae.readers import read_spectrum
from spectra_vae.spectra.spectrum import SpectrumError

# --- the same numbers in any dialect ---------------------------------------------------------

DIALECTS = [
    pytest.param(delimiter, decimal, id=f"{delimiter!r} {decimal}")
    for delimiter in (";", "\t", " ", "   ", " \t ", "; ", ";\t", "\t\t")
    for decimal in ".,"
] + [pytest.param(delimiter, ".", id=f"{delimiter!r} .") for delimiter in (",", ", ", ",\t", " , ")]
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le-bom", "utf-16-be-bom", "cp1252", "latin-1")


def encode(text: str, encoding: str) -> bytes:
    if encoding.endswith("-bom"):
        return ("\ufeff" + text).encode(encoding.removesuffix("-bom"))
    return text.encode(encoding)


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"], ids=["LF", "CRLF", "CR"])
@pytest.mark.parametrize(("delimiter", "decimal"), DIALECTS)
@pytest.mark.parametrize("header", ["", "Raman shift (cm-1){}Intensity"], ids=["bare", "header"])
def test_delimiters_decimals_and_line_ends(header, delimiter, decimal, newline):
    text = rows(
        delimiter=delimiter, decimal=decimal, newline=newline, header=header.format(delimiter)
    )
    spectrum = read_spectrum(text.encode())
    assert same(spectrum)
    assert spectrum.meta["decimal"] == decimal
    assert ("fix.decimal_commas" in codes(spectrum)) == (decimal == ",")


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_encodings(encoding):
    spectrum = read_spectrum(encode(rows(header="# Probe: Gips für Köln, 20 µm"), encoding))
    assert same(spectrum)
    assert spectrum.meta["Probe"] == "Gips für Köln, 20 µm"
    assert ("fix.encoding" in codes(spectrum)) == (not encoding.startswith("utf-8"))


def test_a_byte_order_mark_costs_no_row():
    assert same(read_spectrum(b"\xef\xbb\xbf" + rows().encode() + b"# \xb5\n"))


def test_bytes_that_no_encoding_but_latin_1_knows():
    assert same(read_spectrum(b"# \x81\x8d\x90\n" + rows().encode()))


@pytest.mark.parametrize("order", ["descending", "shuffled"])
def test_the_order_of_rows_does_not_matter(order):
    index = np.arange(len(X))[::-1]
    if order == "shuffled":
        index = np.random.default_rng(1).permutation(len(X))
    spectrum = read_spectrum(rows(X[index], Y[index]).encode())
    assert same(spectrum)
    assert codes(spectrum) == ["fix.reversed" if order == "descending" else "fix.sorted"]


@pytest.mark.parametrize(
    "form", ["{:.7e}", "{:+.4f}", "{:>16.4f}", "{:E}", '"{:.4f}"'], ids=lambda form: form
)
@pytest.mark.parametrize("delimiter", [";", ",", "\t", "  "])
def test_ways_to_write_a_number(form, delimiter):
    text = "\n".join(form.format(a) + delimiter + form.format(b) for a, b in zip(X, Y, strict=True))
    spectrum = read_spectrum(text.encode())
    assert np.allclose(spectrum.wavenumber, X, rtol=1e-5)
    assert np.allclose(spectrum.intensity, Y, rtol=1e-5)


def test_quoted_decimal_commas_between_commas():
    text = "\n".join(f'"{a}","{b}"'.replace(".", ";") for a, b in zip(X, Y, strict=True))
    spectrum = read_spectrum(text.replace(";", ",").encode())
    assert same(spectrum)
    assert (spectrum.meta["delimiter"], spectrum.meta["decimal"]) == (",", ",")


def test_whole_numbers_need_no_decimal_sign():
    y = np.round(Y)
    data = "\n".join(f"{a:.0f},{b:.0f}" for a, b in zip(X * 2, y, strict=True)).encode()
    assert same(read_spectrum(data), X * 2, y)


def test_a_few_decimal_commas_decide():
    y = np.round(Y)
    y[200] += 0.5
    text = "\n".join(f"{a:.0f};{b:g}" for a, b in zip(X * 2, y, strict=True)).replace(".", ",")
    assert same(read_spectrum(text.encode()), X * 2, y)


def test_mixed_delimiters():
    ends = (";", "\t", ", ", "  ")
    text = "\n".join(f"{a}{ends[i % 4]}{b}" for i, (a, b) in enumerate(zip(X, Y, strict=True)))
    spectrum = read_spectrum(text.encode())
    assert same(spectrum) and spectrum.meta["delimiter"] == "mixed"


def test_a_minus_sign_from_typography():
    x = X - 500
    spectrum = read_spectrum(rows(x).replace("-", "−").encode())
    assert same(spectrum, x)


# --- headers ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "##NAMES=Gypsum\n##RRUFFID=R040029\n##LASER_WAVELENGTH=780\n"
            + rows(delimiter=", ")
            + "##END=\n\n\n",
            {"format": "rruff", "NAMES": "Gypsum", "RRUFFID": "R040029", "laser_nm": 780.0},
        ),
        (
            'PROVIDER,NASA\nLINK,https://x.org/a\nXUNITS,1/CM\nYUNITS,"NORMALIZED INTENSITY"\n'
            "NPOINTS,401\nXYDATA\n" + rows(delimiter=","),
            {"PROVIDER": "NASA", "LINK": "https://x.org/a", "NPOINTS": "401", "delimiter": ","},
        ),
        ("#Wave\t\t#Intensity\n" + rows(), {"columns": ["Wave", "Intensity"], "delimiter": "tab"}),
        (
            "#Acq. time (s)=\t10\n#Laser=\t785nm_edge\n#Grating=\t600\n#AxisUnit[1]=1/cm\n"
            + rows(),
            {"Acq. time (s)": "10", "Grating": "600", "laser_nm": 785.0},
        ),
        ("Instrument settings:\tAlmega XR 785nm @ 100% of 500mW\n" + rows(), {"laser_nm": 785.0}),
        ("Laser power (mW): 300\nExcitation: 514,5 nm\n" + rows(), {"laser_nm": 514.5}),
        ("% Wavelength: 633 nm\n" + rows(), {"laser_nm": 633.0}),
        ("Raman shift [1/cm] Counts\n" + rows(), {"format": "text"}),
        (
            "Numero d'onda (cm⁻¹);Intensità\n" + rows(),
            {"columns": ["Numero d'onda (cm⁻¹)", "Intensità"]},
        ),
        ("Laser serial: 1234\nLaser: 633\n" + rows(), {"laser_nm": 633.0}),
        ("Laser Wavenumber = 12738.85\nLaser: 785 nm\n" + rows(), {"laser_nm": 785.0}),
        ("Title: a, b; c\n\n\n" + rows(), {"Title": "a, b; c"}),
        ("532 100\nRaman Shift\tIntensity\n" + rows(), {"columns": ["Raman Shift", "Intensity"]}),
        ("1 2\nabc\ndef\n" + rows() + "end\nfoot\n7 8\n", {}),
        ("name,mine\nformat,theirs\nclipped,no\n" + rows(delimiter=","), {"format": "text"}),
    ],
    ids=lambda value: value[:12] if isinstance(value, str) else "",
)
def test_headers(text, expected):
    spectrum = read_spectrum(text.encode(), "scan.txt")
    assert same(spectrum)
    assert "fix.rows_dropped" not in codes(spectrum)
    assert expected.items() <= dict(spectrum.meta).items()
    assert spectrum.meta["name"] == "scan.txt"


@pytest.mark.parametrize("said", ["columns: 3 of them", "laser_nm: none", "clipped: 7", "name: x"])
def test_a_header_does_not_speak_our_words(said, vs):
    numbers = "\n".join(f"{x}\t{y:.3f}" for x, y in zip(X, Y, strict=True))
    spectrum = read_spectrum(f"# {said}\n{numbers}".encode(), "a.txt")
    assert spectrum.meta.get(said.split(":")[0]) in (None, "a.txt")
    assert vs.restore(spectrum).settings["column"] == ""


def test_a_laser_that_is_no_number_is_none():
    numbers = "\n".join(f"{x:.2f}\t{y:.3f}" for x, y in zip(1e7 / (18797 - X), Y, strict=True))
    with pytest.raises(SpectrumError, match="laser"):
        read_spectrum(f"# laser_nm: none\nWavelength (nm)\tIntensity\n{numbers}".encode(), "a.txt")


def test_long_headers_are_cut():
    header = "\n".join(f"key {i}={'v' * 5000}" for i in range(500))
    meta = read_spectrum(f"{header}\n{rows()}".encode()).meta
    assert len(meta) <= 100
    assert max(len(value) for value in meta.values() if isinstance(value, str)) == 200
