"""How the readout of a mineral that nobody trained a model of is kept in the home."""

from __future__ import annotations

import numpy as np
import pytest
from made_minerals import ONE, band, made, model_of

import spectra_vae as sv
from spectra_vae.minerals import MineralError
from spectra_vae.model import shared
from spectra_vae.model.shared import readout_folder
from spectra_vae.storage.models import ModelError
from spectra_vae.vae.header import HEADER, WEIGHTS


@pytest.fixture
def counted(monkeypatch):
    """How often a readout was solved."""
    calls = []

    def solve(folder, mineral, shipped, original=shared._make):
        calls.append(mineral.name)
        original(folder, mineral, shipped)

    monkeypatch.setattr(shared, "_make", solve)
    return calls


def test_a_readout_is_solved_once(counted):
    m = made("kept", band(900.0, 1.0, 6.0))
    first, second = readout_folder(m), readout_folder(m)
    assert first == second and counted == ["kept"]


def test_another_table_is_another_readout(counted):
    first, other = (readout_folder(made("same", band(p, 1.0, 6.0))) for p in (900.0, 901.0))
    assert first != other and counted == ["same", "same"]


@pytest.mark.parametrize("file", [HEADER, WEIGHTS])
@pytest.mark.parametrize("damage", ["cut", "turned", "gone"])
def test_a_damaged_readout_is_solved_anew(counted, file, damage):
    m = made("damaged", band(900.0, 1.0, 6.0))
    folder = readout_folder(m)
    whole = model_of(m).decode(np.zeros(8))
    counted.clear()
    path = folder / file
    data = bytearray(path.read_bytes())
    if damage == "gone":
        path.unlink()
    elif damage == "cut":
        path.write_bytes(data[: len(data) // 2])
    else:
        at = data.rindex(b"3.0") if file == HEADER else len(data) - 100
        data[at] ^= 1
        path.write_bytes(data)
    np.testing.assert_array_equal(model_of(m).decode(np.zeros(8)), whole)
    assert counted == ["damaged"]


def test_a_home_that_cannot_be_written_to_still_shows_minerals(monkeypatch, tmp_path):
    (tmp_path / "home").write_text("a file", encoding="utf-8")
    monkeypatch.setenv("SPECTRA_VAE_HOME", str(tmp_path / "home"))
    assert model_of(ONE).mineral.name == "one"


def test_the_oldest_readouts_go(monkeypatch, tmp_path):
    monkeypatch.setenv("SPECTRA_VAE_HOME", str(tmp_path))
    monkeypatch.setattr(shared, "MOST_KEPT", 2)
    folders = [readout_folder(made("many", band(p, 1.0, 40.0))) for p in (500.0, 600.0, 700.0)]
    assert [f.is_dir() for f in folders] == [False, True, True]


def test_a_mineral_of_ones_own_loads(own, refused):
    text = """name = "mine"\nformula = "X"\n[[bands]]\nname = "v"\nposition = 800.0\nheight = 1.0
width = 5.0\nmixing = 0.5\ngroup = "rest"\nsource = "mine"\n"""
    with own("mine", text):
        assert sv.load("mine").mineral.main.position == 800.0
    with own("mine", text.replace("height = 1.0", "height = -1.0")), refused(MineralError):
        sv.load("mine")


def test_a_name_of_nothing_keeps_its_sentence(refused):
    with refused(ModelError) as caught:
        sv.load("kryptonite")
    assert caught.value.message.code == "error.unknown_model"


def test_a_folder_called_like_a_mineral_is_no_model(monkeypatch, tmp_path):
    (tmp_path / "calcite").mkdir()
    monkeypatch.chdir(tmp_path)
    assert sv.load("calcite").name == "calcite"
