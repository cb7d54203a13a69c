"""The command line with a mineral that somebody brings: one file, and every command knows it."""

import json
import re
import shutil
from pathlib import Path

import numpy as np
import pytest

import spectra_vae as sv
from spectra_vae.cli.main import main
from spectra_vae.recipes import recipe

TABLE = Path(__file__).parents[1] / "minerals" / "calcite.toml"
KINDS = ("", "-pairs", "-ada", "-unsupervised", "-tcvae", "-robust", "-bridge")
FOREIGN = re.compile(r"gypsum|gesso|sulfat|solfat|\bwater\b|\bacqua\b|\bOH\b", re.IGNORECASE)
TINY = {"spectra": 128, "steps": 4, "batch": 32, "encoder": (8,), "decoder": (8,)}


@pytest.fixture
def fresh(tmp_path, monkeypatch):
    """A home that holds one file: the mineral's."""
    monkeypatch.setenv("SPECTRA_VAE_HOME", str(tmp_path))
    (tmp_path / "minerals").mkdir()
    shutil.copy(TABLE, tmp_path / "minerals" / TABLE.name)
    return tmp_path


def tiny(kind):
    import dataclasses

    return dataclasses.replace(recipe(f"calcite{kind}"), **TINY)


def said(capsys, *arguments):
    code = main(list(arguments))
    out, err = capsys.readouterr()
    assert code == 0, err
    assert not FOREIGN.search(out + err), out + err
    return out


@pytest.fixture
def measured(fresh):
    """A simulated measurement of it, as a file."""
    m = sv.mineral("calcite")
    x = np.arange(120.0, 1850.0, 1.5)
    rng = np.random.default_rng(3)
    light = 800 * m.spectrum(x, crystallinity=0.6) + 40
    file = fresh / "measured.csv"
    lines = zip(x, rng.poisson(light), strict=True)
    file.write_text("\n".join(f"{a:.1f},{b}" for a, b in lines), encoding="utf-8")
    return file


def test_its_table_generates_without_a_model(fresh, capsys):
    out = said(capsys, "generate", "--mineral", "calcite", "crystallinity=1")
    rows = [tuple(map(float, line.split(","))) for line in out.splitlines()[1:]]
    assert max(rows, key=lambda row: row[1])[0] == pytest.approx(1086, abs=1)


def test_without_a_model_of_it_restore_says_so(fresh, measured, capsys):
    assert main(["restore", str(measured), "--mineral", "calcite"]) != 0
    assert "no model of calcite yet" in capsys.readouterr().err


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_trains_and_is_evaluated(fresh, capsys, kind, unexamined):
    with unexamined():  # the command does it
        run = sv.train(tiny(kind), name=f"calcite{kind or '-guided'}")
    model = run.folder
    assert str(sv.load(str(model)).mineral.label) == "calcite"
    said(capsys, "evaluate", str(model))


def test_a_model_restores_compares_and_is_listed(fresh, measured, capsys, unexamined):
    with unexamined():
        sv.train(tiny(""), name="calcite-short")
    told = json.loads(said(capsys, "restore", str(measured), "--mineral", "calcite", "--json"))
    assert {"position", "fwhm"} <= told["quantities"].keys()
    out = fresh / "out"
    table = fresh / "table.csv"
    options = ("--out", str(out), "--table", str(table))
    said(capsys, "restore", str(measured), "--mineral", "calcite", *options)
    for file in (*out.iterdir(), table):
        assert not FOREIGN.search(file.name + file.read_text(encoding="utf-8"))
    assert "nu1_position [cm-1]" in table.read_text(encoding="utf-8")
    model = next(c["id"] for c in json.loads(listed(capsys)) if c["mineral"] == "calcite")
    said(capsys, "compare", str(measured), str(measured), "--model", model)


def listed(capsys):
    main(["models", "--json"])
    return capsys.readouterr().out
