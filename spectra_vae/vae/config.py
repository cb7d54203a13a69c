"""What a training is: one frozen configuration, checked when it is made, JSON in and out."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from ..minerals import Mineral
from ..simulation.instrument import Instrument, Range
from ..text.message import SpectraVaeError
from .ranges import ConfigError, ranges
from .schedule import Schedule
from .settings import SUPERVISIONS, Settings, Supervision
from .validation import check

__all__ = ["SUPERVISIONS", "ConfigError", "Supervision", "TrainConfig"]


@dataclass(frozen=True)
class TrainConfig(Settings):
    """A training, whole: settings that can work, JSON in and out.

    Raises
    ------
    ConfigError
        They can't: a value out of its limits, or settings that exclude each other.

    >>> TrainConfig(mineral="calcite", vary={"shift": (-2, 2)}).varying
    {'shift': (-2.0, 2.0)}
    """

    def __post_init__(self) -> None:
        for f in dataclasses.fields(self):  # numpy's numbers are numbers
            value = getattr(self, f.name)
            if isinstance(value, np.generic):
                object.__setattr__(self, f.name, value.item())
        try:
            object.__setattr__(self, "vary", ranges(self.substance, self.vary))
            check(self)
        except SpectraVaeError:
            raise
        except (TypeError, KeyError, ValueError, AttributeError) as wrong:
            raise ConfigError("error.config_shape", why=str(wrong)[:200]) from None

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values; :meth:`from_dict` reads them back."""
        names = (f.name for f in dataclasses.fields(self) if f.name != "table")
        return {name: _plain(getattr(self, name)) for name in names}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any], table: Mineral | None = None) -> TrainConfig:
        """A configuration from JSON or TOML values; unknown fields are refused by name."""
        if not isinstance(values, Mapping):
            raise ConfigError("error.config_shape", why="not a table of settings")
        known = {f.name for f in dataclasses.fields(cls)} - {"table"}
        for name in values:
            if name not in known:
                raise ConfigError("error.unknown_field", name=str(name)[:80])
        given = dict(values)
        try:
            if "instrument" in given:
                given["instrument"] = _instrument(given["instrument"])
            if given.get("partner") is not None:
                given["partner"] = _instrument(given["partner"])
            if given.get("correlation") is not None:
                one, other, rank = given["correlation"]
                given["correlation"] = (one, other, rank)
            if given.get("counts") is not None:
                given["counts"] = _pair(given["counts"])
            if "schedule" in given:
                given["schedule"] = Schedule(**given["schedule"])
            for name in ("encoder", "decoder"):
                if name in given:
                    given[name] = tuple(given[name])
            if "emphasis" in given:
                given["emphasis"] = tuple(
                    (float(a), float(b), float(c)) for a, b, c in given["emphasis"]
                )
            return cls(**given, table=table)
        except SpectraVaeError:
            raise
        except (TypeError, KeyError, ValueError, AttributeError) as wrong:
            raise ConfigError("error.config_shape", why=str(wrong)[:200]) from None


def _instrument(values: Mapping[str, Any]) -> Instrument:
    given = dict(values)
    if "ranges" in given:
        given["ranges"] = tuple(tuple(_pair(r) for r in option) for option in given["ranges"])
    for name in ("fluorescence", "orientation", "exposure"):
        if given.get(name) is not None:
            given[name] = _pair(given[name])
    return Instrument(**given)


def _pair(values: Any) -> Range:
    low, high = values
    return float(low), float(high)


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        value = dataclasses.asdict(value)
    if isinstance(value, Mapping):
        return {k: _plain(v) for k, v in value.items()}
    if isinstance(value, (tuple, list)):
        return [_plain(v) for v in value]
    return value
