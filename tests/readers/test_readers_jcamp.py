"""JCAMP-DX in all the ways that it is written."""

from __future__ import annotations

import re

import numpy as np
import pytest
import readers_writers as write
from readers_hands import codes
from readers_writers import X, Y, jcamp_of

from spectra_vae.readers import read_spectrum

PLAIN, PAIRS = write.jcamp(), write.jcamp(form="pairs")
LINES = write.jcamp(form="difference").decode().split("\r\n")[11:-2]
FIVES = range(0, len(X), 5)
SCALED = write.jcamp(y=2 * Y, YFACTOR=0.5)
PEAKS = b"##PEAK TABLE=(XY..XY)\r\n" + b"".join(b"%d, 5\r\n" % k for k in range(300, 1200, 40))
WRITTEN_OTHERWISE = {
    "blank in a label": SCALED.replace(b"##YFACTOR", b"##Y FACTOR"),
    "dash in a label": SCALED.replace(b"##YFACTOR", b"##Y-FACTOR"),
    "indented label": SCALED.replace(b"##YFACTOR", b"  ##YFACTOR"),
    "decimal comma in a record": SCALED.replace(b"=0.5", b"=0,5"),
    "lower case": PLAIN.replace(b"##XYDATA=(X++(Y..Y))", b"##xydata= (x++ (y..y))"),
    "a unit in a record": PLAIN.replace(b"FIRSTX=200.0", b"FIRSTX=200.0 cm-1"),
    "points as a float": PLAIN.replace(b"NPOINTS=401", b"NPOINTS=401.0"),
    "step instead of the end": PLAIN.replace(b"LASTX=1200.0", b"DELTAX=2.5"),
    "comments": PLAIN.replace(b"##YUNITS", b"$$ ##YFACTOR=7\r\n##YUNITS"),
    "text behind the end": PLAIN + b"\x1a a note",
    "old line ends": PLAIN.replace(b"\r\n", b"\r"),
    "peaks behind the table": PLAIN.replace(b"##END", PEAKS + b"##END"),
    "peaks behind the pairs": PAIRS.replace(b"##END", PEAKS + b"##END"),
    "pairs with decimal commas": PAIRS.replace(b", ", b"; ")
    .replace(b".", b",")
    .replace(b"(XY,,XY)", b"(XY..XY)"),
    "exponents": jcamp_of([" ".join(f"{v:.6E}" for v in (X[i], *Y[i : i + 5])) for i in FIVES]),
    "signs apart": jcamp_of(
        [f"{X[i]}" + "".join(f"{v:+.6E}" for v in Y[i : i + 5]) for i in FIVES]
    ),
    "blanks between differences": jcamp_of(
        [re.sub(r"(?<=\d)(?=[%J-Rj-r])", " ", line) for line in LINES]
    ),
}


@pytest.mark.parametrize("name", WRITTEN_OTHERWISE)
def test_jcamp_may_be_written_in_many_ways(name):
    spectrum = read_spectrum(WRITTEN_OTHERWISE[name])
    assert np.allclose(spectrum.wavenumber, X) and np.allclose(spectrum.intensity, Y, atol=1e-3)
    assert codes(spectrum) == []


# The standard's own example, with repeats of ten and more, and of squeezed values.
EXAMPLE = ["1 @VKT%TLkj%J%KLJ%njKjL%kL%jJULJ%kLK1%lLMNPNPRLJ0QTOJ1P"]
EXAMPLE_VALUES = [
    *(0, 0, 0, 0, 2, 4, 4, 4, 7, 5, 4, 4, 5, 5, 7, 10, 11, 11, 6, 5, 7, 6, 9, 9, 7, 10, 10),
    *(9, 10, 11, 12, 15, 16, 16, 14, 17, 38, 38, 35, 38, 42, 47, 54, 59, 66, 75, 78, 88, 96),
    *(104, 110, 121, 128),
]


@pytest.mark.parametrize(
    ("lines", "values"),
    [
        (EXAMPLE, EXAMPLE_VALUES),
        (["1A0J%T5k"], [10, *[11] * 26, 9]),
        (["1A2T5B3"], [*[12] * 25, 23]),
        ([f"1A0J{'K' * 18}"], [10, 11, *range(13, 49, 2)]),
        ([f"1A0J{'K' * 21}", "24E3"], [10, 11, *range(13, 55, 2)]),  # 24 × 10³? a check value
    ],
)
def test_forms_of_intensities(lines, values):
    last = float(len(values))
    spectrum = read_spectrum(jcamp_of(lines, 1.0, last, len(values)))
    assert np.array_equal(spectrum.intensity, values)


def test_a_check_value_that_looks_like_an_exponent_is_none():
    y = Y.copy()
    y[-1] = 523
    lines = write.jcamp(y=y, form="difference").split(b"\r\n")
    at = next(i for i, line in enumerate(lines) if line.startswith(b"##END"))
    lone = b"\r\n".join([*lines[:at], b"1200E23", *lines[at:]])
    assert np.array_equal(read_spectrum(lone).intensity, y)


@pytest.mark.parametrize("title", ["0012", "2023_01", "1,5", "²"])
def test_a_title_is_no_number(title):
    assert read_spectrum(write.jcamp(TITLE=title)).meta["title"] == title
