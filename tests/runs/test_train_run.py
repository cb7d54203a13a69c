"""A run, end to end in ten seconds: trained, evaluated, saved, listed, loaded."""

from __future__ import annotations

import json

import numpy as np
import pytest

import spectra_vae as sv
from spectra_vae.runs.evaluate import evaluate
from spectra_vae.storage.runs import history_of, new_id
from spectra_vae.vae.train import TrainingError

GUIDED = {"hydration": 3, "crystallinity": 5, "intensity": 4, "purity": 6, "shift": 7}
MEAN_SPECTRUM = 0.036  # what the mean spectrum scores as RMSE, × ν1


def plain(values):
    """As JSON gives them back: no tuples, no NaN."""
    return json.loads(json.dumps(values, allow_nan=False))


@pytest.fixture(scope="module", autouse=True)
def examined(few):
    with few():
        yield


@pytest.fixture(scope="module")
def seen():
    return []


@pytest.fixture(scope="module")
def run(examined, seen):
    config = sv.TrainConfig(
        spectra=2000,
        supervision="guided",
        guided=GUIDED,
        encoder=(64, 64),
        decoder=(64, 128),
        beta=60.0,
        guidance=100.0,
        sigma=0.005,
        emphasis=((1300.0, 4001.0, 3.0),),
        steps=600,
        batch=32,
        learning_rate=1e-2,
    )
    return sv.train(config, lambda step: seen.append(step.number))


def test_the_loss_falls_fiftyfold(run):
    first, last = (
        np.mean([r["loss"] for r in part]) for part in (run.history[:1], run.history[-5:])
    )
    assert last < first / 50


def test_ten_seconds_beat_the_mean_spectrum_fourfold(run):
    assert run.metrics["decode_rmse"] < MEAN_SPECTRUM / 4


def test_its_knobs_already_do_their_work(run):
    knob = {k["factor"]: k for k in run.metrics["knobs"] if k["factor"]}
    low, high = knob["hydration"]["areas"]["water"]
    assert low < 0.15 and high > 1.4
    low, high = knob["hydration"]["areas"]["sulfate"]
    assert low > 0.97 and high < 1.03
    low, high = knob["shift"]["position"]
    assert abs(low - 1000) < 1.5 and abs(high - 1016) < 1.5
    low, high = knob["crystallinity"]["width"]
    assert high / low > 2


def test_every_step_is_reported(run, seen):
    assert seen == list(range(1, run.config.steps + 1))


def test_the_folder_holds_configuration_history_metrics_and_model(run, home):
    assert run.folder == home / "runs" / run.id
    names = {"config.json", "history.jsonl", "metrics.json", "model.json", "model.safetensors"}
    shown = {"run.json", "live.json", "run.lock"}
    assert {f.name for f in run.folder.iterdir()} == names | shown
    config = json.loads((run.folder / "config.json").read_text(encoding="utf-8"))
    assert sv.TrainConfig.from_dict(config) == run.config
    assert history_of(run.folder) == run.history
    metrics = json.loads((run.folder / "metrics.json").read_text(encoding="utf-8"))
    assert metrics == plain(run.metrics)


def test_history_has_few_enough_rows_and_ends_at_the_end(run):
    assert run.history[-1]["step"] == run.config.steps and len(run.history) <= 250
    assert len(run.history[0]["kl"]) == 8


def test_a_torn_last_line_of_the_history_is_left_out(run, tmp_path):
    text = (run.folder / "history.jsonl").read_text(encoding="utf-8")
    (tmp_path / "history.jsonl").write_text(text[:-20], encoding="utf-8")
    assert history_of(tmp_path) == run.history[:-1]


def test_a_run_is_listed_and_loaded_by_its_id_and_by_its_folder(run):
    assert run.id in sv.models()
    by_id, by_folder = sv.load(run.id), sv.load(run.folder)
    assert by_id.digest == by_folder.digest and dict(by_id.controls) == GUIDED
    assert by_id.card["seed"] == 0 and by_id.card["supervision"] == "guided"


def test_evaluating_again_gives_the_same_numbers(run):
    assert plain(evaluate(sv.load(run.id))) == plain(run.metrics)


@pytest.mark.parametrize("kind", [{"variational": False}, {"beta": 4.0}], ids=["plain", "β-VAE"])
def test_unguided_models_become_runs_too(kind, tmp_path):
    config = sv.TrainConfig(spectra=200, encoder=(16,), decoder=(16,), steps=30, batch=16, **kind)
    run = sv.train(config, folder=tmp_path / "mine")
    vs = sv.load(tmp_path / "mine")
    without = not config.variational
    assert run.id == "mine" and len(vs.controls) == 0 and run.metrics["decode_rmse"] is None
    assert all((n.kl is None) == without for n in vs.neurons)
    assert (vs.encode(vs.decode(vs.origin)).std is None) == without
    assert vs.card["supervision"] == ("plain" if without else "none")


def test_a_training_that_breaks_leaves_no_model(tmp_path, monkeypatch):
    def broken(*_):
        raise TrainingError("error.diverged", step=1)
        yield

    monkeypatch.setattr("spectra_vae.runs.train.steps", broken)
    with pytest.raises(TrainingError):
        sv.train(sv.TrainConfig(spectra=64), folder=tmp_path / "lost")
    assert not (tmp_path / "lost" / "model.json").exists()


def test_ids_sort_by_time_and_never_clash():
    ids = {new_id("a-name") for _ in range(20)}
    assert len(ids) == 20 and all("a-name" in i for i in ids)
