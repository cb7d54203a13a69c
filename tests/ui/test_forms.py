"""The training form: what a page may send, and what is said of the rest."""

from __future__ import annotations

from dataclasses import replace

import pytest

from spectra_vae.minerals import mineral
from spectra_vae.recipes import recipe, settings
from spectra_vae.recipes.made import made
from spectra_vae.text.message import LANGUAGES, say
from spectra_vae.ui.components.training_form import KINDS_OF_TRAINING, NUMBERS, check, defaults
from spectra_vae.ui.views.training.form_callbacks import BROUGHT, brought, checked
from spectra_vae.ui.views.training.form_layout import FIELDS
from spectra_vae.vae.config import ConfigError


def form(kind="guided", **values):
    return {**defaults(kind, "gypsum"), "mineral": "gypsum", "kind": kind, **values}


@pytest.mark.parametrize("kind", KINDS_OF_TRAINING)
def test_the_defaults_are_the_recipe(kind):
    ((name, config),) = check(form(kind)).trainings
    assert config == recipe("gypsum" + KINDS_OF_TRAINING[kind])
    assert name == f"gypsum-{kind}-b{config.beta:g}-s{config.seed}"


@pytest.mark.parametrize("field", NUMBERS)
@pytest.mark.parametrize("given", [None, "", "x", "1e999", "nan", -1e12, 1e12, [], {}])
def test_a_number_out_of_its_limits_is_said_beside_its_field(field, given):
    checked = check(form(**{field: given}))
    assert not checked.trainings and set(checked.wrong) == {field}
    for language in LANGUAGES:
        assert say(checked.wrong[field], language).endswith(".")


def test_all_that_is_wrong_is_said_at_once():
    checked = check(form(steps=3, sigma=99, counts_from=500, counts_to=100, schedule="sudden"))
    assert set(checked.wrong) == {"steps", "sigma", "counts_to", "schedule"}


def test_settings_reach_the_configuration():
    values = {
        "beta": 7,
        "schedule": "cyclical",
        "warmup": 40,
        "cycles": 3,
        "sigma": 0.03,
        "spectra": 3000,
        "steps": 900,
        "seed": 11,
        "counts_from": 100,
        "counts_to": 1000,
        "orientation": False,
        "factor_a": "hydration",
        "factor_b": "crystallinity",
        "rho": 0.9,
        "name": "  my   run ",
    }
    ((name, c),) = check(form("none", **values)).trainings
    assert name == "my run"
    assert (c.beta, c.sigma, c.spectra, c.steps, c.seed) == (7, 0.03, 3000, 900, 11)
    assert (c.schedule.kind, c.schedule.warmup, c.schedule.cycles) == ("cyclical", 0.4, 3)
    assert c.counts == (100, 1000) and c.instrument.orientation is None
    assert c.correlation == ("hydration", "crystallinity", 0.9)


def test_what_two_factors_must_be_is_said():
    checked = check(form("none", factor_a="hydration", factor_b="hydration", rho=0.5))
    assert set(checked.wrong) == {"rho"}


def test_a_sweep_is_a_grid():
    grid = form(sweep=True, kinds=["none", "plain"], betas="1, 10;10", seeds="0,1,2")
    trainings = check(grid).trainings
    assert len(trainings) == 2 * 2 * 3 and len({name for name, _ in trainings}) == 12
    assert {c.beta for _, c in trainings} == {1, 10} and {c.seed for _, c in trainings} == {0, 1, 2}
    for wrong in ({"betas": "1, x"}, {"seeds": ""}, {"seeds": "1.5"}, {"kinds": []}):
        assert set(check({**grid, **wrong}).wrong) == set(wrong)
    assert set(check({**grid, "seeds": ",".join(map(str, range(30)))}).wrong) == {"seeds"}


def test_an_unknown_kind_is_the_guided_one():
    ((_, c),) = check(form("guided") | {"kind": "../../etc"}).trainings
    assert c.supervision == "guided"


def test_another_kind_leaves_what_was_typed():
    first = defaults("guided", "gypsum")
    untouched = brought("none", "guided", "gypsum", first)
    assert untouched == {name: defaults("none", "gypsum")[name] for name in BROUGHT}
    typed = brought("none", "guided", "gypsum", {**first, "beta": 7, "steps": 600, "spectra": None})
    assert set(untouched) - set(typed) == {"beta", "steps", "spectra"}


@pytest.mark.parametrize("name", ["gypsum", "Gypsum-Bridge"])
def test_a_run_is_not_called_like_a_shipped_model(name):
    values = {**form(name=name), "sweep": "one"}
    found = checked([values.get(field) for field in FIELDS])
    assert not found.trainings and set(found.wrong) == {"name"}
    assert checked([{**values, "name": "mine"}.get(field) for field in FIELDS]).trainings


def test_what_varies_reaches_the_configuration():
    ((_, c),) = check(form("study")).trainings
    assert list(c.varying) == ["hydration", "crystallinity"]
    ((_, c),) = check(form("none", vary=["shift", "hydration"])).trainings
    assert list(c.varying) == ["hydration", "shift"]
    narrowed = form("study", ranges="crystallinity=0.2:0.8")
    ((_, c),) = check(narrowed).trainings
    assert c.varying["crystallinity"] == (0.2, 0.8) and len(c.varying) == 2
    everything = defaults("none", "gypsum")["vary"]
    ((_, c),) = check(form("none", vary=everything)).trainings
    assert not c.vary


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"vary": []}, "vary"),
        ({"vary": None}, "vary"),
        ({"vary": ["purity"]}, "vary"),
        ({"vary": ["../etc"]}, "vary"),
        ({"ranges": "shift=0:1"}, "vary"),
        ({"ranges": "crystallinity=0.5"}, "ranges"),
        ({"ranges": "crystallinity=0.5:9"}, "ranges"),
        ({"ranges": ","}, "ranges"),
        ({"ranges": "<b>=0:1"}, "ranges"),
    ],
)
def test_what_cannot_vary_is_said_beside_its_field(values, field):
    found = check(form("study", **values))
    assert not found.trainings and set(found.wrong) == {field}
    for language in LANGUAGES:
        assert say(found.wrong[field], language).endswith(".")


def test_the_study_is_any_minerals_with_a_strength_and_a_width():
    gypsum = mineral("gypsum")
    for kind in ("study", "study-robust"):
        found = made(gypsum, kind, settings(kind))
        shipped = recipe(f"gypsum-{kind}")
        assert found.varying == shipped.varying
        assert (found.beta, found.seed, found.steps) == (shipped.beta, shipped.seed, shipped.steps)
    alone = replace(gypsum, factors=tuple(f for f in gypsum.factors if f.effect != "strength"))
    with pytest.raises(ConfigError):
        made(alone, "study", settings("study"))
