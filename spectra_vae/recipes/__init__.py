"""Trainings: those that ship, one of each kind for every mineral, and any from a file."""

from __future__ import annotations

import functools
import json
import tomllib
from importlib import resources
from pathlib import Path
from typing import Any

from ..minerals import Mineral, MineralError, mineral
from ..vae.config import ConfigError, TrainConfig
from .made import made

# What follows a mineral's name, and the kind of training it means.
KINDS = {
    "": "guided",
    "-pairs": "pairs",
    "-ada": "ada",
    "-tcvae": "tcvae",
    "-unsupervised": "unsupervised",
    "-study-robust": "study-robust",
    "-robust": "robust",
    "-bridge": "bridge",
    "-study": "study",
}


def names() -> tuple[str, ...]:
    """The recipes that ship: what was tuned for a mineral stands in them."""
    folder = resources.files(__package__)
    return tuple(
        sorted(f.name.removesuffix(".toml") for f in folder.iterdir() if f.name.endswith(".toml"))
    )


def recipe(name: str) -> TrainConfig:
    """A configuration by a name, or from a TOML or JSON file.

    A name is that of a shipped recipe, or a mineral's with one of the endings of :data:`KINDS`
    ("calcite-unsupervised"; without one: guided).

    Raises
    ------
    SpectraVaeError
        No such recipe, mineral or file, or one that holds no configuration.
    """
    try:
        if name in names():
            shipped = resources.files(__package__) / f"{name}.toml"
            return TrainConfig.from_dict(tomllib.loads(shipped.read_text(encoding="utf-8")))
        known = _of_a_mineral(name)
        if known is not None:
            return made(known[0], known[1], settings(known[1]))
        path = Path(name)
        if not path.is_file():
            raise ConfigError("error.no_recipe", name=name[:80], known=", ".join(names()))
        text = path.read_text(encoding="utf-8")
        values = json.loads(text) if path.suffix == ".json" else tomllib.loads(text)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, json.JSONDecodeError) as wrong:
        raise ConfigError("error.config_shape", why=str(wrong)[:120]) from None
    return TrainConfig.from_dict(values)


@functools.cache
def settings(kind: str) -> dict[str, Any]:
    """What a kind of training sets, whatever the mineral."""
    file = resources.files(__package__).joinpath("kinds", f"{kind}.toml")
    return tomllib.loads(file.read_text(encoding="utf-8"))


def _of_a_mineral(name: str) -> tuple[Mineral, str] | None:
    """The mineral that a recipe's name begins with, and the kind it ends with."""
    for ending, kind in sorted(KINDS.items(), key=lambda one: -len(one[0])):
        if name.endswith(ending):
            try:
                return mineral(name.removesuffix(ending)), kind
            except MineralError as refusal:
                if refusal.message.code != "error.unknown_mineral":
                    raise
    return None
