"""A configuration survives JSON, and one that can't work is refused with a sentence."""

from __future__ import annotations

import dataclasses
import json
import math
import tomllib
from importlib import resources

import pytest

from spectra_vae.runs.train import train
from spectra_vae.simulation.instrument import PRESETS
from spectra_vae.text.message import SpectraVaeError
from spectra_vae.vae.config import ConfigError, TrainConfig
from spectra_vae.vae.schedule import KINDS, Schedule

FILES = (resources.files("spectra_vae") / "recipes").iterdir()
RECIPES = sorted((f for f in FILES if f.name.endswith(".toml")), key=lambda f: f.name)


def there_and_back(config: TrainConfig) -> TrainConfig:
    return TrainConfig.from_dict(json.loads(json.dumps(config.to_dict(), allow_nan=False)))


@pytest.mark.parametrize(
    "config",
    [
        TrainConfig(),
        TrainConfig(supervision="guided", guided={"hydration": 3, "shift": 0}),
        TrainConfig(variational=False, latents=3, encoder=(7,), decoder=(5, 6, 7)),
        TrainConfig(emphasis=((1300.0, 4001.0, 3.0),), seed=2**32 - 1),
        TrainConfig(supervision="pairs", guided={"hydration": 3, "shift": 0}),
        TrainConfig(supervision="ada", partner=PRESETS["portable-785"]),
        TrainConfig(
            supervision="guided",
            guided={"hydration": 3},
            partner=PRESETS["rasetti"],
            agreement=10.0,
        ),
        TrainConfig(total_correlation=True, correlation=("hydration", "shift", -0.5)),
        TrainConfig(vary=("hydration", "crystallinity")),
        TrainConfig(vary={"hydration": (0.5, 1.5), "purity": (2.0, 3.0)}, counts=(10.0, 100.0)),
        *(TrainConfig(schedule=Schedule(kind, 0.3, 2, 5.0)) for kind in KINDS),
        *(TrainConfig(instrument=device) for device in PRESETS.values()),
    ],
)
def test_json_keeps_a_configuration(config):
    assert there_and_back(config) == config


@pytest.mark.parametrize("file", RECIPES, ids=lambda f: f.name)
def test_shipped_recipes_are_configurations(file):
    config = TrainConfig.from_dict(tomllib.loads(file.read_text(encoding="utf-8")))
    assert there_and_back(config) == config


def test_the_shipped_recipe_gives_the_factors_their_neurons():
    text = (resources.files("spectra_vae") / "recipes" / "gypsum.toml").read_text(encoding="utf-8")
    config = TrainConfig.from_dict(tomllib.loads(text))
    wanted = {"hydration": 3, "crystallinity": 5, "intensity": 4, "purity": 6, "shift": 7}
    assert config.is_guided and config.guided == wanted and config.latents == 8


def test_a_configuration_from_before_has_none_of_the_new_settings():
    old = TrainConfig().to_dict()
    for name in ("total_correlation", "partner", "correlation", "agreement", "vary"):
        del old[name]
    assert TrainConfig.from_dict(old) == TrainConfig()


def test_an_empty_table_is_the_default():
    assert TrainConfig.from_dict({}) == TrainConfig()


def test_a_configuration_is_frozen():
    with pytest.raises(dataclasses.FrozenInstanceError):
        TrainConfig().beta = 2.0


BAD_NUMBERS = [
    ("beta", -1.0),
    ("beta", math.nan),
    ("beta", math.inf),
    ("beta", "1"),
    ("beta", True),
    ("beta", None),
    ("beta_guided", -0.1),
    ("guidance", -5),
    ("spectra", 0),
    ("spectra", 63),
    ("spectra", 100.0),
    ("spectra", 10**9),
    ("latents", 0),
    ("latents", 2.5),
    ("latents", 65),
    ("steps", 0),
    ("steps", 1e3),
    ("batch", 1),
    ("learning_rate", 0),
    ("learning_rate", 2),
    ("clip", 0),
    ("sigma", 0),
    ("sigma", [0.1]),
    ("seed", -1),
    ("seed", 1.5),
    ("encoder", (0,)),
    ("decoder", (64, 10**6)),
]


