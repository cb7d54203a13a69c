"""Any mineral as a model, without a training: the shared features with this mineral's readout.

A readout is solved once for a table as it stands and kept in the home, as any model is, in
``cache/readouts/KEY``: the key is a hash of the table and of the features, so that another table
is another readout. A copy that was damaged is solved anew. Once somebody trained an encoder to it,
the whole model stands in ``cache/encoders/KEY``.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
import time
from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from ..minerals import Mineral, home, to_table
from ..recipes import settings
from ..recipes.made import made, neurons_of
from ..vae import checkpoint
from ..vae.config import TrainConfig
from ..vae.header import HEADER, CheckpointError, read_header, write_json
from ..vae.network import DecoderOnly
from .neuron import Neuron
from .shared_decoder import EACH, SHAPES, copies, left_over, solved
from .shared_features import Shipped, shipped_features

VERSION = 1  # of how readouts are solved: another one makes other keys
REACH = 3.0  # codes either side that a slider covers
MOST_KEPT = 200  # models of a kind; the oldest ones go
CONTENT = "content"  # where a header keeps the hash of the rest of it


def model_folder(mineral: Mineral) -> Path:
    """The folder of this mineral's model: with an encoder where one was trained, else its decoder
    alone.
    """
    encoded = encoded_folder(mineral)
    return encoded if intact(encoded) else readout_folder(mineral)


def encoded_folder(mineral: Mineral) -> Path:
    """Where this mineral's model stands when it has an encoder, there or not."""
    return home() / "cache" / "encoders" / _key(mineral, shipped_features())


def readout_folder(mineral: Mineral) -> Path:
    """The folder of this mineral's model, solved if it isn't there (a second or two)."""
    shipped = shipped_features()
    kept = home() / "cache" / "readouts" / _key(mineral, shipped)
    if intact(kept):
        return kept
    try:
        kept.parent.mkdir(parents=True, exist_ok=True)
        made_in = Path(tempfile.mkdtemp(prefix=".made-", dir=kept.parent))
    except OSError:  # a home that can't be written to: it lasts as long as this process's folder
        made_in = Path(tempfile.mkdtemp(prefix="readout-"))
        _make(made_in, mineral, shipped)
        return made_in
    _make(made_in, mineral, shipped)
    shutil.rmtree(kept, ignore_errors=True)
    try:
        made_in.rename(kept)
    except OSError:  # another process was first: its copy is as good
        shutil.rmtree(made_in, ignore_errors=True)
    forget_oldest(kept.parent)
    return kept


def _key(mineral: Mineral, shipped: Shipped) -> str:
    """What a readout depends on, hashed."""
    return _hash({"version": VERSION, "features": shipped.digest, "mineral": to_table(mineral)})


def _hash(values: Mapping[str, Any]) -> str:
    text = json.dumps(values, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def intact(folder: Path) -> bool:
    """Is there a model whose header and weights are as they were written?"""
    try:
        header = read_header(folder)
        told = header.pop(CONTENT, None)
        if told != _hash(header):
            return False
        checkpoint.load(folder)
    except CheckpointError:
        return False
    return True


def _make(folder: Path, mineral: Mineral, shipped: Shipped) -> None:
    """Solve a mineral's readout and write it as a model."""
    start = time.perf_counter()
    config = _config(mineral, shipped)
    decoder = solved(shipped.features, mineral, mineral.axis, config.guided, config.latents)
    model = DecoderOnly(config, len(mineral.axis))
    model.decoder.load_state_dict(decoder.state_dict())
    rms, largest = left_over(decoder, mineral, mineral.axis, config.guided, config.latents)
    readout = {
        "spectra": SHAPES * EACH,
        "seconds": round(time.perf_counter() - start, 2),
        "rms": round(rms, 6),
        "largest": round(largest, 5),
    }
    checkpoint.save(folder, model, config, mineral.axis, _facts(config, shipped, readout))
    seal(folder)


def seal(folder: Path) -> None:
    """Let a header say what it holds, so that damage is seen."""
    header = read_header(folder)
    write_json(folder / HEADER, {**header, CONTENT: _hash(header)})


def _config(mineral: Mineral, shipped: Shipped) -> TrainConfig:
    """A guided training's configuration: what its decoder would be asked for, this one does."""
    usual = made(mineral, "guided", settings("guided"))
    guided = neurons_of(mineral, mineral.factors)
    blocks = len(copies(mineral, guided))
    first, second = shipped.features.widths
    return replace(
        usual,
        decoder=(blocks * first, blocks * second),
        spectra=SHAPES * EACH,
        steps=shipped.facts["steps"],
        seed=shipped.facts["seed"],
        table=mineral,
    )


def _facts(config: TrainConfig, shipped: Shipped, readout: Mapping[str, Any]) -> dict[str, Any]:
    """The header's: neurons, origin and the card, which says what was trained and what solved."""
    factor_of = {j: name for name, j in config.guided.items()}
    visible = {f.name for f in config.substance.visible}
    neurons = []
    for j in range(config.latents):
        moves = factor_of.get(j) in visible
        neurons.append(Neuron(j, factor_of.get(j), None, moves, -REACH, REACH, inert=not moves))
    return {
        "neurons": [asdict(n) for n in neurons],
        "origin": [0.0] * config.latents,
        "seed": config.seed,
        "trained": ["decoder"],
        "card": {
            "name": config.mineral,
            "mineral": config.mineral,
            "vary": list(config.vary),
            "supervision": config.supervision,
            "seed": config.seed,
            "steps": config.steps,
            "spectra": config.spectra,
            "seconds": readout["seconds"],
            "device": "cpu",
            "trained": {"features": {**shipped.facts, "digest": shipped.digest}},
            "solved": {"readout": dict(readout)},
        },
    }


def forget_oldest(folder: Path) -> None:
    """Keep the models that were made last."""
    there = [p for p in folder.iterdir() if (p / HEADER).is_file()]
    for one in sorted(there, key=lambda p: p.stat().st_mtime)[:-MOST_KEPT]:
        shutil.rmtree(one, ignore_errors=True)
