"""Which columns of a table are read, which units they have, and what is mended in them."""

from __future__ import annotations

import numpy as np
import pytest
from readers_hands import codes, refusal
from readers_text import DARK, INDEX, OWN_HEADER, X, Y, rows, same, table

from spectra_vae.readers import read_spectrum

# --- columns ---------------------------------------------------------------------------------

ZERO = np.zeros(len(X))


@pytest.mark.parametrize(
    ("header", "columns"),
    [
        ("wave number,dark data,Raw data,Dark Subtracted,Dark Subtracted Pull baseline", "xdr*b"),
        (
            "Pixel,Wavelength,Wavenumber,Raman Shift,Dark,Reference,Raw #1,Dark Subtracted #1,%TR",
            "inwxddr*0",
        ),
        ("raman_shift,dark,raw,processed", "xdr*"),
        ("Raman shift,Dark,Raw", "xd*"),
        ("Raman shift;Dark;Raw\ncm-1;counts;counts", "xd*"),
        ("Intensity,Raman shift", "*x"),
        ("time,Wavelength (nm),cm-1,counts", "0nx*"),
        ("X,Y,Wave,Intensity", "0dx*"),
        (",wavenumber,intensity", "ix*"),
        ("wavenumber,intensity,std", "x*d"),
        ("Raman shift,smoothed,intensity", "xd*"),
        (OWN_HEADER, "x*rrrdd"),
        ("wavenumber_cm-1,intensity", "x*"),
    ],
    ids=lambda value: value[:20],
)
@pytest.mark.parametrize("delimiter", [",", ";", "\t"], ids=["comma", "semicolon", "tab"])
@pytest.mark.parametrize("order", ["ascending", "shuffled"])
def test_columns_by_name(header, columns, delimiter, order):
    kinds = {"x": X, "*": Y, "d": DARK, "r": Y + DARK, "b": Y - 400, "0": ZERO, "i": INDEX}
    kinds |= {"n": 1e7 / (1e7 / 532 - X), "w": 1e7 / 532 - X}
    index = INDEX if order == "ascending" else np.random.default_rng(2).permutation(len(X))
    text = header.replace(";", ",").replace(",", delimiter)
    data = table(text, *(kinds[kind][index] for kind in columns), delimiter=delimiter)
    spectrum = read_spectrum(data)
    assert same(spectrum)
    assert ("fix.columns" in codes(spectrum)) == (len(columns) > 2)
    assert "columns" in spectrum.meta


def test_bwtek_layout():
    head = ["File Version;BWRam4.11_11", "laser_wavelength;532,02", "laser_powerlevel;100"]
    head += [f"coefs_{i};{i},5" for i in range(100)]
    head.append("Pixel;Wavelength;Wavenumber;Raman Shift;Dark;Raw data #1;Dark Subtracted #1;")
    blank = [f"{i};   ;   ;   ;1038,2857;1044,0000;5,7143;" for i in range(80)]
    body = [
        f"{i};536,1;18650,3;{a};1060,7;{b + 1060.7:.4f};{b};".replace(".", ",")
        for i, (a, b) in enumerate(zip(X, Y, strict=True))
    ]
    spectrum = read_spectrum("\r\n".join(head + blank + body + blank).encode())
    assert same(spectrum)
    assert codes(spectrum) == ["fix.decimal_commas", "fix.columns"]
    assert spectrum.meta["format"] == "bwtek" and spectrum.meta["laser_nm"] == 532.02
    assert spectrum.meta["columns"] == ["Raman Shift", "Dark Subtracted #1"]


@pytest.mark.parametrize(
    ("columns", "fixes"),
    [
        ((X, Y, ZERO), ["fix.columns_by_order"]),
        ((INDEX, X, Y), ["fix.point_numbers", "fix.columns_by_order"]),
        ((INDEX + 1, X[::-1], ZERO, Y[::-1]), ["fix.point_numbers", "fix.columns_by_order"]),
        ((Y, X), ["fix.columns_by_order"]),
    ],
    ids=["first", "index", "index descending", "swapped"],
)
def test_columns_without_names(columns, fixes):
    body = "\n".join("\t".join(map(str, row)) for row in zip(*columns, strict=True))
    spectrum = read_spectrum(body.encode())
    assert same(spectrum)
    assert [code for code in codes(spectrum) if code != "fix.reversed"] == fixes


def test_an_axis_that_may_be_point_numbers_is_said():
    spectrum = read_spectrum(rows(INDEX, Y).encode())
    assert same(spectrum, INDEX.astype(float))
    assert codes(spectrum) == ["fix.counting_axis"]


