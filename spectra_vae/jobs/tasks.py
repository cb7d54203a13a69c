"""What jobs can do. A task takes a way to tell its progress and a ticket of JSON values."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ..vae.train import Step

Tell = Callable[[list[Any]], None]
TELL_SECONDS = 0.3


def train(tell: Tell, ticket: Mapping[str, Any]) -> dict[str, Any]:
    """Train the configuration of a ticket into its run; go on where an earlier attempt stopped.

    ``ticket``: ``run`` (id), ``name``, ``config``. ``tell`` may raise to stop the training, whose
    state is saved then. Returns ``{"run": id, "step_seconds": seconds that a step took}``.
    """
    from ..runs import train as runs
    from ..storage.runs import read_run, run_folder, title_model
    from ..vae.config import TrainConfig

    last = 0.0

    def on_step(step: Step) -> None:
        nonlocal last
        now = time.monotonic()
        if now - last >= TELL_SECONDS:
            last = now
            tell([step.number, step.steps])

    config = TrainConfig.from_dict(ticket["config"])
    folder = run_folder(str(ticket["run"]))
    runs.train(config, on_step, name=str(ticket["name"]), folder=folder, resume=True)
    title_model(folder)  # it may have been renamed meanwhile
    return {"run": folder.name, "step_seconds": read_run(folder)["seconds"] / config.steps}


TASKS: Mapping[str, Callable[[Tell, Mapping[str, Any]], dict[str, Any]]] = {"train": train}
