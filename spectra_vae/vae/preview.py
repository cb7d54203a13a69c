"""What a view shows of a model while it trains: one spectrum, and what the neurons move."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from ..simulation.simulate import simulate
from .config import TrainConfig
from .data import TrainingSet
from .network import SpectraVAE

Floats = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class Shown:
    """One measured spectrum, (N,) each, in units of ν1.

    ``dirty`` is 0 where ``mask`` is False: nothing was recorded there.
    """

    dirty: Floats
    mask: NDArray[np.bool_]
    target: Floats


@dataclass(frozen=True, eq=False)
class Sample(Shown):
    """The same with what the model makes of it, (N,)."""

    reconstruction: Floats


def shown(config: TrainConfig, data: TrainingSet) -> Shown:
    """The mineral at its reference, through the instrument of a training; fixed by its seed."""
    m = config.substance
    fixed = m.having("counts") if config.instrument.counts is not None else ()
    reference = {f.name: f.reference for f in m.factors if f not in fixed}
    one = simulate(
        m, 1, config.instrument, config.seed, factors=reference, wavenumber=data.wavenumber
    )
    mask = np.isfinite(one.dirty[0])
    dirty = np.where(mask, one.dirty[0], 0.0).astype(np.float32)
    return Shown(dirty, mask, one.clean[0].astype(np.float32))


@torch.no_grad()
def restored(model: SpectraVAE, spectrum: Shown) -> Sample:
    """What the decoder makes of the mean of the posterior."""
    where = next(model.parameters()).device
    value, mask = (
        torch.from_numpy(v.astype(np.float32))[None].to(where)
        for v in (spectrum.dirty, spectrum.mask)
    )
    decoded = model.decoder(model.encoder(value, mask).mean)[0].cpu().numpy()
    return Sample(spectrum.dirty, spectrum.mask, spectrum.target, decoded)


@torch.no_grad()
def sensitivity(model: SpectraVAE) -> Floats:
    """∂ spectrum / ∂ neuron at the origin, (latents, N)."""
    origin = torch.zeros(1, model.latents, device=next(model.parameters()).device)
    return np.asarray(model.decoder.jacobian(origin)[1][0].cpu().numpy())
