"""A model on disk: float16 safetensors and a JSON header, never a pickle.

A folder holds ``model.safetensors`` and ``model.json``. The header carries what the weights mean:
configuration, axis, neurons, versions, seed, metrics. Loading checks that they fit.
"""

from __future__ import annotations

import errno
import hashlib
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file

from ..minerals import parse, to_table
from .config import TrainConfig
from .header import FORMAT, HEADER, WEIGHTS, CheckpointError, read_header, short, write_json
from .network import DecoderOnly, SpectraVAE

MAX_BYTES = 64 * 1024**2


@dataclass(frozen=True, eq=False)
class Checkpoint:
    """A model and its header; ``digest`` is the SHA-256 of the weights' file.

    A header whose ``trained`` leaves the encoder out is that of a decoder alone.
    """

    model: SpectraVAE | DecoderOnly
    config: TrainConfig
    wavenumber: NDArray[np.float64]
    header: Mapping[str, Any]
    digest: str


def save(
    folder: Path,
    model: SpectraVAE | DecoderOnly,
    config: TrainConfig,
    wavenumber: NDArray[np.float64],
    facts: Mapping[str, Any],
) -> None:
    """Write a model; ``facts`` (JSON values) join the header. Each file is replaced whole."""
    folder.mkdir(parents=True, exist_ok=True)
    weights = {k: v.detach().cpu().half().contiguous() for k, v in model.state_dict().items()}
    header = {
        "format": FORMAT,
        "config": config.to_dict(),
        "mineral": to_table(config.substance),
        "wavenumber": [round(float(x), 6) for x in wavenumber],
        "versions": {"torch": torch.__version__, "numpy": np.__version__},
        **facts,
    }
    partial = folder / (WEIGHTS + ".partial")
    try:
        save_file(weights, partial)
    except SafetensorError as wrong:  # it says so of a full disk, too
        raise OSError(errno.ENOSPC if "No space" in str(wrong) else errno.EIO, str(wrong)) from None
    partial.chmod(0o644)  # as the other files: safetensors writes for its owner only
    header["fits"] = _seal(partial.read_bytes(), header["wavenumber"])
    partial.replace(folder / WEIGHTS)
    write_json(folder / HEADER, header)


def _seal(weights: bytes, wavenumber: list[float]) -> str:
    """What ties weights and axis to one another: copies of either, mixed, would load and lie."""
    return hashlib.sha256(weights + repr(wavenumber).encode()).hexdigest()


def load(folder: Path) -> Checkpoint:
    """Read a model, float32 in evaluation mode.

    Raises
    ------
    CheckpointError
        Files missing, truncated, of another format, or weights that don't fit the header.
    """
    header = read_header(folder)
    path = folder / WEIGHTS
    try:
        if path.stat().st_size > MAX_BYTES:
            raise CheckpointError("error.model_large", name=folder.name)
        weights = load_file(path)
        own = parse(header["mineral"]) if "mineral" in header else None
        config = TrainConfig.from_dict(header["config"], own)
        wavenumber = np.array(header["wavenumber"], dtype=np.float64)
    except (OSError, SafetensorError, KeyError, TypeError, ValueError) as wrong:
        if isinstance(wrong, CheckpointError):
            raise
        raise CheckpointError("error.model_broken", name=folder.name, why=short(wrong)) from None
    ends = wavenumber.ndim == 1 and len(wavenumber) > 1 and np.isfinite(wavenumber[[0, -1]]).all()
    if not ends or not (np.diff(wavenumber) > 0).all():
        raise CheckpointError("error.model_axis", name=folder.name)
    whole = "encoder" in header.get("trained", ("encoder",))
    model = (SpectraVAE if whole else DecoderOnly)(config, len(wavenumber))
    _check_fit(folder.name, model, weights)
    data = path.read_bytes()
    if header.get("fits") not in (None, _seal(data, header["wavenumber"])):
        raise CheckpointError("error.model_mixed", name=folder.name)
    model.load_state_dict({k: v.float() for k, v in weights.items()})
    model.eval().requires_grad_(False)
    digest = hashlib.sha256(data).hexdigest()
    return Checkpoint(model, config, wavenumber, header, digest)


def _check_fit(name: str, model: torch.nn.Module, weights: Mapping[str, torch.Tensor]) -> None:
    expected = {k: tuple(v.shape) for k, v in model.state_dict().items()}
    found = {k: tuple(v.shape) for k, v in weights.items()}
    for key in expected.keys() | found.keys():
        if expected.get(key) != found.get(key):
            raise CheckpointError(
                "error.model_fit",
                name=name,
                part=key,
                found=str(found.get(key)),
                expected=str(expected.get(key)),
            )
    if not all(math.isfinite(float(v.float().abs().max())) for v in weights.values()):
        raise CheckpointError("error.model_broken", name=name, why="weights that are not finite")
