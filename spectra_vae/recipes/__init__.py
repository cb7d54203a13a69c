"""Trainings that ship, and any other from a TOML or JSON file."""

from __future__ import annotations

import json
import tomllib
from importlib import resources
from pathlib import Path

from ..vae.config import ConfigError, TrainConfig


def names() -> tuple[str, ...]:
    folder = resources.files(__package__)
    return tuple(
        sorted(f.name.removesuffix(".toml") for f in folder.iterdir() if f.name.endswith(".toml"))
    )


def recipe(name: str) -> TrainConfig:
    """A configuration by the name of a shipped recipe, or from a TOML or JSON file.

    Raises
    ------
    ConfigError
        No such recipe or file, or one that holds no configuration.
    """
    try:
        if name in names():
            shipped = resources.files(__package__) / f"{name}.toml"
            return TrainConfig.from_dict(tomllib.loads(shipped.read_text(encoding="utf-8")))
        path = Path(name)
        if not path.is_file():
            raise ConfigError("error.no_recipe", name=name[:80], known=", ".join(names()))
        text = path.read_text(encoding="utf-8")
        values = json.loads(text) if path.suffix == ".json" else tomllib.loads(text)
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, json.JSONDecodeError) as wrong:
        raise ConfigError("error.config_shape", why=str(wrong)[:120]) from None
    return TrainConfig.from_dict(values)
