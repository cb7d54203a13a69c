"""The β-lab's page data, figures and sweeps of the user's own runs."""

import json
import shutil
from dataclasses import replace

import numpy as np
import pytest
from trainings import TINY

import spectra_vae as sv
from spectra_vae.analysis import shipped as lab
from spectra_vae.recipes import recipe
from spectra_vae.text.message import LANGUAGES
from spectra_vae.ui.components.training_form import check, defaults
from spectra_vae.ui.offer import Offer
from spectra_vae.ui.palette import DARK, LIGHT
from spectra_vae.ui.views.beta_lab import experiments_figure, figure
from spectra_vae.ui.views.beta_lab.figure import names, tangent
from spectra_vae.ui.views.beta_lab.head_card import form
from spectra_vae.ui.views.beta_lab.levels import levels, read
from spectra_vae.ui.views.beta_lab.needs import Needs
from spectra_vae.ui.views.beta_lab.over_beta_figure import score
from spectra_vae.ui.views.beta_lab.study_cards import seeds_table
from spectra_vae.ui.views.beta_lab.study_figure import study_over_beta
from spectra_vae.ui.views.beta_lab.sweeps import SHIPPED, groups, known, sweep


@pytest.fixture(scope="module")
def shipped():
    return lab.sweep()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("narrow", [False, True])
def test_the_page_is_json_with_a_curve_a_level(shipped, language, palette, narrow):
    data = levels(shipped, 1, palette, language, narrow)
    assert json.dumps(data, allow_nan=False)
    assert len(data["levels"]) == len(shipped.levels)
    shown = data["figures"]["through"]["layout"]["meta"]["shown"]
    assert all(len(level["curve"]) == len(shown) == 2 for level in data["levels"])
    for name in ("kl", "parts", "scores"):
        assert data["figures"][name]["layout"]["shapes"][0]["yref"] == "paper"


def test_the_tangent_has_the_slope_that_beta_asks(shipped):
    right, top = 5000.0, 60.0
    for k, level in enumerate(shipped.levels):
        (x0, x1), (y0, y1) = tangent(shipped, k, right, top)
        x, y = figure.spent(level, shipped.sigma), level.rate
        assert 0 <= x0 <= x <= x1 <= right and -1e-9 <= y1 <= y <= y0 <= top
        assert y0 - y == pytest.approx((x - x0) / level.beta)
        assert y - y1 == pytest.approx((x1 - x) / level.beta)


def test_no_name_covers_another(shipped):
    for k in range(len(shipped.levels)):
        shown = names(shipped, k, 5000.0, 35.0)
        assert not shown[k] and sum(map(bool, shown)) >= len(shown) - 4


def test_the_marks_lie_on_the_slider(shipped):
    shares = [mark["share"] for mark in levels(shipped, 0, LIGHT, "en", False)["falls"]]
    assert shares == sorted(shares) and all(0 <= share <= 1 for share in shares)


def test_every_level_names_its_collapse(shipped):
    for k, level in enumerate(shipped.levels):
        told = read(shipped, k)
        assert level.collapse in told and told[0].code == "lab.asks"


def test_nothing_is_scored_where_nothing_is_active(shipped):
    silent = replace(shipped.levels[0], kl=(0.0,) * 8, off_target=None)
    assert np.isnan([score(silent, name) for name in ("mig", "selectivity")]).all()
    alone = replace(silent, kl=(1.0, *(0.0,) * 7), off_target=10.0)
    assert np.isnan(score(alone, "completeness"))
    awake = replace(shipped.levels[0], kl=(1.0,) * 8, off_target=130.0)
    assert score(awake, "selectivity") == 0 and score(awake, "mig") == awake.scores["mig"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_experiments_are_drawn(language):
    found = lab.experiments()
    for drawn in (
        experiments_figure.rotation(found.rotation, LIGHT, language),
        experiments_figure.correlated(found, LIGHT, language, narrow=True),
    ):
        assert json.dumps(drawn, allow_nan=False)
    turned = experiments_figure.rotation(found.rotation, LIGHT, language)
    assert len(turned["data"]) == 2 * (2 * 3 + 3)


def test_the_form_is_one_that_the_server_takes(shipped):
    filled = {name.removeprefix("train-"): value for name, value in form(shipped).items()}
    usual = {"mineral": "gypsum", "kind": "guided", "name": "", "sweep": True}
    checked = check({**defaults("guided", "gypsum"), **usual, **filled})
    assert not checked.wrong
    assert [c.beta for _, c in checked.trainings] == list(shipped.betas)
    assert all(shipped.sees(json.loads(json.dumps(c.to_dict()))) for _, c in checked.trainings)


@pytest.fixture(scope="module")
def own_runs(home, few, unexamined):
    """Two runs that differ in β, one more of another σ, and a β-TCVAE."""
    base = replace(recipe("gypsum-unsupervised"), **TINY, steps=10)
    with few():
        trained = [sv.train(replace(base, beta=b), name=f"tiny-{b:g}") for b in (30.0, 1.0)]
        with unexamined():
            for k, changed in enumerate(({"beta": 5.0, "sigma": 0.05}, {"seed": 1})):
                trained.append(sv.train(replace(base, **changed), name=f"other-{k}"))
        yield trained
    for run in trained:
        shutil.rmtree(run.folder)


def test_runs_that_differ_in_beta_are_a_sweep(own_runs):
    offer = Offer.of_this_home()
    (group,) = groups(offer.trainings.runs())
    assert list(group.runs.items()) == [(1.0, own_runs[1].id), (30.0, own_runs[0].id)]
    assert known(offer.trainings, group.id) == group.id
    found = sweep(offer.part(Needs), group.id)
    assert list(found.betas) == [1.0, 30.0] and found.linear == lab.sweep().linear
    for level, run in zip(found.levels, (own_runs[1], own_runs[0]), strict=True):
        assert level.rate == run.metrics["tradeoff"]["rate"]
        assert level.decoded.shape == (3, len(found.wavenumber))
    assert json.dumps(levels(found, 2, LIGHT, "it", False), allow_nan=False)


def test_a_run_from_before_is_measured_when_it_is_shown(own_runs):
    path = own_runs[0].folder / "metrics.json"
    stored = path.read_text(encoding="utf-8")
    older = {k: v for k, v in json.loads(stored).items() if k != "tradeoff"}
    path.write_text(json.dumps(older), encoding="utf-8")
    offer = Offer.of_this_home()
    (group,) = groups(offer.trainings.runs())
    found = sweep(offer.part(Needs), group.id)
    assert found.levels[1].rate == pytest.approx(own_runs[0].metrics["tradeoff"]["rate"])
    path.write_text(stored, encoding="utf-8")


@pytest.mark.parametrize("wanted", [None, 5, "../../etc", ["shipped"], "0000000000", ""])
def test_a_sweep_that_is_not_there_is_the_shipped_one(wanted, refused):
    offer = Offer.of_this_home()
    assert known(offer.trainings, wanted) == SHIPPED
    with refused():
        sweep(offer.part(Needs), "0000000000")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_studys_seeds_stand_beside_the_sweep(language):
    study = lab.study()
    for k in range(len(study.betas) + 1):
        drawn = study_over_beta(study, k, LIGHT, language)
        assert json.dumps(drawn, allow_nan=False)
        assert len(drawn["layout"]["shapes"]) == (k < len(study.betas))
        chosen = k < len(study.betas) and study.betas[k] == study.chosen[0]
        assert ("★" in str(seeds_table(study, k, language))) == chosen
