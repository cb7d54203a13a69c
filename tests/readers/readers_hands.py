"""What the tests of the readers share."""

from __future__ import annotations

import json
import struct

import pytest

from spectra_vae.readers import read_spectrum
from spectra_vae.spectra.spectrum import Spectrum, SpectrumError
from spectra_vae.text.message import LANGUAGES, say


def codes(spectrum: Spectrum) -> list[str]:
    return [fix.code for fix in spectrum.fixes]


def refusal(data: bytes, column: str | int | None = None, name: str = "scan.txt") -> str:
    """The code of the refusal, whose sentences are checked on the way."""
    with pytest.raises(SpectrumError) as caught:
        read_spectrum(data, name, column)
    for language in LANGUAGES:
        text = say(caught.value.message, language)
        assert text.endswith(".") and "\n" not in text and "!" not in text and len(text) < 300
    json.dumps(caught.value.message.to_dict())
    return caught.value.message.code


def put(data: bytes, at: int, layout: str, *values: object) -> bytes:
    out = bytearray(data)
    struct.pack_into(layout, out, at, *values)
    return bytes(out)
