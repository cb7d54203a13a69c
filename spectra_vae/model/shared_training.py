"""How the shared features are trained, once for all minerals:

    python -m spectra_vae.model.shared_training FOLDER

In every step the readout of a whole dictionary of bands is solved exactly (variable projection:
Golub & Pereyra 1973, SIAM J. Numer. Anal. 10:413), and the features learn from what it leaves.
"""

from __future__ import annotations

import math
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ..minerals.profile import pseudo_voigt
from ..vae.codes import training_codes
from .shared_features import INPUTS, Features, save_features, trained_factors
from .shared_solve import ROUNDING, readout

Array = NDArray[np.float64]
Floats = NDArray[np.float32]

WIDTHS = (128, 384)  # of the hidden layers
STEPS, BATCH, POOL, SEED = 900, 2_048, 40_000, 0
LEARNING_RATE, CLIP, WARM_UP = 3e-3, 5.0, 30
BANDS = 1_600  # of the dictionary
NARROWEST, WIDEST = 0.6, 20.0  # FWHM, in units of what the shift is measured in; wider ones are
# smooth, and like those
KEPT = 1e-4  # of the dictionary's rms that its principal curves may leave
KNOTS = 3.0  # codes either side over which the first layer's units are spread
STEEP = 2.0


class Dictionary(NamedTuple):
    """Points on bands, (M,) each: ``offset`` from the centre and FWHM ``width``, both in units of
    what the shift is measured in, and ``mixing``.
    """

    offset: Array
    width: Array
    mixing: Array

    @classmethod
    def drawn(cls, rng: np.random.Generator) -> Dictionary:
        """Half of the bands narrow, most points within a few widths of the centre."""
        narrow = rng.uniform(NARROWEST, 1, BANDS)
        wide = np.exp(rng.uniform(0, math.log(WIDEST), BANDS))
        width = np.where(rng.random(BANDS) < 0.5, narrow, wide)
        far = np.clip(0.8 * rng.standard_cauchy(BANDS), -12, 12) * width * rng.integers(1, 3, BANDS)
        near = rng.uniform(-2.5, 2.5, BANDS) * np.maximum(width, 1)
        offset = np.where(rng.random(BANDS) < 0.4, near, far)
        return cls(offset, width, rng.uniform(0, 1, BANDS))

    def curves(self, scale: Array, shift: Array) -> Floats:
        """(n, M) intensities at width scales and shifts (n,), areas kept."""
        offset = (self.offset - shift[:, None]).astype(np.float32)
        width = (self.width * scale[:, None]).astype(np.float32)
        curve = pseudo_voigt(offset, width, self.mixing.astype(np.float32))
        return np.asarray(curve / scale[:, None], dtype=np.float32)


class Pool(NamedTuple):
    """Codes (n, 4) and their targets (n, 2 K): the dictionary's principal curves at the scale, and
    the same times the strength.
    """

    codes: Tensor
    targets: Tensor

    @classmethod
    def drawn(cls, n: int, rng: np.random.Generator) -> Pool:
        dictionary = Dictionary.drawn(rng)
        axes = _principal(dictionary, rng)
        codes, rows = training_codes(n, len(INPUTS), rng), []
        for some in np.array_split(codes, max(1, n // 4_000)):
            strength, scale, curves = _state(dictionary, some)
            base = scale[:, None] * (curves @ axes)
            rows.append(np.concatenate([base, strength[:, None] * base], axis=1))
        targets = np.concatenate(rows).astype(np.float32)
        return cls(torch.from_numpy(codes.astype(np.float32)), torch.from_numpy(targets))


def _state(dictionary: Dictionary, codes: Array) -> tuple[Array, Array, Floats]:
    """Strength (n,), scale (n,) and the dictionary (n, M) at codes (n, 4)."""
    factors = trained_factors()
    strength, scale, width, shift = (
        factors[name].value(z) for name, z in zip(INPUTS, codes.T, strict=True)
    )
    return strength, scale, dictionary.curves(factors["width"].width_scale(width), shift)


def _principal(dictionary: Dictionary, rng: np.random.Generator) -> Floats:
    """(M, K) the directions that hold all but a :data:`KEPT` of the dictionary's rms."""
    curves = _state(dictionary, training_codes(8_000, len(INPUTS), rng))[2].astype(float)
    power, axes = np.linalg.eigh(curves.T @ curves / curves.size)
    left = np.sqrt(np.maximum(power.cumsum(), 0.0))
    some = axes[:, left > KEPT] / math.sqrt(BANDS)
    return np.asarray(some[:, ::-1], dtype=np.float32)


def untrained(seed: int) -> Features:
    """Features to start from: each unit of the first layer bends along one input."""
    torch.manual_seed(seed)
    features = Features(*WIDTHS)
    few = WIDTHS[0] // 8
    counts = (few, few, WIDTHS[0] // 2 - few, WIDTHS[0] // 2 - few)
    with torch.no_grad():
        features.first.weight.zero_()
        start = 0
        for column, n in enumerate(counts):
            knots = KNOTS * (2 * (torch.arange(n) + 0.5) / n - 1)
            slopes = STEEP * (1.0 - 2.0 * (torch.arange(n) % 2))
            features.first.weight[start : start + n, column] = slopes
            features.first.bias[start : start + n] = -slopes * knots
            start += n
        for layer, spread in ((features.second, 2.0), (features.residual, 1.0)):
            layer.weight.normal_(0, 1.6 / math.sqrt(layer.in_features))
            layer.bias.uniform_(-spread, spread)
    return features


def steps(features: Features, pool: Pool, count: int, seed: int) -> Iterator[float]:
    """Train in place; the rms that the readout leaves, step by step."""
    chance = torch.Generator().manual_seed(seed)
    optimiser = torch.optim.Adam(features.parameters(), betas=(0.9, 0.99))
    for step in range(count):
        falling = 0.5 * (1 + math.cos(math.pi * step / count)) + 3e-3
        for group in optimiser.param_groups:
            group["lr"] = LEARNING_RATE * falling * min(1.0, (step + 1) / WARM_UP)
        rows = torch.randint(len(pool.codes), (BATCH,), generator=chance)
        target, seen = pool.targets[rows], features(pool.codes[rows])
        weight, bias = readout(seen.detach(), target)
        left = (seen @ weight + bias - target).square().sum(dim=1).mean()
        rounding = ROUNDING * (seen.square().mean(dim=0) @ weight.square().sum(dim=1))
        optimiser.zero_grad()
        (left + rounding).log().backward()  # steps as large however small the error is
        torch.nn.utils.clip_grad_norm_(features.parameters(), CLIP)
        optimiser.step()
        yield math.sqrt(float(left.detach()) / 2)


def train(folder: Path, count: int = STEPS, pool: int = POOL, seed: int = SEED) -> None:
    """Train features and write them into ``folder``."""
    start, features = time.perf_counter(), untrained(seed)
    drawn = Pool.drawn(pool, np.random.default_rng(seed))
    for step, left in enumerate(steps(features, drawn, count, seed)):
        if step % 100 == 0 or step == count - 1:
            print(f"step {step} of {count}: rms {left:.5f}", flush=True)
    facts = {
        "inputs": list(INPUTS),
        "widths": list(WIDTHS),
        "steps": count,
        "batch": BATCH,
        "seed": seed,
        "seconds": round(time.perf_counter() - start, 1),
        "rms": round(left, 6),
    }
    save_features(folder, features, facts)


if __name__ == "__main__":
    train(Path(sys.argv[1]))
