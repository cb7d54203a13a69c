"""The study of β and seeds as data: in and out of JSON, and chosen without labels."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from spectra_vae.analysis import shipped as lab
from spectra_vae.analysis.study import CODE_UNIT, UNIT, Study, StudyError, Trial, choose

POINTS = 6


def trial(beta, seed, agreement, active=(1, 2)):
    rng = np.random.default_rng(seed)
    return Trial(
        beta=beta,
        seed=seed,
        varies=("hydration", "crystallinity"),
        kl=None if beta is None else tuple(1.5 if j in active else 0.001 for j in range(4)),
        active=active,
        neurons=(1, 2),
        ranks=((0.99, -0.1), (0.05, -0.98)),
        scores={"mig": 0.7, "mcc": 0.98},
        rmse=0.001234,
        found={"strength": {"neuron": 1, "areas": [0.0123456, 1.5]}, "width": None},
        udr={"spearman": agreement, "lasso": agreement - 0.1},
        codes=rng.normal(size=(5, 2)),
        sensitivity=rng.normal(size=(2, POINTS)),
        ends=None if beta is None else rng.normal(size=(2, 2, POINTS)),
    )


TRIALS = (
    trial(4.0, 0, 0.4),
    trial(4.0, 1, 0.99),
    trial(4.0, 2, 0.3),
    trial(30.0, 0, 0.8),
    trial(30.0, 1, 0.9),
    trial(30.0, 2, 0.7),
    trial(None, 0, 1.0),
)


@pytest.fixture
def study():
    truth = np.zeros((5, 2))
    wavenumber = np.arange(POINTS, dtype=float)
    return Study({}, ("hydration", "crystallinity"), wavenumber, truth, choose(TRIALS), TRIALS)


def test_it_comes_back_as_it_was(study):
    text = json.dumps(study.to_dict(), allow_nan=False)
    back = Study.from_dict(json.loads(text))
    assert json.dumps(back.to_dict()) == text
    for one, other in zip(back.trials, study.trials, strict=True):
        assert np.abs(one.codes - other.codes).max() <= CODE_UNIT / 2 + 1e-12
        assert np.abs(one.sensitivity - other.sensitivity).max() <= UNIT / 2 + 1e-12
        assert (one.ends is None) == (other.ends is None)


def test_beta_is_chosen_by_its_seeds_and_the_seed_by_the_others(study):
    """One lucky seed doesn't make a β, and the plain autoencoder isn't asked."""
    assert study.chosen == (30.0, 1)
    assert study.shipped is study.trials[4]
    assert study.betas == (4.0, 30.0) and len(study.plain) == 1


def test_a_beta_that_collapsed_is_not_chosen_for_agreeing_with_itself():
    collapsed = [trial(100.0, s, 1.0, active=(1,)) for s in range(3)]
    assert choose([*TRIALS, *collapsed]) == (30.0, 1)


def test_nothing_to_choose_from_is_refused(refused):
    with refused(StudyError):
        choose([trial(None, 0, 1.0)])


def test_what_a_table_asks_of_a_trial():
    one = TRIALS[0]
    assert one.silent_kl == 0.001 and one.rank(2) == (0.05, 0.98)


@pytest.mark.parametrize(
    "wrong", [{"chosen": [30.0, 9]}, {"trials": []}, {"trials": [{"beta": 1}]}, {"truth": [[1.0]]}]
)
def test_a_broken_study_is_refused(study, wrong, refused):
    with refused(StudyError):
        Study.from_dict({**study.to_dict(), **wrong})
    with refused(StudyError):
        replace(study, chosen=(1.0, 0))


def test_the_shipped_study_holds_every_seed_and_is_small():
    shipped = lab.study()
    assert lab.place(lab.STUDY).stat().st_size <= 1_500_000
    assert shipped.betas == (1, 4, 10, 30, 50, 100) and len(shipped.plain) == 8
    assert all(len(shipped.at(beta)) == 8 for beta in shipped.betas)
    assert choose(shipped.trials) == shipped.chosen
    silent = [len(t.active) == 2 and t.silent_kl <= 0.01 for t in shipped.at(shipped.chosen[0])]
    assert sum(silent) >= 7
    points = len(shipped.wavenumber)
    assert all(t.sensitivity.shape == (len(t.neurons), points) for t in shipped.trials)
    assert all(t.codes.shape == (len(shipped.truth), len(t.neurons)) for t in shipped.trials)
