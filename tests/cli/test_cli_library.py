"""``spectra-vae library import``: progress, what was refused and why, the exit code."""

from __future__ import annotations

import json

import numpy as np
import pytest

import spectra_vae as sv
from spectra_vae.cli.main import main

X = np.arange(200.0, 900.0, 1.5)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """One spectrum and one file of words, and a home of its own."""
    monkeypatch.setenv("SPECTRA_VAE_HOME", str(tmp_path / "home"))
    y = 1000 * np.exp(-4 * np.log(2) * ((X - 500) / 9) ** 2)
    y += np.random.default_rng(0).normal(0, 2, len(X))
    there = tmp_path / "stones"
    there.mkdir()
    lines = (f"{a:.1f} {b:.3f}" for a, b in zip(X, y, strict=True))
    (there / "Stone_532nm.txt").write_text("\n".join(lines))
    (there / "words.txt").write_text("Nothing but words.")
    return there


def test_what_is_refused_is_told_and_the_others_go_on(folder, capsys):
    assert main(["library", "import", str(folder)]) == 1
    told = capsys.readouterr()
    assert "stone: 1 bands" in told.out and "words.txt: " in told.out
    assert told.err.splitlines()[-1] == "2/2 stone"
    (folder / "words.txt").unlink()
    assert main(["library", "import", str(folder), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["known"] == ["stone"]
    assert "stone" in sv.minerals()


def test_what_is_no_collection_gets_its_sentence(folder, capsys):
    assert main(["library", "import", str(folder / "words.txt")]) == 1
    assert "words.txt" in capsys.readouterr().err
