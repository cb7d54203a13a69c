"""The features that every mineral's decoder shares: the hidden stack of a decoder, trained once.

All bands of a mineral move together: in units of its narrowest strong band, a spectrum is a sum of
functions of two things, the shift and the logarithm of the width, times the scale and the strength
of a group. One hidden stack spans them all; a mineral adds its readout, a linear regression.
"""

from __future__ import annotations

import functools
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

from safetensors.torch import load, save
from torch import Tensor, nn
from torch.nn.functional import linear, silu

from ..minerals import Factor
from ..minerals.effects import effects
from ..minerals.standard import CRYSTALLINITY, HYDRATION, INTENSITY, SHIFT_IN_WIDTHS
from ..vae.header import write_json

WEIGHTS = "features.safetensors"
FACTS = "features.json"
INPUTS = ("strength", "scale", "width", "position")  # effects, in the order of the inputs
SHIFT = {"low": -SHIFT_IN_WIDTHS, "reference": 0.0, "high": SHIFT_IN_WIDTHS}  # FWHM


def trained_factors() -> dict[str, Factor]:
    """Effect → the factor that the features know: the standard ones, the shift in widths."""
    told: dict[str, Mapping[str, Any]] = {
        "strength": HYDRATION | {"group": "any"},
        "scale": INTENSITY,
        "width": CRYSTALLINITY,
        "position": SHIFT | {"name": "shift", "effect": "position"},
    }
    return {effect: effects()[effect](**told[effect]) for effect in INPUTS}


class Features(nn.Module):
    """Codes of the inputs (..., 4) → features (..., width), as a decoder's hidden layers make
    them. Weights act as float16 holds them, so that training knows what is shipped.
    """

    def __init__(self, first: int, second: int) -> None:
        super().__init__()
        self.widths = first, second
        self.first = nn.Linear(len(INPUTS), first)
        self.second = nn.Linear(first, second)
        self.residual = nn.Linear(second, second)

    def forward(self, code: Tensor) -> Tensor:
        h = silu(_as_shipped(self.second, silu(_as_shipped(self.first, code))))
        return h + silu(_as_shipped(self.residual, h))


def _as_shipped(layer: nn.Linear, values: Tensor) -> Tensor:
    """The layer with float16 weights; gradients go through as if they were exact."""
    weight, bias = (p + (p.half().float() - p).detach() for p in (layer.weight, layer.bias))
    return linear(values, weight, bias)


@dataclass(frozen=True, eq=False)
class Shipped:
    """The trained features, what is known of their training, and the SHA-256 of their weights."""

    features: Features
    facts: Mapping[str, Any]
    digest: str


@functools.cache
def shipped_features() -> Shipped:
    """The features that the package ships."""
    return load_features(Path(str(resources.files("spectra_vae").joinpath("models", "shared"))))


def load_features(folder: Path) -> Shipped:
    """The features in ``folder``."""
    data = (folder / WEIGHTS).read_bytes()
    weights = {name: value.float() for name, value in load(data).items()}
    features = Features(*(len(weights[f"{part}.bias"]) for part in ("first", "second")))
    features.load_state_dict(weights)
    features.eval().requires_grad_(False)
    return Shipped(
        features,
        json.loads((folder / FACTS).read_text(encoding="utf-8")),
        hashlib.sha256(data).hexdigest(),
    )


def save_features(folder: Path, features: Features, facts: Mapping[str, Any]) -> None:
    """Write weights and facts; each file is replaced whole."""
    folder.mkdir(parents=True, exist_ok=True)
    weights = {k: v.detach().half().contiguous() for k, v in features.state_dict().items()}
    partial = folder / (WEIGHTS + ".partial")
    partial.write_bytes(save(weights))
    partial.replace(folder / WEIGHTS)
    write_json(folder / FACTS, facts)
