"""Every habit of spectrum files, made up here: nothing in this file was measured."""

from __future__ import annotations

import io
import json
import pickle
import time
import tomllib
import zipfile
from importlib import resources
from pathlib import Path

import numpy as np
import pytest

from spectra_vae.message import LANGUAGES, say
from spectra_vae.readers import read_spectrum
from spectra_vae.spectrum import Spectrum, SpectrumError

X = np.round(np.linspace(200.0, 1200.0, 401), 3)
Y = np.round(500 + 0.1 * X + 4000 / (1 + ((X - 1008) / 6) ** 2) + 40 * np.sin(X), 4)
OWN_HEADER = "wavenumber_cm-1,measured,restored,lower,upper,background,residual"


def rows(x=X, y=Y, delimiter="\t", decimal=".", header="", newline="\n") -> str:
    body = newline.join(
        f"{a}{delimiter}{b}".replace(".", decimal) for a, b in zip(x, y, strict=True)
    )
    return f"{header}{newline}{body}{newline}" if header else body + newline


def table(header: str, *columns: object, delimiter: str = ",") -> bytes:
    body = "\n".join(delimiter.join(map(str, row)) for row in zip(*columns, strict=True))
    return f"{header}\n{body}\n".encode()


def codes(spectrum: Spectrum) -> list[str]:
    return [fix.code for fix in spectrum.fixes]


def same(spectrum: Spectrum, x=X, y=Y) -> bool:
    return np.array_equal(spectrum.wavenumber, x) and np.array_equal(spectrum.intensity, y)


def refusal(data: bytes, name: str = "scan.txt") -> str:
    """The code of the refusal, whose sentences are checked on the way."""
    with pytest.raises(SpectrumError) as caught:
        read_spectrum(data, name)
    for language in LANGUAGES:
        text = say(caught.value.message, language)
        assert text.endswith(".") and "\n" not in text and "!" not in text and len(text) < 300
    json.dumps(caught.value.message.to_dict())
    return caught.value.message.code


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


def test_long_headers_are_cut():
    header = "\n".join(f"key {i}={'v' * 5000}" for i in range(500))
    meta = read_spectrum(f"{header}\n{rows()}".encode()).meta
    assert len(meta) <= 100
    assert max(len(value) for value in meta.values() if isinstance(value, str)) == 200


# --- columns ---------------------------------------------------------------------------------

DARK = np.round(900 + 5 * np.cos(X), 3)
ZERO = np.zeros(len(X))
INDEX = np.arange(len(X))


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
        (rows(4 * X, header="Laser: 532 nm\nWavelength\tIntensity"), "error.wrong_laser"),
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


@pytest.mark.parametrize("run", [2, 3, 10])
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


# --- what is refused -------------------------------------------------------------------------


def zipped(name: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(name, "x" * 50)
    return file.getvalue()


def saved(save, *arguments) -> bytes:
    file = io.BytesIO()
    save(file, *arguments)
    return file.getvalue()


ZEROS = bytes(600)
FOREIGN = {
    "PNG": (b"\x89PNG\r\n\x1a\n" + ZEROS, "error.picture"),
    "JPEG": (b"\xff\xd8\xff\xe0" + ZEROS, "error.picture"),
    "GIF": (b"GIF89a" + ZEROS, "error.picture"),
    "TIFF": (b"II*\0" + ZEROS, "error.picture"),
    "BMP": (b"BM6\0\0\0" + ZEROS, "error.picture"),
    "WebP": (b"RIFF\0\0\0\0WEBP" + ZEROS, "error.picture"),
    "SVG": (b'<?xml version="1.0"?>\n<svg></svg>', "error.picture"),
    "PDF": (b"%PDF-1.7\n", "error.document"),
    "RTF": (b"{\\rtf1 1 2}", "error.document"),
    "Word": (zipped("word/document.xml"), "error.document"),
    "Excel": (zipped("xl/workbook.xml"), "error.sheet"),
    "Office 97": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + ZEROS, "error.sheet"),
    "ZIP": (zipped("scan.txt"), "error.archive"),
    "gzip": (b"\x1f\x8b\x08" + ZEROS, "error.archive"),
    "NumPy": (saved(np.save, X), "error.objects"),
    "pickle": (pickle.dumps([1, 2, 3]), "error.objects"),
    "PyTorch": (zipped("model/data.pkl"), "error.objects"),
    "HTML": (b"\n <!DOCTYPE html><html><table><tr><td>1</td></tr>", "error.format"),
    "XML": (b"<?xml version='1.0'?><a>1 2</a>", "error.format"),
    "JSON": (b'{"wavenumber": [1, 2, 3]}', "error.format"),
    "HDF5": (b"\x89HDF\r\n\x1a\n" + ZEROS, "error.format"),
    "LabSpec": (b"LabSpec6" + ZEROS, "error.labspec"),
}


