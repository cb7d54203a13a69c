"""How fast this machine trains: a few steps in a fresh interpreter, then what trainings took.

``python -m spectra_vae.jobs.speed`` prints the seconds a step and a simulated spectrum take.
"""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from filelock import FileLock

from ..storage.models import home
from ..vae.header import write_json

MEASURED_SPECTRA = 2_000
MEASURED_STEPS = 12
MEASURE_SECONDS_LIMIT = 120
START_SECONDS = 4.0  # a fresh interpreter, torch
EVALUATE_SECONDS = 6.0


@dataclass(frozen=True)
class Speed:
    """Seconds a training step and a simulated spectrum take.

    ``learnt``: a step's seconds in the last training of each :func:`_sort`.
    """

    step: float
    spectrum: float
    learnt: Mapping[str, float] = field(default_factory=dict)

    def seconds(self, config: Mapping[str, Any]) -> float:
        """How long the training of a configuration takes, about."""
        step = self.learnt.get(_sort(config), self.step)
        trained = self.spectrum * int(config["spectra"]) + step * int(config["steps"])
        return START_SECONDS + trained + EVALUATE_SECONDS


def speed_file() -> Path:
    """Beside the queue and not in it: machines that share one differ in speed."""
    return home() / "speed.json"


def known() -> Speed | None:
    """What was measured before."""
    try:
        return Speed(**json.loads(speed_file().read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError):
        return None


def remember(speed: Speed) -> None:
    """Keep what was measured."""
    speed_file().parent.mkdir(parents=True, exist_ok=True)
    write_json(speed_file(), asdict(speed))


def learn(config: Mapping[str, Any], step: float) -> None:
    """A whole training knows better than a few steps what one takes, in seconds."""
    with contextlib.suppress(OSError), FileLock(speed_file().with_suffix(".lock")):
        before = known()
        if before is not None:
            remember(replace(before, learnt={**before.learnt, _sort(config): step}))


def _sort(config: Mapping[str, Any]) -> str:
    """What a step's time hangs on, as a key."""
    asked = ("supervision", "variational", "total_correlation", "batch", "encoder", "decoder")
    return json.dumps([config.get(name) for name in asked])


def measure() -> Speed | None:
    """Measure in another process and remember; takes about five seconds. None: it failed."""
    done = subprocess.run(
        [sys.executable, "-m", "spectra_vae.jobs.speed"],
        capture_output=True,
        text=True,
        timeout=MEASURE_SECONDS_LIMIT,
        check=False,
    )
    if done.returncode != 0:
        return None
    speed = Speed(**json.loads(done.stdout))
    with contextlib.suppress(OSError):  # a home that can't be written to: whoever asked knows it
        remember(speed)
    return speed


def main() -> None:
    from ..vae.config import TrainConfig
    from ..vae.data import training_set
    from ..vae.train import steps

    config = TrainConfig(spectra=MEASURED_SPECTRA, steps=MEASURED_STEPS + 2)
    start = time.perf_counter()
    data = training_set(config)
    simulated = time.perf_counter()
    trained = [time.perf_counter() for _ in steps(config, data)]
    step = (trained[-2] - trained[1]) / (len(trained) - 3)  # the first one warms up
    print(json.dumps({"step": step, "spectrum": (simulated - start) / MEASURED_SPECTRA}))


if __name__ == "__main__":
    main()
