"""The command line, called as a user calls it."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib

import numpy as np
import pytest

import spectra_vae as sv
from spectra_vae.cli.main import main
from spectra_vae.jobs.backends import open_queue
from spectra_vae.jobs.local.queue import LocalQueue
from spectra_vae.recipes import recipe
from spectra_vae.vae.config import ConfigError

COMMANDS = {
    "identify",
    "restore",
    "batch",
    "compare",
    "train",
    "evaluate",
    "generate",
    "models",
    "mineral",
    "library",
}
LATER = {"serve", "worker"}  # a command appears when it works
TINY = """
spectra = 64
encoder = [8]
decoder = [8]
steps = 4
batch = 8
supervision = "guided"

[guided]
hydration = 3
shift = 7
"""


def test_generate_prints_a_spectrum(vs, capsys):
    assert main(["generate", "hydration=0", "shift=2.5"]) == 0
    table = capsys.readouterr().out.splitlines()
    assert table[0] == "wavenumber_cm-1,intensity"
    printed = np.array([row.split(",") for row in table[1:]], float)
    made = vs.generate(hydration=0.0, shift=2.5)
    np.testing.assert_allclose(printed[:, 0], made.wavenumber, rtol=1e-5)
    np.testing.assert_allclose(printed[:, 1], made.intensity, rtol=1e-5, atol=1e-9)
    back = sv.read_spectrum("\n".join(table).encode())
    assert len(back) == len(made)


@pytest.mark.parametrize("given", ["hydration=x", "hydration", "wetness=1", "hydration=9", "=1"])
def test_a_factor_that_makes_no_sense_is_refused(given, capsys):
    assert main(["generate", given]) == 1
    shown = capsys.readouterr()
    assert shown.out == "" and shown.err.strip().endswith(".")


def test_models_lists_the_shipped_ones(capsys):
    assert main(["models"]) == 0
    assert any(line.startswith("gypsum ") for line in capsys.readouterr().out.splitlines())
    assert main(["models", "--json"]) == 0
    cards = json.loads(capsys.readouterr().out)
    assert "gypsum" in {card["id"] for card in cards}


def test_evaluate_tells_what_each_knob_does(capsys, few, monkeypatch):
    with few():
        assert main(["evaluate", "gypsum", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["silent"] == [0, 1, 2] and told["decode_rmse"] <= 0.001
    assert [k["neuron"] for k in told["knobs"]] == list(range(8)) and len(told["kl"]) == 8
    monkeypatch.setattr("spectra_vae.runs.evaluate.evaluate", lambda vs: told)
    assert main(["evaluate", "gypsum"]) == 0
    table = capsys.readouterr().out
    assert "hydration" in table and "#3" in table


@pytest.mark.parametrize("command", [["evaluate", "nobody"], ["restore", "x", "--model", "nobody"]])
def test_an_unknown_model_is_refused(command, capsys):
    assert main(command) == 1
    assert "nobody" in capsys.readouterr().err


# --- train -------------------------------------------------------------------------------------


def test_train_is_told_what_varies_and_writes_a_run_folder(tmp_path, capsys):
    file, out = tmp_path / "tiny.toml", tmp_path / "run"
    file.write_text(TINY, "utf-8")
    told = ["--seed", "3", "--steps", "5", "--vary", "hydration, shift=-2:4"]
    assert main(["train", str(file), "--out", str(out), *told]) == 0
    names = {"config.json", "history.jsonl", "metrics.json", "model.json", "model.safetensors"}
    assert {f.name for f in out.iterdir()} == names
    config = sv.load(out).config
    assert (config.seed, config.steps, config.guided) == (3, 5, {"hydration": 3, "shift": 7})
    assert config.vary == {"hydration": (0.0, 1.5), "shift": (-2.0, 4.0)}
    assert str(out) in capsys.readouterr().out


def test_a_recipe_may_be_json_and_is_queued(tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(LocalQueue, "ensure_worker", lambda self: None)  # nothing runs here
    file = tmp_path / "tiny.json"
    file.write_text(json.dumps(tomllib.loads(TINY)), "utf-8")
    assert main(["train", str(file), "--detach", "--name", "mine"]) == 0
    run = capsys.readouterr().out.strip()
    job = open_queue().get(run)
    open_queue().cancel(run)
    assert (job.name, job.state) == ("mine", "waiting")
    assert sv.TrainConfig.from_dict(job.arguments["config"]) == recipe(str(file))


@pytest.mark.parametrize(
    "text", ["beta = -1", "betta = 1", "beta = ", "guided = 3", 'mineral = "granite"', "\x00"]
)
def test_a_recipe_that_cannot_work_is_refused(tmp_path, text, capsys):
    file = tmp_path / "bad.toml"
    file.write_text(text, "utf-8")
    assert main(["train", str(file), "--out", str(tmp_path / "run")]) == 1
    shown = capsys.readouterr()
    assert shown.err.strip().endswith(".") and not (tmp_path / "run").exists()


@pytest.mark.parametrize("told", ["", ",", "wetness", "hydration=2", "hydration=a:b", "shift=-9:9"])
def test_what_cannot_vary_is_refused(tmp_path, told, capsys):
    assert main(["train", "gypsum", "--out", str(tmp_path / "run"), "--vary", told]) == 1
    shown = capsys.readouterr()
    assert shown.err.strip().endswith(".") and not (tmp_path / "run").exists()


def test_an_unknown_recipe_names_the_known_ones(refused):
    with refused(ConfigError) as caught:
        recipe("no-such-recipe")
    assert "gypsum-robust" in str(caught.value)


@pytest.mark.parametrize(
    "name", ["gypsum", "gypsum-bridge", "gypsum-robust", "gypsum-unsupervised"]
)
def test_shipped_recipes_are_known_by_name(name):
    assert recipe(name).mineral == "gypsum"


# --- help --------------------------------------------------------------------------------------


def listed(capsys):
    """The commands that --help shows."""
    with pytest.raises(SystemExit) as done:
        main(["--help"])
    assert done.value.code == 0
    return set(re.findall(r"^    (\w+)", capsys.readouterr().out, re.MULTILINE))


def test_help_lists_only_what_works(capsys):
    commands = listed(capsys)
    assert commands >= COMMANDS and commands <= COMMANDS | LATER
    for command in commands:
        with pytest.raises(SystemExit) as done:
            main([command, "--help"])
        assert done.value.code == 0 and command in capsys.readouterr().out
    for command in LATER - commands:
        with pytest.raises(SystemExit) as done:
            main([command])
        assert done.value.code == 2


@pytest.mark.parametrize("argv", [[], ["restore"], ["fly"], ["evaluate"]])
def test_a_wrong_call_shows_the_usage(argv, capsys):
    with pytest.raises(SystemExit) as done:
        main(argv)
    assert done.value.code == 2 and "usage" in capsys.readouterr().err


def test_it_runs_as_a_program():
    command = [sys.executable, "-m", "spectra_vae.cli.main", "models", "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "gypsum" in {card["id"] for card in json.loads(done.stdout)}
