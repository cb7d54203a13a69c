"""How fast this machine trains: a few steps in a fresh interpreter, then what trainings took.

``python -m spectra_vae.jobs.calibrate`` prints the seconds a step and a simulated spectrum take.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from dataclasses import asdict, dataclass, replace

from .queue import Queue

KEY = "speed"
SPECTRA = 2_000
STEPS = 12
START_SECONDS = 4.0  # a fresh interpreter, torch
EVALUATE_SECONDS = 6.0


@dataclass(frozen=True)
class Speed:
    """Seconds a training step and a simulated spectrum take."""

    step: float
    spectrum: float

    def seconds(self, steps: int, spectra: int) -> float:
        """How long a training takes, about."""
        return START_SECONDS + self.spectrum * spectra + self.step * steps + EVALUATE_SECONDS


def known(queue: Queue) -> Speed | None:
    """What was measured before."""
    text = queue.store.get(KEY)
    return None if text is None else Speed(**json.loads(text))


def learn(queue: Queue, step: float) -> None:
    """A whole training knows better than a few steps what a step takes, in seconds."""
    before = known(queue)
    if before is not None:
        queue.store.set(KEY, json.dumps(asdict(replace(before, step=step))))


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
