"""What a training leaves behind while it runs: history, a live picture, a state to resume from."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import numpy as np

from ..storage.runs import HISTORY, LIVE
from ..vae import resume
from ..vae.header import write_json
from ..vae.train import Step

HISTORY_ROWS = 200
ROW_SECONDS = 1.0
LIVE_SECONDS = 0.8
STATE_SECONDS = 10.0
MAP_POINTS = 400


class Recorder:
    """Writes a training's progress into its run folder, seldom enough to cost it next to nothing.

    A row of history at least once a second, the live picture every 0.8 s, the state every 10 s:
    what a crash can cost.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._row = self._live = 0.0
        self._state = time.monotonic()
        self._history = (folder / HISTORY).open("a", encoding="utf-8")

    def see(self, step: Step) -> None:
        """Take a step in; most of them are let go."""
        now, last = time.monotonic(), step.number == step.steps
        every = max(1, step.steps // HISTORY_ROWS)
        if last or step.number % every == 0 or now - self._row >= ROW_SECONDS:
            self._row = now
            self._history.write(json.dumps(row(step)) + "\n")
            self._history.flush()
        if last or now - self._live >= LIVE_SECONDS:
            write_json(self.folder / LIVE, live(step))
            self._live = time.monotonic()
        if not last and now - self._state >= STATE_SECONDS:
            self.save(step)

    def save(self, step: Step) -> None:
        """Keep a state from which the training can go on."""
        resume.save(self.folder, step)
        self._state = time.monotonic()

    def close(self) -> None:
        self._history.close()


def row(step: Step) -> dict[str, Any]:
    """A step as a line of ``history.jsonl``."""
    return {
        "step": step.number,
        "loss": round(step.loss, 4),
        "reconstruction": round(step.reconstruction, 4),
        "kl": [round(float(k), 4) for k in step.kl],
        "guidance": round(step.guidance, 4),
        "beta": step.beta,
        "seconds": round(step.seconds, 2),
    }


def live(step: Step) -> dict[str, Any]:
    """A step as a picture: a spectrum the model hasn't seen, and what its neurons move."""
    sample = step.sample
    thin = max(1, len(step.wavenumber) // MAP_POINTS)
    error = np.asarray(sample.reconstruction) - np.asarray(sample.target)
    return {
        **row(step),
        "steps": step.steps,
        "time": round(time.time(), 2),
        "rmse": float(np.sqrt(np.mean(error**2))),
        "wavenumber": np.round(step.wavenumber, 2).tolist(),
        "dirty": [
            round(float(v), 4) if seen else None
            for v, seen in zip(sample.dirty, sample.mask, strict=True)
        ],
        "target": np.round(sample.target.astype(float), 4).tolist(),
        "reconstruction_of": np.round(sample.reconstruction.astype(float), 4).tolist(),
        "map_wavenumber": np.round(step.wavenumber[::thin], 2).tolist(),
        "map": np.round(step.sensitivity[:, ::thin].astype(float), 5).tolist(),
    }
