"""Finished experiments as plain data, shipped as JSON: what β, seeds and correlations do.

``python -m benchmarks.sweep --write``, ``python -m benchmarks.experiments write`` and
``python -m benchmarks.study --write`` make the files again.
"""

from __future__ import annotations

import functools
import json
from importlib import resources
from pathlib import Path
from typing import Any

from .experiments import Experiments
from .study import Study
from .sweep import Sweep

SWEEP, EXPERIMENTS, STUDY = "sweep.json", "experiments.json", "study.json"


def place(name: str) -> Path:
    """Where a shipped file lies."""
    return Path(str(resources.files(__package__).joinpath("data", name)))


@functools.cache
def sweep() -> Sweep:
    """The sweep of β that ships."""
    return Sweep.from_dict(_read(SWEEP))


@functools.cache
def experiments() -> Experiments:
    """Rotation and correlated factors, as they ship."""
    return Experiments.from_dict(_read(EXPERIMENTS))


@functools.cache
def study() -> Study:
    """The original study's conditions over β and seeds, as they ship."""
    return Study.from_dict(_read(STUDY))


def _read(name: str) -> dict[str, Any]:
    return dict(json.loads(place(name).read_text(encoding="utf-8")))
