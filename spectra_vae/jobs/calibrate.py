"""How fast this machine trains: a few steps in a fresh interpreter, then what trainings took.

``python -m spectra_vae.jobs.calibrate`` prints the seconds a step and a simulated spectrum take.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from .queue import Queue

KEY = "speed"
SPECTRA = 2_000
STEPS = 12
START_SECONDS = 4.0  # a fresh interpreter, torch
EVALUATE_SECONDS = 6.0


@dataclass(frozen=True)
class Speed:
    """Seconds a training step and a simulated spectrum take.

    ``learnt``: a step's seconds in the last training of each :func:`_kind`.
    """

    step: float
    spectrum: float
    learnt: Mapping[str, float] = field(default_factory=dict)

    def seconds(self, config: Mapping[str, Any]) -> float:
        """How long the training of a configuration takes, about."""
        step = self.learnt.get(_kind(config), self.step)
        trained = self.spectrum * int(config["spectra"]) + step * int(config["steps"])
        return START_SECONDS + trained + EVALUATE_SECONDS


def known(queue: Queue) -> Speed | None:
    """What was measured before."""
    text = queue.store.get(KEY)
    return None if text is None else Speed(**json.loads(text))


def learn(queue: Queue, config: Mapping[str, Any], step: float) -> None:
    """A whole training knows better than a few steps what one takes, in seconds."""
    before = known(queue)
    if before is not None:
        learnt = {**before.learnt, _kind(config): step}
        queue.store.set(KEY, json.dumps(asdict(replace(before, learnt=learnt))))


def _kind(config: Mapping[str, Any]) -> str:
    """What a step's time hangs on, as a key."""
    asked = ("supervision", "variational", "total_correlation", "batch", "encoder", "decoder")
    return json.dumps([config.get(name) for name in asked])


def measure(queue: Queue) -> None:
    """Measure in another process and remember; takes about five seconds."""
    command = [sys.executable, "-m", "spectra_vae.jobs.calibrate"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    if done.returncode == 0:
        queue.store.set(KEY, json.dumps(json.loads(done.stdout)))


def main() -> None:
    from ..vae.config import TrainConfig
    from ..vae.data import training_set
    from ..vae.train import steps

    config = TrainConfig(spectra=SPECTRA, steps=STEPS + 2)
    start = time.perf_counter()
    data = training_set(config)
    simulated = time.perf_counter()
    trained = [time.perf_counter() for _ in steps(config, data)]
    step = (trained[-2] - trained[1]) / (len(trained) - 3)  # the first one warms up
    print(json.dumps({"step": step, "spectrum": (simulated - start) / SPECTRA}))


if __name__ == "__main__":
    main()
