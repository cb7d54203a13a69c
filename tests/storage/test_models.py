"""Finding models: shipped, runs, folders; what their headers say; how much they weigh."""

from __future__ import annotations

import json
import shutil

import pytest

import spectra_vae as sv
from spectra_vae.storage.models import ModelError, cards, folder_of, home, shipped
from spectra_vae.vae.header import HEADER, read_header


@pytest.fixture
def elsewhere(tmp_path, monkeypatch):
    """A home of its own and an empty working folder."""
    monkeypatch.setenv("SPECTRA_VAE_HOME", str(tmp_path / "home"))
    (tmp_path / "cwd").mkdir()
    monkeypatch.chdir(tmp_path / "cwd")
    return tmp_path


def copy_of_gypsum(folder, **changes):
    shutil.copytree(shipped() / "gypsum", folder)
    header = read_header(folder)
    header["card"] = header["card"] | changes
    (folder / HEADER).write_text(json.dumps(header), encoding="utf-8")


def test_the_shipped_model_is_listed(elsewhere):
    assert "gypsum" in sv.models() and folder_of("gypsum") == shipped() / "gypsum"


def test_without_a_setting_home_is_under_the_users_own(monkeypatch):
    monkeypatch.delenv("SPECTRA_VAE_HOME")
    assert home().name == "spectra-vae" and home().parts[-3:-1] == (".local", "share")


def test_runs_come_after_the_shipped_models_newest_first(elsewhere):
    for name in ("20250101-000000-a-0000", "20260101-000000-b-0000"):
        copy_of_gypsum(elsewhere / "home" / "runs" / name)
    assert sv.models()[-2:] == ("20260101-000000-b-0000", "20250101-000000-a-0000")


def test_a_run_without_a_model_is_not_listed(elsewhere):
    (elsewhere / "home" / "runs" / "unfinished").mkdir(parents=True)
    assert "unfinished" not in sv.models()


def test_a_folder_comes_before_a_run_and_a_run_before_a_shipped_model(elsewhere):
    copy_of_gypsum(elsewhere / "home" / "runs" / "gypsum", name="run")
    assert sv.load("gypsum").name == "run"
    copy_of_gypsum(elsewhere / "cwd" / "gypsum", name="folder")
    assert sv.load("gypsum").name == "folder"


def test_a_model_is_loaded_by_its_folder(elsewhere):
    copy_of_gypsum(elsewhere / "deep" / "in" / "here")
    for place in (elsewhere / "deep" / "in" / "here", str(elsewhere / "deep" / "in" / "here")):
        assert sv.load(place).digest == sv.load("gypsum").digest


def test_cards_say_what_each_model_is(elsewhere):
    copy_of_gypsum(elsewhere / "home" / "runs" / "mine", name="mine")
    copy_of_gypsum(elsewhere / "home" / "runs" / "torn")
    (elsewhere / "home" / "runs" / "torn" / HEADER).write_text("{", encoding="utf-8")
    found = {card["id"]: card for card in cards()}
    assert found["mine"]["name"] == "mine" and "torn" not in found
    gypsum = found["gypsum"]
    assert gypsum["mineral"] == "gypsum" and gypsum["supervision"] == "guided"
    assert gypsum["seed"] == 0 and gypsum["steps"] > 0
    json.dumps(cards(), allow_nan=False)


@pytest.mark.parametrize("name", ["no-such-model", "", "a/b", "x" * 200, "../gypsum"])
def test_an_unknown_model_is_refused(name, elsewhere, refused):
    with refused(ModelError) as caught:
        sv.load(name)
    assert "gypsum" in str(caught.value)  # what there is


@pytest.mark.parametrize("name", [".", "..", "/"])
def test_a_folder_without_a_model_is_refused(name, elsewhere, refused):
    with refused():
        sv.load(name)


def test_every_shipped_model_is_small():
    for folder in shipped().iterdir():
        if (folder / HEADER).is_file():
            assert sum(f.stat().st_size for f in folder.iterdir()) <= 5_000_000
            decoder = sv.load(folder).network.decoder
            assert 2 * sum(p.numel() for p in decoder.parameters()) <= 2_000_000


def test_shipped_files_carry_no_code():
    endings = {f.suffix for folder in shipped().glob("*/") for f in folder.iterdir()}
    assert endings <= {".json", ".jsonl", ".safetensors"}


def test_a_run_is_found_by_its_name_too(elsewhere):
    for k in (0, 1):
        folder = elsewhere / "home" / "runs" / f"2026010{k}-000000-mine-0"
        copy_of_gypsum(folder, name="mine")
    assert folder_of("mine") == folder
