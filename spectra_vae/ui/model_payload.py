"""A model as the page reads it: one binary, header first, then the decoder's float16 weights.

Needs no torch. Layout: ``SVAE``, uint32 header length, JSON (padded to 4 bytes), weights: all
low bytes, then all high bytes, which compresses by a tenth better than number by number.
"""

from __future__ import annotations

import hashlib
import json
import struct
from pathlib import Path
from typing import Any

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load_file

from ..analysis.role_words import called
from ..minerals import Factor, Mineral
from ..simulation.instrument import Instrument
from ..storage.models import mineral_of
from ..text.message import LANGUAGES
from ..vae.header import WEIGHTS, CheckpointError, read_header, short
from .palette import known, parts

MAGIC = b"SVAE"


def pack(folder: Path, name: str) -> tuple[bytes, str]:
    """The binary of the model in ``folder``, called ``name``, and its ETag (a hash of it)."""
    header = read_header(folder)
    try:
        weights = load_file(folder / WEIGHTS)
        layers = _decoder_layers(weights)
        info = _describe(name, header, layers)
        text = json.dumps(info, allow_nan=False, ensure_ascii=False).encode()
    except (OSError, SafetensorError, KeyError, TypeError, ValueError) as wrong:
        raise CheckpointError("error.model_broken", name=name, why=short(wrong)) from None
    text += b" " * (-len(text) % 4)
    body = b"".join(np.ascontiguousarray(a, dtype="<f2").tobytes() for _, a in layers)
    data = MAGIC + struct.pack("<I", len(text)) + text + body[0::2] + body[1::2]
    return data, hashlib.sha256(data).hexdigest()[:32]


def _decoder_layers(weights: dict[str, Any]) -> list[tuple[str, Any]]:
    """The decoder's arrays in the order in which they are applied."""
    names = [k for k in weights if k.startswith("decoder.hidden.")]
    order = sorted(names, key=lambda k: (int(k.split(".")[2]), k.endswith("bias")))
    order += [
        f"decoder.{part}.{kind}" for part in ("residual", "out") for kind in ("weight", "bias")
    ]
    return [(name, weights[name]) for name in order]


def _describe(name: str, header: dict[str, Any], layers: list[tuple[str, Any]]) -> dict[str, Any]:
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
        "tensors": [[key, list(array.shape)] for key, array in layers],
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