@pytest.mark.parametrize("suffix", ["txt", "dat"])
@pytest.mark.parametrize("name", FOREIGN)
def test_foreign_formats_are_named(name, suffix):
    data, code = FOREIGN[name]
    assert refusal(data, f"scan.{suffix}") == code
    with pytest.raises(SpectrumError, match=rf"^scan\.{suffix} .*{name}.*\."):
        read_spectrum(data, f"scan.{suffix}")


def test_npz_is_not_unpacked():
    assert refusal(saved(np.savez, X)) == "error.objects"


class Trap:
    def __reduce__(self):
        return (pytest.fail, ("a pickle was opened",))


@pytest.mark.parametrize("protocol", range(6))
def test_no_pickle_is_ever_opened(protocol):
    refusal(pickle.dumps(Trap(), protocol))


COMMAS = "\n".join(f"{a:.1f},{b:.1f}".replace(".", ",") for a, b in zip(X, Y, strict=True))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "error.empty_file"),
        (" \n\t\n", "error.empty_file"),
        ("no numbers here\nat all\n" * 30, "error.no_numbers"),
        ("100 5\n101 6\n102 9\n103 5\n", "error.too_few_points"),
        (rows(y=np.full(len(X), 7.0)), "error.constant"),
        ("\n".join(map(str, Y)), "error.one_column"),
        (rows(y=[*Y[:-1], "inf"]), "error.not_finite"),
        (rows(y=[*Y[:200], "-Infinity", *Y[201:]]), "error.not_finite"),
        (rows(x=[*X[:-1], "1e999"]), "error.not_finite"),
        (rows(y=[*Y[:-1], "1e200"]), "error.not_finite"),
        ("\n".join("1 2" if i % 3 else "foo" for i in range(900)), "error.bad_rows"),
        ("\n".join(f"{i} {i % 7}" for i in range(150_000)), "error.too_many_points"),
        ("1 2\n" * 250_000, "error.too_many_lines"),
        (
            "\n".join(" ".join(map(str, range(i, i + 80))) for i in range(50)),
            "error.too_many_columns",
        ),
        ("1.5," * 100_000, "error.too_many_columns"),
        ("\n".join("3," * 20_000 for _ in range(20)), "error.too_many_columns"),
        ("\0\1\2\3" * 500, "error.binary"),
        (rows(header="Raman shift\tIntensity") * 2, "error.several_spectra"),
        (rows(np.tile(X, 4), np.tile(Y, 4)), "error.repeated_axis"),
        (rows(header="Raman shift\tDark"), "error.no_intensity"),
        (rows(INDEX, header="Pixel\tIntensity"), "error.no_axis"),
        (COMMAS, "error.double_commas"),
        ("Raman shift,Intensity\n" + COMMAS, "error.double_commas"),
        (
            "\n".join(f"{a:.0f},0,{b:04.0f}" for a, b in zip(X * 9, Y, strict=True)),
            "error.double_commas",
        ),
        (rows(INDEX + 200, [f"{b:,.0f}" for b in 2 * (Y - 200)]), "error.thousands"),
    ],
    ids=lambda value: value if value.startswith("error.") else "",
)
def test_refusals(text, code):
    start = time.perf_counter()
    assert refusal(text.encode()) == code
    assert time.perf_counter() - start < 4


def test_three_nameless_columns_in_no_order():
    index = np.random.default_rng(3).permutation(len(X))
    body = "\n".join(f"{X[i]} {Y[i]} {DARK[i]}" for i in index)
    assert refusal(body.encode()) == "error.which_axis"


def test_none_but_dark_columns():
    assert refusal(table("Raman shift,dark,reference", X, Y, DARK)) == "error.no_intensity"


# --- the door --------------------------------------------------------------------------------


def test_paths_and_bytes_are_the_same(tmp_path):
    path = tmp_path / "scan.png"  # the suffix decides nothing
    path.write_bytes(rows().encode())
    for source in (path, str(path), path.read_bytes()):
        assert same(read_spectrum(source))
    assert read_spectrum(path).meta["name"] == "scan.png"
    assert read_spectrum(path, "other").meta["name"] == "other"


def test_what_is_no_file(tmp_path):
    big = tmp_path / "big.txt"
    with big.open("wb") as file:
        file.truncate(20_000_001)
    cases = {
        tmp_path / "none.txt": "file_missing",
        tmp_path: "file_folder",
        Path("/dev/zero"): "file_unreadable",
        str(tmp_path / "a\0b"): "file_unreadable",
        tmp_path / ("x" * 300): "file_unreadable",
        big: "file_too_big",
    }
    for source, code in cases.items():
        with pytest.raises(SpectrumError) as caught:
            read_spectrum(source)
        assert caught.value.message.code == f"error.{code}"
        assert str(caught.value).endswith(".")
    assert refusal(bytes(20_000_001)) == "error.file_too_big"


