"""The study's sweep: models trained together are those that each would be alone."""

from __future__ import annotations

from collections import deque
from dataclasses import replace
from functools import partial

import numpy as np
import pytest
import torch
from trainings import TINY

from benchmarks.study import further, more_table, table, wanted
from benchmarks.study_models import measure, train_all
from benchmarks.study_together import alike, train_together
from spectra_vae.analysis.study import Study
from spectra_vae.recipes import recipe
from spectra_vae.runs.evaluate import evaluation_set
from spectra_vae.vae.objective import loss_of
from spectra_vae.vae.train import steps

SHORT = {**TINY, "steps": 4}


@pytest.fixture(scope="module")
def plain():
    return replace(recipe("gypsum-study-robust"), **SHORT, seed=0)  # whose spectra all have


@pytest.fixture(scope="module")
def told_nothing():
    return replace(recipe("gypsum-study"), **SHORT)


def test_a_plain_model_among_others_is_as_if_alone(plain, told_nothing):
    """Nothing is drawn in a plain autoencoder, so its steps can be compared number by number."""
    alone = deque(steps(plain), maxlen=1)[0].model
    models, _ = train_together([told_nothing, plain, replace(told_nothing, seed=3)])
    for mine, other in zip(models[1].parameters(), alone.parameters(), strict=True):
        torch.testing.assert_close(mine.detach(), other.detach(), rtol=1e-3, atol=1e-4)


def test_beta_presses_its_own_model_only(told_nothing):
    config = replace(told_nothing, steps=60)
    models, data = train_together([replace(config, beta=b) for b in (0.0, 1e4)])
    batch = data.batch(32, np.random.default_rng(0))
    weight = torch.full((len(data.wavenumber),), 1 / config.sigma)
    named = torch.zeros(config.latents, dtype=torch.bool)
    with torch.no_grad():
        free, pressed = (loss_of(m, batch, config, 1, weight, named).kl.sum() for m in models)
    assert pressed < 0.5 * free


def test_what_differs_in_more_than_beta_and_seed_is_not_trained_together(told_nothing):
    assert alike(replace(told_nothing, beta=3.0, seed=4)) == alike(told_nothing)
    with pytest.raises(AssertionError):
        train_together([told_nothing, replace(told_nothing, sigma=0.1)])


def test_the_sweep_is_kept_measured_and_printed(tmp_path, monkeypatch):
    tiny = {
        name: replace(recipe(name), **SHORT) for name in ("gypsum-study", "gypsum-study-robust")
    }
    monkeypatch.setattr("benchmarks.study.recipe", tiny.__getitem__)
    few = partial(evaluation_set, n=200)  # the fewest that a score allows
    monkeypatch.setattr("benchmarks.study_models.evaluation_set", few)
    for slider in ("scan", "reenactment"):
        monkeypatch.setattr(f"spectra_vae.analysis.{slider}.POSITIONS", 5)
    groups = [wanted(tmp_path, beta, (0, 1)) for beta in (10.0, None)]
    groups += [further(tmp_path, 10.0, ("intensity",))]
    every = [one for group in groups for one in group]
    assert len(list(train_all(every, jobs=1))) == 2  # groups: with one factor more, and without
    assert all(one.there for one in every) and list(train_all(every, jobs=1)) == []
    trials = [t for group in groups[:2] for t in measure(group, pictures=True)]
    more = measure(groups[2], pictures=False)
    factors, points = ("hydration", "crystallinity"), trials[0].sensitivity.shape[1]
    study = Study({}, factors, np.arange(points), np.zeros((3, 2)), (10.0, 1), tuple(trials), more)
    assert table(study).count("\n") == 5 and "| **10** | **1** |" in table(study)
    assert "hydration, crystallinity, intensity" in more_table(study).replace("shift, ", "")
    assert {t.varies for t in trials} == {factors} and len(more[0].ranks[0]) == 3
