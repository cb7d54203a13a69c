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

from ..minerals import Mineral, mineral
from ..simulation.instrument import Instrument
from ..text.message import LANGUAGES, words
from ..vae.header import WEIGHTS, CheckpointError, read_header, short
from .palette import hue_of

MAGIC = b"SVAE"


def pack(folder: Path) -> tuple[bytes, str]:
    """The binary of the model in ``folder`` and its ETag (a hash of it)."""
    header = read_header(folder)
    try:
        weights = load_file(folder / WEIGHTS)
        layers = _decoder_layers(weights)
        info = _describe(folder.name, header, layers)
        text = json.dumps(info, allow_nan=False, ensure_ascii=False).encode()
    except (OSError, SafetensorError, KeyError, TypeError, ValueError) as wrong:
        raise CheckpointError("error.model_broken", name=folder.name, why=short(wrong)) from None
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
    m = mineral(header["config"]["mineral"])
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
    """What the page needs of a mineral: names, bands, factors with their maps, presets."""
    return {
        "name": m.name,
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
        "factors": {
            f.name: {
                "effect": f.effect,
                "group": f.group,
                "hue": hue_of(f.effect),
                "low": f.low,
                "reference": f.reference,
                "high": f.high,
                "unit": f.unit,
                "widest": f.widest,
                "table": _code_table(f),
            }
            for f in m.factors
        },
        "presets": [{"name": p.name, "factors": dict(p.factors)} for p in m.presets],
    }


def _code_table(factor: Any) -> list[float]:
    """Factor values at codes −5, −4.9 … 5: the page interpolates, both ways."""
    return [round(float(v), 9) for v in factor.value(np.linspace(-5, 5, 101))]


# What of a mineral's axis the page shows, until its table says so itself.
LENS = 24.0  # cm⁻¹ either side of the main band
LOW, HIGH = (100.0, 1300.0), (3000.0, 3800.0)
BETWEEN = 2500.0  # fundamentals of OH lie above, of all else below


def shown(m: Mineral) -> dict[str, Any]:
    """Windows, lens and groups of the figure: cm⁻¹, words by language, names of hues."""
    below = [b for b in m.bands if b.position < BETWEEN and b.height >= 0.02]
    end = max(LOW[1], *(b.position + 60 for b in below))
    groups = {b.group: b for b in m.bands}
    windows = [_window((LOW[0], end), LOW[0], 1, m.main.group)]
    above = [b for b in m.bands if b.position >= BETWEEN]
    if above:
        windows.append(_window(HIGH, BETWEEN, 6, above[0].group))
    return {
        "windows": windows,
        "lens": [m.main.position - LENS, m.main.position + LENS],
        "groups": [
            {"key": key, "label": _label(f"group_name.{key}"), "hue": key, "kind": key}
            for key in groups
        ],
    }


def _window(ends: tuple[float, float], start: float, magnify: int, group: str) -> dict[str, Any]:
    """``start``: where its hue begins on the full axis."""
    low, high = ends
    label = _label(f"group.{group}")
    return {
        "low": low,
        "high": high,
        "from": start,
        "magnify": magnify,
        "label": label,
        "hue": group,
    }


def _label(key: str) -> dict[str, str]:
    return {language: words(language)[key] for language in LANGUAGES}
