"""Adam (Kingma & Ba 2015, arXiv:1412.6980) by torch's fused kernel.

The classes of ``torch.optim`` import torch's compiler when they are made, two seconds at the start
of every training. Their functional form does the same arithmetic and needs none.
"""

from __future__ import annotations

import torch
from torch import nn
from torch.optim.adam import adam

DECAYS = (0.9, 0.999)  # of the two moments
LEAST = 1e-8  # of a slope's typical size


class Adam:
    """``moments`` of a model's parameters, by name: ``step`` (), ``exp_avg`` and ``exp_avg_sq`` as
    the parameter.
    """

    def __init__(self, model: nn.Module) -> None:
        self.parameters = dict(model.named_parameters())
        self.moments = {
            name: {
                "step": torch.zeros((), device=p.device),
                "exp_avg": torch.zeros_like(p),
                "exp_avg_sq": torch.zeros_like(p),
            }
            for name, p in self.parameters.items()
        }

    @torch.no_grad()
    def step(self, rate: float) -> None:
        """Move every parameter that has a slope by about ``rate`` against it."""
        slopes = {k: p.grad for k, p in self.parameters.items() if p.grad is not None}
        adam(
            [self.parameters[k] for k in slopes],
            list(slopes.values()),
            [self.moments[k]["exp_avg"] for k in slopes],
            [self.moments[k]["exp_avg_sq"] for k in slopes],
            [],
            [self.moments[k]["step"] for k in slopes],
            fused=True,
            amsgrad=False,
            beta1=DECAYS[0],
            beta2=DECAYS[1],
            lr=rate,
            weight_decay=0.0,
            eps=LEAST,
            maximize=False,
        )
