"""A model as the page reads it: one binary, header first, then the decoder's weights.

Needs no torch. Layout: ``SVAE``, uint32 header length, JSON (padded to 4 bytes), the float16
``tensors``, and where the output layer is none of them, the uint32 integers of its two factors
(:mod:`~spectra_vae.ui.output_layer`), direction by direction. Of each type all low bytes come
first and all high bytes last, which compresses better than number by number.
"""

from __future__ import annotations

import functools
import hashlib
import json
import struct
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load_file

from ..analysis.role_words import called
from ..minerals import Factor, Mineral
from ..simulation.instrument import Instrument
from ..storage.models import mineral_of
from ..text.message import LANGUAGES
from ..vae.header import HEADER, WEIGHTS, CheckpointError, read_header, short
from .output_layer import OutputLayer, compact
from .palette import known, parts

MAGIC = b"SVAE"
COVERED = 5.0  # codes either side of 0 that every training covers
REMEMBERED = 8  # models


def pack(folder: Path, name: str) -> tuple[bytes, str]:
    """The binary of the model in ``folder``, called ``name``, and its ETag (a hash of it)."""
    changed = [
        file.stat().st_mtime_ns if file.is_file() else 0
        for file in (folder / HEADER, folder / WEIGHTS)
    ]
    return _packed(folder, name, *changed)


@functools.lru_cache(maxsize=REMEMBERED)
def _packed(folder: Path, name: str, *changed: int) -> tuple[bytes, str]:
    del changed  # part of the key: a run that is trained on is packed again
    header = read_header(folder)
    try:
        weights = load_file(folder / WEIGHTS)
        output = compact(weights, _reach(header["neurons"]))
        layers = _decoder_layers(weights, whole=output is None)
        info = {**_describe(name, header), **_shapes(layers, output)}
        text = json.dumps(info, allow_nan=False, ensure_ascii=False).encode()
    except (OSError, SafetensorError, KeyError, TypeError, ValueError) as wrong:
        raise CheckpointError("error.model_broken", name=name, why=short(wrong)) from None
    text += b" " * (-len(text) % 4)
    data = MAGIC + struct.pack("<I", len(text)) + text
    data += _planes([array.astype("<f2") for array in layers.values()])
    if output is not None:
        data += _planes([_unsigned(output.directions), _unsigned(output.weight.T)])
    return data, hashlib.sha256(data).hexdigest()[:32]


def _reach(neurons: list[dict[str, Any]]) -> NDArray[np.float64]:
    """How far a code may go in the page: what the training covered, or its slider's end."""
    return np.array([max(COVERED, abs(n["low"]), abs(n["high"])) for n in neurons])


def _decoder_layers(weights: dict[str, Any], whole: bool) -> dict[str, Any]:
    """The decoder's arrays in the order in which they are applied; ``whole``: the output's, too."""
    names = [k for k in weights if k.startswith("decoder.hidden.")]
    order = sorted(names, key=lambda k: (int(k.split(".")[2]), k.endswith("bias")))
    order += [f"decoder.residual.{kind}" for kind in ("weight", "bias")]
    order += ["decoder.out.weight"] * whole + ["decoder.out.bias"]
    return {name: weights[name] for name in order}


def _shapes(layers: dict[str, Any], output: OutputLayer | None) -> dict[str, Any]:
    """What follows the header, in its order."""
    told: dict[str, Any] = {"tensors": [[key, list(a.shape)] for key, a in layers.items()]}
    if output is not None:
        told["directions"] = output.directions.shape
        told["exponents"] = output.exponents.tolist()
    return told


def _planes(arrays: Sequence[NDArray[Any]]) -> bytes:
    """Numbers of one type: all lowest bytes first, all highest last."""
    body = b"".join(a.tobytes() for a in arrays)
    size = arrays[0].itemsize
    return b"".join(body[k::size] for k in range(size))


def _unsigned(numbers: NDArray[np.int64]) -> NDArray[np.uint32]:
    """0, −1, 1, −2 … as 0, 1, 2, 3 …: small ones have empty high bytes, whatever their sign."""
    return np.where(numbers < 0, -2 * numbers - 1, 2 * numbers).astype("<u4")


def _describe(name: str, header: dict[str, Any]) -> dict[str, Any]:
    m = mineral_of(header)
    neurons, device = header["neurons"], Instrument()
    if [n["index"] for n in neurons] != list(range(len(header["origin"]))):
        raise ValueError("neurons")
    return {
        "id": name,
        "card": header["card"],
        "wavenumber": header["wavenumber"],
        "origin": header["origin"],
        "neurons": neurons,
        "mineral": {**describe_mineral(m), **shown(m)},
        "counting": {"efficiency": device.efficiency, "readout": device.readout},
    }


def describe_mineral(m: Mineral) -> dict[str, Any]:
    """What the page needs of a mineral: names, bands, factors with their maps, presets, notes."""
    return {
        "name": m.name,
        "label": dict(m.label.texts),
        "formula": m.formula,
        "main": m.main.position,
        "bands": [
            {
                "name": b.name,
                "position": b.position,
                "height": b.height,
                "width": b.width,
                "group": b.group,
            }
            for b in m.bands
        ],
        "factors": {f.name: _factor(m, f) for f in m.factors},
        "presets": [
            {"name": p.name, "label": dict(p.label.texts), "factors": dict(p.factors)}
            for p in m.presets
        ],
        "notes": [
            {"factor": n.factor, "below": n.below, "text": dict(n.text.texts)} for n in m.notes
        ],
    }


def _factor(m: Mineral, f: Factor) -> dict[str, Any]:
    """A factor's names in every language, its hue, and its map to codes and back."""
    return {
        "label": {spoken: called(f, spoken) for spoken in LANGUAGES},
        "effect": f.effect,
        "group": f.group,
        "hue": known(m.hue(f)),
        "low": f.low,
        "reference": f.reference,
        "high": f.high,
        "unit": f.unit,
        "widest": f.widest,
        "table": _code_table(f),
    }


def _code_table(factor: Factor) -> list[float]:
    """Factor values at codes −5, −4.9 … 5: the page interpolates, both ways."""
    return [round(float(v), 9) for v in factor.value(np.linspace(-5, 5, 101))]


def shown(m: Mineral) -> dict[str, Any]:
    """Windows, lens and groups of the figure: cm⁻¹, words by language, names of hues."""
    return {
        "windows": [
            {
                "low": w.low,
                "high": w.high,
                "from": start,  # where its hue begins on the full axis
                "magnify": w.gain,
                "label": dict(w.label.texts),
                "hue": hue,
            }
            for w, (start, hue) in zip(m.windows, parts(m), strict=True)
        ],
        "lens": [m.lens.low, m.lens.high],
        "groups": [
            {
                "key": g.key,
                "label": dict(g.label.texts),
                "bands": dict(g.bands.texts),
                "hue": known(g.hue),
                "kind": g.kind,
            }
            for g in m.groups
        ],
    }
