"""Where a training stands, on disk: one file from which it goes on as if nothing had happened.

Weights, Adam's moments and the random generators are tensors of a safetensors file; step, seconds,
configuration and the numbers of the last step are JSON in its header. The file is written under
another name and renamed, so a process that is killed leaves the previous state as it was.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor

from ..minerals import parse, to_table
from ..text.message import SpectraVaeError
from .config import TrainConfig
from .header import CheckpointError, short

FILE = "resume.safetensors"
FORMAT = "1"


@dataclass(frozen=True, eq=False)
class State:
    """A training after ``number`` steps and ``seconds``.

    ``tensors``: ``model.<name>``, ``adam.<name>.<moment>`` (float32) and ``random.<device>``
    (bytes); ``random``: state of the numpy generator that draws the batches; ``last``: the losses
    of the last step, by name.
    """

    config: TrainConfig
    number: int
    seconds: float
    last: Mapping[str, Any]
    random: Mapping[str, Any]
    tensors: Mapping[str, Tensor]


class Resumable(Protocol):
    """What has a state: a :class:`~spectra_vae.vae.train.Step`."""

    def state(self) -> State: ...


def save(folder: Path, of: State | Resumable) -> None:
    """Write the state of a training into its folder, whole or not at all."""
    state = of if isinstance(of, State) else of.state()
    facts = {
        "mineral": to_table(state.config.substance),
        "config": state.config.to_dict(),
        "number": state.number,
        "seconds": state.seconds,
        "last": state.last,
        "random": state.random,
    }
    header = {"format": FORMAT, "state": json.dumps(facts, allow_nan=False)}
    partial = folder / (FILE + ".partial")
    save_file(dict(state.tensors), partial, metadata=header)
    partial.chmod(0o644)  # as the other files: safetensors writes for its owner only
    partial.replace(folder / FILE)


def load(folder: Path) -> State | None:
    """The state saved in a folder; None where there is none.

    Raises
    ------
    CheckpointError
        The file is torn, of another format, or no state at all.
    """
    path = folder / FILE
    try:
        with safe_open(path, framework="pt") as file:
            header = file.metadata() or {}
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
        if header["format"] != FORMAT:
            raise ValueError(f"format {header['format'][:20]}")
        facts = json.loads(header["state"])
        own = parse(facts["mineral"]) if "mineral" in facts else None
        return State(
            config=TrainConfig.from_dict(facts["config"], own),
            number=int(facts["number"]),
            seconds=float(facts["seconds"]),
            last=dict(facts["last"]),
            random=dict(facts["random"]),
            tensors=tensors,
        )
    except FileNotFoundError:
        return None
    except SpectraVaeError as wrong:
        raise CheckpointError("error.resume_broken", name=folder.name, why=wrong.message) from None
    except (OSError, SafetensorError, KeyError, TypeError, ValueError) as wrong:
        raise CheckpointError("error.resume_broken", name=folder.name, why=short(wrong)) from None
