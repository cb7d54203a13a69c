"""A mineral's own decoder: the shared features wired to its neurons, and its readout solved.

Minerals with several strengths carry the features once for each: a copy is wired to its strength's
neuron and reads out the bands of its group alone. The first copy reads out the other bands, too.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import ArrayLike, NDArray

from ..minerals import Factor, Mineral
from ..minerals.factor import SLOPE
from ..minerals.profile import Profiles
from ..recipes.made import TAP
from ..vae.codes import training_codes
from ..vae.network import Decoder
from .shared_features import INPUTS, Features, trained_factors
from .shared_solve import readout

Array = NDArray[np.float64]
Floats = NDArray[np.float32]

SHAPES, EACH = 800, 6  # widths with shifts to solve on, and strengths with scales at each
CHUNK = 1 << 16  # points of a band rendered at once: they stay in the processor's cache
HELD_BACK = 200  # spectra that say how exact a decoder is


class Copy(NamedTuple):
    """Features for one strength: effect → factor that enters them, and the groups (keys) that are
    read out: those ``fixed``, and ``free`` times the strength.
    """

    factors: Mapping[str, Factor]
    fixed: tuple[str, ...]
    free: str | None


def copies(mineral: Mineral, neurons: Mapping[str, int]) -> list[Copy]:
    """The copies that a mineral needs; ``neurons``: factor → neuron."""
    common = {e: f for e in INPUTS[1:] if (f := mineral.the(e)) is not None and f.name in neurons}
    strengths = [f for f in mineral.strengths if f.name in neurons]
    free = [str(f.group) for f in strengths]
    fixed = tuple(g.key for g in mineral.groups if g.key not in free)
    if not strengths:
        return [Copy(common, fixed, None)]
    return [
        Copy({"strength": f, **common}, () if k else fixed, str(f.group))
        for k, f in enumerate(strengths)
    ]


@torch.no_grad()
def solved(
    features: Features, mineral: Mineral, axis: Array, neurons: Mapping[str, int], latents: int
) -> Decoder:
    """The decoder of a mineral on ``axis`` (N,); neurons without a factor move nothing."""
    wanted = copies(mineral, neurons)
    width = features.second.out_features
    sizes = (len(wanted) * features.first.out_features, len(wanted) * width)
    decoder = Decoder(latents, sizes, len(axis)).requires_grad_(False)
    for parameter in decoder.parameters():
        parameter.zero_()
    for k, one in enumerate(wanted):
        _wire(decoder, features, k, one, neurons)
    decoder.half().float()  # as it will be stored: the readout makes up for the rounding
    codes = _codes(mineral, neurons, latents)
    seen = decoder.features(torch.from_numpy(codes))
    groups = _by_group(mineral, axis, codes[::EACH], neurons)
    for k, one in enumerate(wanted):
        own = slice(k * width, (k + 1) * width)
        weight, bias = readout(seen[:, own], torch.from_numpy(_target(one, groups, codes, neurons)))
        decoder.out.weight[:, own] = weight.T
        decoder.out.bias.add_(bias)
    silent = [j for j in range(latents) if j not in neurons.values()]
    decoder.hidden[0].get_parameter("weight")[:, silent] = 0.0
    return decoder.half().float()


def _wire(
    decoder: Decoder, features: Features, k: int, one: Copy, neurons: Mapping[str, int]
) -> None:
    """The k-th copy's weights into the decoder. A factor whose reference stands elsewhere in its
    range than in training enters with the code that means the same share of it.

    Where there is no strength the water's neuron moves the features while the readout is solved: at
    one strength many of them are alike, and a readout that holds at all is twice as exact.
    """
    first, second = decoder.hidden
    assert isinstance(first, torch.nn.Linear) and isinstance(second, torch.nn.Linear)
    narrow, wide = features.second.weight.T.shape
    rows, columns = slice(k * narrow, (k + 1) * narrow), slice(k * wide, (k + 1) * wide)
    first.bias[rows] = features.first.bias
    trained = trained_factors()
    for column, effect in enumerate(INPUTS):
        factor = one.factors.get(effect)
        weight = features.first.weight[:, column]
        if factor is None:
            if effect == "strength":
                first.weight[rows, TAP] = weight
            continue
        first.weight[rows, neurons[factor.name]] = weight
        first.bias[rows] += weight * ((factor.offset - trained[effect].offset) / SLOPE)
    second.weight[columns, rows] = features.second.weight
    second.bias[columns] = features.second.bias
    decoder.residual.weight[columns, columns] = features.residual.weight
    decoder.residual.bias[columns] = features.residual.bias


def _codes(mineral: Mineral, neurons: Mapping[str, int], latents: int) -> Floats:
    """Codes (SHAPES × EACH, latents): the shape's neurons repeat, the others are each row's own."""
    rng = np.random.default_rng(0)
    codes = training_codes(SHAPES * EACH, latents, rng)
    for effect in ("width", "position"):
        factor = mineral.the(effect)
        if factor is not None and factor.name in neurons:
            codes[:, neurons[factor.name]] = np.repeat(codes[::EACH, neurons[factor.name]], EACH)
    return codes.astype(np.float32)


def _by_group(
    mineral: Mineral, axis: Array, codes: Floats, neurons: Mapping[str, int]
) -> dict[str, Floats]:
    """Group → spectra (n, N) at the widths and positions of ``codes``, strengths and scale 1."""
    values: dict[str, ArrayLike] = {
        f.name: 1.0 for f in (*mineral.strengths, *mineral.having("scale"))
    }
    values |= {
        f.name: f.value(codes[:, neurons[f.name]])
        for effect in ("width", "position")
        if (f := mineral.the(effect)) is not None and f.name in neurons
    }
    found = {g.key: np.zeros((len(codes), len(axis)), np.float32) for g in mineral.groups}
    profiles = Profiles(*mineral.profiles(values).columns)
    some = max(1, CHUNK // len(axis))
    for k, band in enumerate(mineral.bands):
        for start in range(0, len(codes), some):
            rows = slice(start, start + some)
            found[band.group][rows] += profiles[rows, [k]].at(axis, np.float32)[:, 0]
    return found


def _target(
    one: Copy, groups: Mapping[str, Floats], codes: Floats, neurons: Mapping[str, int]
) -> Floats:
    """(n, N) what a copy has to decode at ``codes`` (n, latents)."""
    fixed = sum((groups[key] for key in one.fixed), np.zeros_like(next(iter(groups.values()))))
    target = np.repeat(fixed, EACH, axis=0)
    if one.free is not None:
        strength = _values(one.factors["strength"], codes, neurons)
        target += strength * np.repeat(groups[one.free], EACH, axis=0)
    if "scale" in one.factors:
        target *= _values(one.factors["scale"], codes, neurons)
    return target


def _values(factor: Factor, codes: Floats, neurons: Mapping[str, int]) -> Floats:
    """(n, 1) of a factor at codes (n, latents)."""
    return factor.value(codes[:, neurons[factor.name]]).astype(np.float32)[:, None]


@torch.no_grad()
def left_over(
    decoder: Decoder, mineral: Mineral, axis: Array, neurons: Mapping[str, int], latents: int
) -> tuple[float, float]:
    """What the decoder misses of spectra that it was not solved on: the rms over all of them, and
    the largest error of a spectrum that 95 % stay below. Units of the strongest band's height.
    """
    rng = np.random.default_rng(1)
    codes = training_codes(HELD_BACK, latents, rng).astype(np.float32)
    values = {
        f.name: f.value(codes[:, neurons[f.name]]) for f in mineral.factors if f.name in neurons
    }
    truth = mineral.parts(axis, values, dtype=np.float32).sum(axis=-2)
    error = decoder(torch.from_numpy(codes)).numpy() - truth
    rms = np.sqrt(np.mean(np.square(error, dtype=float)))
    return float(rms), float(np.quantile(np.abs(error).max(axis=-1), 0.95))
