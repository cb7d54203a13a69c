"""The door of the readers: what is refused, and whatever comes."""

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
from readers_hands import refusal
from readers_text import DARK, INDEX, OWN_HEADER, X, Y, rows, same, table

from spectra_vae.readers import read_spectrum
from spectra_vae.spectra.spectrum import SpectrumError
from spectra_vae.text.message import LANGUAGES

# --- what is refused -------------------------------------------------------------------------


@pytest.mark.parametrize("source", [None, 3, 2.5, ["scan.txt"], X])
def test_what_is_neither_path_nor_contents_is_refused(source):
    assert refusal(source) == "error.no_source"


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
    assert refusal(data, name=f"scan.{suffix}") == code
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
        (rows(y=[*Y[:-30], *(["inf"] * 30)]), "error.not_finite"),
        (rows(y=[*Y[:-30], *["9" * 400] * 30]), "error.not_finite"),
        (rows(x=[*X[:-30], *(["1e999"] * 30)]), "error.not_finite"),
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
        (rows(np.concatenate([X, X + 0.37]), np.tile(Y, 2)), "error.stacked"),
        (rows(np.concatenate([X[::-1], X + 0.37]), np.tile(Y, 2)), "error.stacked"),
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
        file = resources.files("spectra_vae").joinpath("text", language, "readers.toml")
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
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parents[2])
