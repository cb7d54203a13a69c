"""``spectra-vae identify`` and what ``restore`` does with it, called as a user calls them."""

from __future__ import annotations

import json

import numpy as np
import pytest

import spectra_vae as sv
from spectra_vae.cli.main import main

X = np.arange(120.0, 1500.0, 1.5)


def written(path, shares):
    y = sum(s * sv.mineral(name).spectrum(X) for name, s in shares.items())
    y = 1000 * (y + 0.3 + X / 4000) + np.random.default_rng(0).normal(0, 10, len(X))
    path.write_text("\n".join(f"{a:.2f} {b:.4f}" for a, b in zip(X, y, strict=True)), "utf-8")
    return str(path)


@pytest.fixture
def calcite(tmp_path):
    return written(tmp_path / "stone.txt", {"calcite": 1.0})


@pytest.fixture
def unlike(tmp_path):
    path = tmp_path / "unlike.txt"
    y = sum(np.exp(-2.77 * ((X - p) / 9) ** 2) for p in (233, 402, 555, 701, 822, 1190))
    y = 1000 * (y + 0.3) + np.random.default_rng(0).normal(0, 5, len(X))
    path.write_text("\n".join(f"{a:.2f} {b:.4f}" for a, b in zip(X, y, strict=True)), "utf-8")
    return str(path)


def test_json_is_one_object_a_file_and_a_bad_file_stops_no_other(calcite, tmp_path, capsys):
    missing = str(tmp_path / "missing.txt")
    assert main(["identify", missing, calcite, "--json"]) == 1
    told = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert set(told[0]) == {"file", "error"}
    assert told[1]["verdict"] == "identified" and told[1]["phases"][0]["mineral"] == "calcite"


def test_a_person_reads_what_it_is(calcite, unlike, capsys):
    assert main(["identify", calcite, unlike]) == 0
    shown = capsys.readouterr().out
    assert "This is calcite." in shown and "Unknown: 6 bands" in shown and "100 %" in shown


def test_minerals_to_choose_from(calcite, capsys):
    assert main(["identify", calcite, "--mineral", "calcite", "--mineral", "gypsum", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert {one["mineral"] for one in told["candidates"]} <= {"calcite", "gypsum"}
    assert main(["identify", calcite, "--mineral", "nosuch"]) == 1
    assert "nosuch" in capsys.readouterr().err


def test_out_writes_curves_that_are_read_back(calcite, tmp_path, capsys):
    assert main(["identify", calcite, "--out", str(tmp_path / "out")]) == 0
    back = sv.read_spectrum(tmp_path / "out" / "stone.txt.identified.csv")
    np.testing.assert_allclose(back.intensity, sv.read_spectrum(calcite).intensity, rtol=1e-6)


def test_restore_without_a_model_restores_as_what_it_is(calcite, capsys):
    assert main(["restore", calcite, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["identification"]["phases"][0]["mineral"] == "calcite"
    assert told["settings"]["model"] == "calcite" and "estimates" in told


def test_restore_draws_no_mineral_into_an_unknown_file(unlike, tmp_path, capsys):
    assert main(["restore", unlike, "--json", "--table", str(tmp_path / "all.csv")]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["verdict"] == "unknown" and "estimates" not in told
    assert len(told["unexplained"]) == 6
    assert "Unknown" in (tmp_path / "all.csv").read_text("utf-8")