def test_own_export_reads_back():
    text = f"# spectra-vae restoration\n# model: gypsum\n# novelty: 0.4\n{OWN_HEADER}\n"
    text += "\n".join(
        f"{a},{b},{b - 1},{b - 2},{b},{500 + 0.1 * a},1" for a, b in zip(X, Y, strict=True)
    )
    spectrum = read_spectrum(text.encode())
    assert same(spectrum)
    assert spectrum.meta["columns"] == ["wavenumber_cm-1", "measured"]
    assert spectrum.meta["model"] == "gypsum"


# --- wavelengths -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    "header",
    [
        "##LASER_WAVELENGTH=532\nWavelength (nm)\tIntensity",
        "Laser: 532 nm\nWavelength (nm)\tIntensity",
        "# excitation = 532.0\nlambda (nm)\tCounts",
        "Laser = 532 nm, 30 mW\nXUNITS=nm",
        "#Laser (nm)=\t532\n#Range (nm)=\t535...570",
    ],
)
def test_wavelengths_become_shifts(header):
    spectrum = read_spectrum(rows(1e7 / (1e7 / 532 - X), header=header).encode())
    assert np.allclose(spectrum.wavenumber, X, atol=1e-6)
    assert codes(spectrum) == ["fix.wavelengths"]
    assert spectrum.meta["laser_nm"] == 532.0


NM = 1e7 / (1e7 / 532 - X)
SHORT = "shift\tintensity"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (rows(NM, header="Wavelength (nm)\tIntensity"), "error.wavelengths"),
        (rows(NM), "error.maybe_wavelengths"),
        (rows(NM, header="x\ty"), "error.maybe_wavelengths"),
        (rows(NM, header="Laser: 785 nm\nWavelength (nm)\tIntensity"), "error.wrong_laser"),
        (rows(2 * X, header="Laser: 532 nm\nWavelength\tIntensity"), "error.wrong_laser"),
    ],
)
def test_wavelengths_without_a_laser_are_refused(data, code):
    assert refusal(data.encode()) == code


def test_a_named_dense_axis_is_no_wavelength():
    x = np.round(np.linspace(400, 440, 401), 3)
    assert same(read_spectrum(rows(x, header="Raman shift\tIntensity").encode()), x)
    assert refusal(rows(x).encode()) == "error.maybe_wavelengths"


# --- what is mended --------------------------------------------------------------------------


@pytest.mark.parametrize(
    "word", ["NaN", "nan", "--", "n/a\tn/a", "overflow", "***\t***", "1\0 2", "7"]
)
def test_a_few_rows_without_numbers_are_dropped(word):
    lines = rows().splitlines()
    for i in (30, 31, 200):
        lines[i] = f"{X[i]}\t{word}" if word in ("NaN", "nan", "--") else word
    spectrum = read_spectrum("\n".join(lines).encode())
    keep = np.setdiff1d(INDEX, (30, 31, 200))
    assert same(spectrum, X[keep], Y[keep])
    assert spectrum.fixes[0].code == "fix.rows_dropped" and spectrum.fixes[0].params == {"count": 3}


def test_the_second_row_may_be_the_bad_one():
    lines = rows().splitlines()
    lines[1] = "oops"
    assert len(read_spectrum("\n".join(lines).encode())) == len(X) - 1


@pytest.mark.parametrize(("bad", "refused"), [(20, False), (21, True)])
def test_five_per_cent_is_the_limit(bad, refused):
    lines = rows().splitlines()[:400]
    for i in range(bad):
        lines[5 + 18 * i] = "bad"
    data = "\n".join(lines).encode()
    if refused:
        assert refusal(data) == "error.bad_rows"
    else:
        assert len(read_spectrum(data)) == 400 - bad


@pytest.mark.parametrize("run", [2, 3, 10, 12, 40, 70])
def test_clipped_tops_are_said_and_kept(run):
    y = Y.copy()
    top = int(np.argmax(Y))
    y[top : top + run] = 6000.0
    spectrum = read_spectrum(rows(y=y).encode())
    assert same(spectrum, y=y)
    assert spectrum.meta["clipped"] == 6000.0
    assert codes(spectrum) == ["fix.clipped"]
    assert spectrum.fixes[0].params == {"level": 6000.0, "count": run}


def test_one_top_or_a_flat_background_is_not_clipped():
    assert "clipped" not in read_spectrum(rows().encode()).meta
    flat = np.round(np.random.default_rng(0).random(len(X)) * 4)
    assert "clipped" not in read_spectrum(rows(y=flat).encode()).meta


def test_points_that_share_a_wavenumber_are_averaged():
    spectrum = read_spectrum(rows(np.append(X, X[-1]), np.append(Y, Y[-1] + 2)).encode())
    assert spectrum.intensity[-1] == Y[-1] + 1
    assert "fix.duplicates" in codes(spectrum)
