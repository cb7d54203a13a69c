"""β over the steps, as pure functions.

``constant`` and ``linear`` weigh the KL; ``cyclical`` repeats the warm-up (Fu et al. 2019);
``capacity`` asks for a KL of C(t) nats and weighs the distance from it (Burgess et al. 2018).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["constant", "linear", "cyclical", "capacity"]
KINDS: tuple[Kind, ...] = ("constant", "linear", "cyclical", "capacity")


@dataclass(frozen=True)
class Schedule:
    """``warmup``: share of the steps (of each cycle) in which β or C rises; ``capacity``: nats.

    >>> Schedule("linear", warmup=0.5).beta(step=25, steps=100, beta=60.0)
    30.0
    """

    kind: Kind = "constant"
    warmup: float = 0.15
    cycles: int = 4
    capacity: float = 20.0

    def beta(self, step: int, steps: int, beta: float) -> float:
        """Weight of the KL at ``step`` of ``steps``."""
        if self.kind == "linear":
            return beta * _ramp(step / steps, self.warmup)
        if self.kind == "cyclical":
            return beta * _ramp(((step - 1) / steps * self.cycles) % 1.0, self.warmup)
        return beta

    def target(self, step: int, steps: int) -> float:
        """C(t): the KL asked for at ``step``, nats; 0 except under ``capacity``."""
        if self.kind == "capacity":
            return self.capacity * _ramp(step / steps, self.warmup)
        return 0.0


def _ramp(share: float, warmup: float) -> float:
    return 1.0 if warmup <= 0 else min(share / warmup, 1.0)