def test_names_are_tamed():
    with pytest.raises(SpectrumError) as caught:
        read_spectrum(b"%PDF-1.7", "{a}\n\x1b[31m" + "n" * 500)
    assert len(caught.value.message.params["name"]) == 80
    assert "\n" not in str(caught.value) and "\x1b" not in str(caught.value)


def test_every_sentence_speaks_both_languages():
    texts = {}
    for language in LANGUAGES:
        file = resources.files("spectra_vae").joinpath("ui", "text", language, "readers.toml")
        texts[language] = tomllib.loads(file.read_text(encoding="utf-8"))
    assert {t: set(v) for t, v in texts["en"].items()} == {
        t: set(v) for t, v in texts["it"].items()
    }
    for text in texts["en"] | texts["it"]:
        assert "!" not in text and "please" not in text.lower()
    for language in LANGUAGES:
        assert all(text.endswith(".") for text in texts[language]["error"].values())


# --- whatever comes --------------------------------------------------------------------------


def mutated(seed: int) -> bytes:
    """A readable file after a few accidents."""
    rng = np.random.default_rng(seed)
    headers = ["", "Raman shift (cm-1)\tIntensity", "##NAMES=a\n##LASER_WAVELENGTH=532", OWN_HEADER]
    header = headers[seed % 4]
    delimiter, decimal = (("\t", "."), (";", ","), (",", "."), ("  ", ","))[seed // 4 % 4]
    data = bytearray(rows(X, Y, delimiter, decimal, header, ("\n", "\r\n")[seed % 2]).encode())
    if seed % 7 == 0:
        data = bytearray(data.decode().encode("utf-16"))
    for _ in range(rng.integers(1, 40)):
        at = int(rng.integers(0, max(1, len(data))))
        accident = rng.integers(0, 5)
        if accident == 0 and data:
            data[at % len(data)] ^= 1 << int(rng.integers(0, 8))
        elif accident == 1:
            data[at:at] = rng.bytes(int(rng.integers(1, 30)))
        elif accident == 2:
            del data[at : at + int(rng.integers(1, 300))]
        elif accident == 3:
            data[at:at] = bytes(
                rng.choice(list(b";,.\t\n\r\"'#=eE+-0 \0"), int(rng.integers(1, 60)))
            )
        elif rng.random() < 0.1:
            del data[at:]
    return bytes(data)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("block", range(10))
def test_mutated_files_are_read_or_refused(block):
    read = 0
    for seed in range(30 * block, 30 * block + 30):
        start = time.perf_counter()
        try:
            spectrum = read_spectrum(mutated(seed), "mutant")
            assert np.isfinite(spectrum.intensity).all() and len(spectrum.meta) <= 100
            json.dumps([dict(spectrum.meta), spectrum.read_as()])
            read += 1
        except SpectrumError as error:
            assert "\n" not in str(error) and str(error).endswith(".")
        assert time.perf_counter() - start < 2
    assert read > 0


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("seed", range(40))
def test_noise_never_breaks_the_reader(seed):
    rng = np.random.default_rng(seed)
    alphabet = (None, b"0123456789.,;\t\n ", b"01,\n", b"e+-.\n\t1", b'"1,\n')[seed % 5]
    data = rng.bytes(5000) if alphabet is None else bytes(rng.choice(list(alphabet), 5000))
    try:
        read_spectrum(data)
    except SpectrumError as error:
        assert str(error).endswith(".")


@pytest.mark.parametrize(
    "data",
    [
        b"a," * 9_000_000,
        b"\n".join([b"1," * 900_000] * 10),
        b"\n".join([b"a," * 60] * 150_000),
        b"\t" * 15_000_000,
        b"1 2\n" * 4_900_000,
        b"\0" * 19_000_000,
        b'"' * 19_000_000,
    ],
    ids=["line", "wide", "words", "tabs", "lines", "NUL", "quotes"],
)
def test_huge_nonsense_is_refused_quickly(data):
    start = time.process_time()
    refusal(data)
    assert time.process_time() - start < 4


def test_the_room_imports_no_heavy_package():
    import subprocess
    import sys

    code = (
        "import sys, spectra_vae.readers as r; r.read_spectrum"
        "; assert not {'torch', 'dash', 'pandas', 'scipy'} & set(sys.modules), 'heavy'"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parent.parent)
