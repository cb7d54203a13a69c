"""The stylesheet is all of its files, each once."""

from __future__ import annotations

from pathlib import Path

from spectra_vae.ui.app import ASSETS, STYLES


def test_every_file_has_its_place():
    files = [file.stem for file in (Path(ASSETS) / "styles").iterdir()]
    assert sorted(STYLES) == sorted(files)
