"""Tables as text, for the tests of the readers."""

from __future__ import annotations

import numpy as np

from spectra_vae.spectra.spectrum import Spectrum

X = np.round(np.linspace(200.0, 1200.0, 401), 3)
Y = np.round(500 + 0.1 * X + 4000 / (1 + ((X - 1008) / 6) ** 2) + 40 * np.sin(X), 4)
OWN_HEADER = "wavenumber_cm-1,measured,restored,lower,upper,background,residual"
DARK = np.round(900 + 5 * np.cos(X), 3)
INDEX = np.arange(len(X))


def rows(x=X, y=Y, delimiter="\t", decimal=".", header="", newline="\n") -> str:
    body = newline.join(
        f"{a}{delimiter}{b}".replace(".", decimal) for a, b in zip(x, y, strict=True)
    )
    return f"{header}{newline}{body}{newline}" if header else body + newline


def table(header: str, *columns: object, delimiter: str = ",") -> bytes:
    body = "\n".join(delimiter.join(map(str, row)) for row in zip(*columns, strict=True))
    return f"{header}\n{body}\n".encode()


def same(spectrum: Spectrum, x=X, y=Y) -> bool:
    return np.array_equal(spectrum.wavenumber, x) and np.array_equal(spectrum.intensity, y)
