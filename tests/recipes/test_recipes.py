"""Every training that ships begins, and shows what it does; one through two instruments ends."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from trainings import TINY

import spectra_vae as sv
from spectra_vae import recipes
from spectra_vae.runs.record import live
from spectra_vae.vae.train import steps


@pytest.mark.parametrize("name", recipes.names())
def test_a_recipe_begins_and_shows_its_spectrum_and_its_map(name):
    config = recipes.recipe(name)
    assert config.mineral in sv.minerals()
    step = next(steps(replace(config, **TINY)))
    told = json.loads(json.dumps(live(step), allow_nan=False))
    assert told["step"] == 1 and np.isfinite(step.loss)
    assert np.isfinite(step.sample.dirty).all() and np.isfinite(step.sensitivity).all()


def test_the_bridge_trains_to_its_end(home, tmp_path):
    config = replace(recipes.recipe("gypsum-bridge"), **TINY, steps=5)
    run = sv.train(config, folder=tmp_path / "bridge")
    assert sv.load(run.folder).bridges and run.metrics["decode_rmse"] > 0
