"""``docs/add-a-file-format.md``, performed: exactly the file it shows makes a format readable."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import numpy as np
import pytest
from readers_hands import refusal
from readers_text import X, Y

import spectra_vae as sv
from spectra_vae.readers import formats
from spectra_vae.spectra.spectrum import SpectrumError

PAGE = Path(__file__).parents[2] / "docs" / "add-a-file-format.md"
FILE = b"LABEXPRT" + np.stack([X, Y], axis=1).astype("<f8").tobytes()


@pytest.fixture
def added(tmp_path, monkeypatch):
    """The page's file, in a folder that the package finds for the length of a test."""
    (shown,) = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    (tmp_path / "labexport.py").write_text(shown, encoding="utf-8")
    monkeypatch.setattr(formats, "__path__", [*formats.__path__, str(tmp_path)])
    yield
    sys.modules.pop("spectra_vae.readers.formats.labexport", None)


def test_without_the_file_it_is_refused():
    assert refusal(FILE) == "error.binary"


def test_one_file_is_a_format(added):
    spectrum = sv.read_spectrum(FILE, "scan.lab")
    assert spectrum.meta["format"] == "labexport"
    assert np.array_equal(spectrum.wavenumber, X) and np.array_equal(spectrum.intensity, Y)


def test_the_lists_name_it(added):
    assert formats.labels()["labexport"] == "Lab export"


def test_its_sentences_name_it(added):
    with pytest.raises(SpectrumError, match=r"^scan\.lab can't be read as Lab export: .*\.$"):
        sv.read_spectrum(FILE[:-1], "scan.lab")


def test_others_are_asked_in_their_order(added):
    order = list(formats.known())
    assert order[-1] == "text" and order.index("labexport") < order.index("spc")