@pytest.mark.parametrize(("name", "value"), BAD_NUMBERS)
def test_a_number_out_of_its_limits_is_refused_by_name(name, value, refused):
    with refused(ConfigError) as caught:
        TrainConfig(**{name: value})
    assert name in str(caught.value) or name in {"encoder", "decoder"}
    with refused(ConfigError):
        TrainConfig.from_dict({name: value})


BAD_TABLES = [
    {"colour": 1},
    {"supervision": "magic"},
    {"supervision": 3},
    {"supervision": "guided"},
    {"supervision": "guided", "guided": {"hydration": 3}, "variational": False},
    {"guided": {"hydration": 1, "shift": 1}},
    {"guided": {"hydration": 8}},
    {"guided": {"hydration": -1}},
    {"guided": {"hydration": "3"}},
    {"guided": 3},
    {"schedule": {"kind": "weird"}},
    {"schedule": {"knd": "linear"}},
    {"schedule": "linear"},
    {"instrument": {"lamp": 1}},
    {"instrument": 3},
    {"supervision": "pairs"},
    {"supervision": "pairs", "guided": {"hydration": 3}, "variational": False},
    {"supervision": "ada", "variational": False},
    {"supervision": "ada", "batch": 33},
    {"supervision": "ada", "spectra": 601},
    {"total_correlation": 1},
    {"total_correlation": True, "supervision": "ada"},
    {"total_correlation": True, "variational": False},
    {"total_correlation": True, "schedule": {"kind": "capacity"}},
    {"partner": {"lamp": 1}},
    {"agreement": 1.0},
    {"agreement": 1.0, "partner": {}},
    {"agreement": 1.0, "partner": {}, "supervision": "guided", "guided": {"shift": 3}},
    {
        "agreement": 1.0,
        "partner": {},
        "supervision": "guided",
        "guided": {"hydration": 3},
        "correlation": ["hydration", "shift", 0.5],
    },
    {"partner": {}, "batch": 33},
    {"partner": {"ranges": [[[10.0, 20.0]]]}},
    {"correlation": 3},
    {"correlation": ["hydration", "shift"]},
    {"correlation": ["hydration", "hydration", 0.5]},
    {"correlation": ["hydration", "shift", 1.0]},
    {"correlation": ["hydration", "shift", "much"]},
    {"correlation": ["hydration", "shift", math.nan]},
    {"encoder": 3},
    {"emphasis": 3},
    {"vary": "hydration"},
    {"vary": 3},
    {"vary": {"hydration": 1}},
    {"vary": {"hydration": [0.5, 0.5]}},
    {"vary": {"hydration": [1.5, 0.0]}},
    {"vary": {"hydration": [0.0, 1.6]}},
    {"vary": {"hydration": [-0.1, 1.0]}},
    {"vary": {"hydration": [0.0, math.nan]}},
    {"vary": {"hydration": ["low", "high"]}},
    {"vary": ["purity"]},
    {"vary": ["hydration"], "supervision": "guided", "guided": {"shift": 7}},
    {"vary": ["hydration"], "correlation": ["hydration", "shift", 0.5]},
]


@pytest.mark.parametrize("table", BAD_TABLES, ids=str)
def test_a_table_that_cannot_work_is_refused(table, refused):
    with refused(ConfigError):
        TrainConfig.from_dict(table)


@pytest.mark.parametrize(
    "table",
    [
        {"guided": {"wetness": 1}},
        {"vary": ["wetness"]},
        {"vary": {"wetness": [0.0, 1.0]}},
        {"vary": [3]},
        {"correlation": ["hydration", "wetness", 0.5]},
        {"partner": {"power": -1.0}},
        {"mineral": "granite"},
        {"mineral": 3},
        {"instrument": {"power": -1.0}},
        {"instrument": {"power": "much"}},
        {"instrument": {"ranges": []}},
        {"instrument": {"resolution": 0.0}},
    ],
    ids=str,
)
def test_an_unknown_mineral_or_factor_or_a_bad_instrument_is_refused(table, refused):
    with refused(SpectraVaeError):
        TrainConfig.from_dict(table)


@pytest.mark.parametrize("values", [None, [], 3, "gypsum"])
def test_what_is_no_table_is_refused(values, refused):
    with refused(ConfigError):
        TrainConfig.from_dict(values)
    with refused(ConfigError):
        train(values)


def test_an_unknown_field_is_named(refused):
    with refused(ConfigError) as caught:
        TrainConfig.from_dict({"betta": 3})
    assert "betta" in str(caught.value)
