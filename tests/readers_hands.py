"""What the tests of the readers share."""

from __future__ import annotations

import struct

import pytest

from spectra_vae.readers import read_spectrum
from spectra_vae.spectrum import Spectrum, SpectrumError


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
