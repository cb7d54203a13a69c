"""What the last step adds: silent neurons are disconnected, the output layer is solved exactly."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from .activity import ACTIVE_NATS
from .data import TrainingSet
from .network import SpectraVAE
from .objective import kl_to_prior

RIDGE = 1e-6
SILENCE_SPECTRA = 2_048
REFIT_SPECTRA = 40_000
HELD_BACK = 5  # one in so many tells whether the solution holds for others


@torch.no_grad()
def disconnect_silent(model: SpectraVAE, data: TrainingSet, guided: Tensor) -> None:
    """Cut free neurons that carry at most 0.01 nats off the decoder, in place.

    Their codes are noise drawn from the prior, so what they still move is a remainder of training
    that shrinks with its length and means nothing.
    """
    batch = data.batch(SILENCE_SPECTRA, np.random.default_rng(0))
    q = model.encoder(batch.value.to(guided.device), batch.mask.to(guided.device))
    silent = (kl_to_prior(q).mean(dim=0) <= ACTIVE_NATS) & ~guided
    first = model.decoder.hidden[0]
    assert isinstance(first, torch.nn.Linear)
    first.weight[:, silent] = 0.0


@torch.no_grad()
def refit_output(model: SpectraVAE, data: TrainingSet, guided: Tensor) -> None:
    """Solve the decoder's output layer exactly: given the features it is a linear regression.

    Ridge towards the trained weights, in float64, on the true codes with random free neurons;
    what gradient steps leave of the mean error goes, a third of the whole error with it. Nothing
    changes where the solution of four fifths of the spectra makes the last fifth worse: few spectra
    determine that many weights badly.
    """
    n = min(len(data.clean), REFIT_SPECTRA)
    where = guided.device
    codes = torch.from_numpy(data.codes[:n]).to(where)
    codes = torch.where(guided, codes, torch.randn_like(codes))
    layer = model.decoder.out
    width = layer.in_features + 1
    gram = torch.zeros(2, width, width, dtype=torch.float64, device=where)  # seen, held back
    moment = torch.zeros(2, width, layer.out_features, dtype=torch.float64, device=where)
    seen = n - n // HELD_BACK
    for part, every in enumerate((torch.arange(seen), torch.arange(seen, n))):
        for rows in torch.split(every, 4096):
            h = model.decoder.features(codes[rows])
            error = torch.from_numpy(data.clean[rows.numpy()]).to(where) - layer(h)
            h1 = torch.cat([h, torch.ones_like(h[:, :1])], dim=1).double()
            gram[part] += h1.T @ h1
            moment[part] += h1.T @ error.double()
    tried = _solved(gram[0], moment[0])
    if (tried * (gram[1] @ tried - 2 * moment[1])).sum() > 0:  # the held back's squared error grew
        return
    change = _solved(gram.sum(dim=0), moment.sum(dim=0)).to(layer.weight.dtype)
    layer.weight.add_(change[:-1].T)
    layer.bias.add_(change[-1])


def _solved(gram: Tensor, moment: Tensor) -> Tensor:
    """The ridge regression of normal equations (p, p), (p, N): weights (p, N)."""
    unit = torch.eye(len(gram), dtype=gram.dtype, device=gram.device)
    weights: Tensor = torch.linalg.solve(gram + RIDGE * gram.diagonal().mean() * unit, moment)
    return weights
