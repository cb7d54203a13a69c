"""``spectra-vae mineral``: the library, and a table of one's own."""

from __future__ import annotations

import json

import numpy as np
import pytest

import spectra_vae as sv
from spectra_vae.cli.main import main
from spectra_vae.minerals import to_table
from spectra_vae.runs import encoder

X = np.arange(150.0, 1300.0, 1.0)


@pytest.fixture
def file(tmp_path):
    """A made spectrum of two bands on a slope, as text."""
    bands = {480.0: (0.4, 12.0), 1010.0: (1.0, 8.0)}
    y = sum(h * np.exp(-4 * np.log(2) * ((X - p) / w) ** 2) for p, (h, w) in bands.items())
    y = 1000 * y + 0.05 * X + np.random.default_rng(1).normal(0, 2, len(X))
    path = tmp_path / "pure.txt"
    path.write_text("\n".join(f"{a:.1f} {b:.3f}" for a, b in zip(X, y, strict=True)))
    return path


@pytest.fixture
def clean(home):
    """Nothing of one's own is left behind."""
    yield home / "minerals"
    for path in (home / "minerals").glob("pure-*"):
        path.unlink()


def test_list_prints_every_mineral(capsys):
    assert main(["mineral", "list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert {line.split()[0] for line in lines} == {*sv.minerals()}


def test_list_finds(capsys):
    assert main(["mineral", "list", "1008 ± 3", "hydrate"]) == 0
    assert capsys.readouterr().out.split()[0] == "gypsum"
    assert main(["mineral", "list", "--json", "gesso"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["name"] == "gypsum" and told["label"]["it"] == "gesso"
    assert told["whose"] == "shipped" and told["strongest"] == 1008.0
    assert main(["mineral", "list", "kryptonite"]) == 0
    assert capsys.readouterr().out == ""


def test_show_says_where_each_band_is_from(capsys):
    assert main(["mineral", "show", "bassanite"]) == 0
    shown = capsys.readouterr().out
    m = sv.mineral("bassanite")
    assert m.formula in shown and "ships with the program" in shown
    assert all(f"{b.position:.1f}" in shown and b.source in shown for b in m.bands)


def test_show_prints_the_table(capsys):
    assert main(["mineral", "show", "quartz", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told.pop("whose") == "shipped"
    assert told == json.loads(json.dumps(to_table(sv.mineral("quartz"))))


def test_show_says_whose_it_is(calcite, capsys):
    assert main(["mineral", "show", "calcite"]) == 0
    assert "in the place of the calcite that ships" in capsys.readouterr().out


def test_an_unknown_mineral_is_refused(capsys):
    assert main(["mineral", "show", "kryptonite"]) == 1
    assert "kryptonite" in capsys.readouterr().err


def test_fit_keeps_a_mineral(file, clean, capsys):
    assert main(["mineral", "fit", str(file), "--name", "pure-one", "--resolution", "4"]) == 0
    shown = capsys.readouterr().out
    assert "1010." in shown and "480." in shown and shown.strip().endswith(".")
    m = sv.mineral("pure-one")
    assert m.main.position == pytest.approx(1010, abs=0.1) and m.resolution == 4
    again = ["mineral", "fit", str(file), "--name", "pure-one"]
    assert main(again) == 1 and "pure-one" in capsys.readouterr().err
    assert main([*again, "--replace", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["saved"] and told["name"] == "pure-one" and len(told["bands"]) == 2


def test_a_dry_run_keeps_nothing(file, clean, capsys):
    assert main(["mineral", "fit", str(file), "--name", "pure-two", "--dry-run"]) == 0
    assert "pure-two" not in sv.minerals() and "1010." in capsys.readouterr().out


@pytest.mark.parametrize("name", ["gypsum", "../up", "a b"])
def test_a_name_that_can_not_be_is_refused(file, name, capsys):
    assert main(["mineral", "fit", str(file), "--name", name]) == 1
    assert capsys.readouterr().err.strip().endswith(".")


def test_a_file_that_can_not_be_read_is_named(tmp_path, capsys):
    assert main(["mineral", "fit", str(tmp_path / "no.txt"), "--name", "pure-three"]) == 1
    assert "no.txt" in capsys.readouterr().err


def test_a_table_goes_out_and_in_and_is_renamed_and_removed(file, clean, capsys, tmp_path):
    assert main(["mineral", "fit", str(file), "--name", "pure-two"]) == 0
    given = tmp_path / "given.toml"
    assert main(["mineral", "export", "pure-two", "--out", str(given)]) == 0
    capsys.readouterr()
    assert main(["mineral", "export", "pure-two"]) == 0
    assert capsys.readouterr().out == given.read_text()
    assert main(["mineral", "add", str(given)]) == 1
    assert "pure-two" in capsys.readouterr().err
    assert main(["mineral", "add", str(given), "--replace"]) == 0
    assert main(["mineral", "rename", "pure-two", "pure-three"]) == 0
    assert main(["mineral", "remove", "pure-three"]) == 0
    assert "pure-three" not in sv.minerals()
    assert main(["mineral", "remove", "pure-three", "--undo"]) == 0
    assert capsys.readouterr().out.splitlines()[-1].split()[0] == "pure-three"
    assert "pure-three" in sv.minerals()


def test_a_table_that_can_not_be_written_gets_its_sentence(capsys, tmp_path):
    assert main(["mineral", "export", "quartz", "--out", str(tmp_path / "no" / "q.toml")]) == 1
    assert "q.toml" in capsys.readouterr().err


def test_an_encoder_is_trained_where_it_is_asked_for(monkeypatch, capsys):
    asked = []
    monkeypatch.setattr(encoder, "train_encoder", lambda m, tell: asked.append(m.name) or tell(1))
    assert main(["mineral", "encoder", "quartz"]) == 0 and asked == ["quartz"]
    told = capsys.readouterr()
    assert told.err.strip() == "100 %" and "quartz" in told.out
