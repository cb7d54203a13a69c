"""A model whose latents are permuted, negated or rotated on purpose."""

from __future__ import annotations

import copy
from dataclasses import asdict, replace

import numpy as np
import torch

from spectra_vae.spectrometer import VirtualSpectrometer


def turned(vs: VirtualSpectrometer, m: np.ndarray) -> VirtualSpectrometer:
    """``vs`` in the codes m @ z, for an orthogonal m (latents, latents).

    Decoder and encoder agree; a neuron's std is that of the old neuron it has most of.
    """
    old = vs._checkpoint
    model = copy.deepcopy(old.model)
    n, turn = len(m), torch.from_numpy(m).float()
    like = np.abs(m).argmax(axis=1)
    first, out = model.decoder.hidden[0].weight, model.encoder.out
    first.copy_(first @ turn.T)
    for part in (out.weight, out.bias):
        part[:n] = turn @ part[:n]
        part[n:] = part[n:][torch.from_numpy(like)]
    neurons = []
    for j, i in enumerate(like):
        was = asdict(vs.neurons[i])
        ends = sorted(float(m[j, i]) * was[end] for end in ("low", "high"))
        if np.abs(m[j, i]) < 0.99:
            ends = [was["low"], was["high"]]
        neurons.append({**was, "index": j, "factor": None, "low": ends[0], "high": ends[1]})
    header = {**old.header, "neurons": neurons, "origin": (m @ vs.origin).tolist()}
    return VirtualSpectrometer(replace(old, model=model, header=header))


def rotation(a: int, b: int, degrees: float = 45.0, n: int = 8) -> np.ndarray:
    """The plane of neurons a and b turned."""
    m, angle = np.eye(n), np.radians(degrees)
    m[[a, b], [a, b]] = np.cos(angle)
    m[a, b], m[b, a] = np.sin(angle), -np.sin(angle)
    return m
