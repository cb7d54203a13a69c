"""What simulated spectra taught about a model's intervals and about how novel a normal one looks.

Made by ``python -m benchmarks.coverage --write`` and kept beside the model's weights.
"""

from __future__ import annotations

import json
from bisect import bisect
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

FILE = "calibration.json"
TOLD_DIGITS = 4  # of a score: below, nothing stands out and none is lower than another
CERTAIN = 0.999  # a thousand simulated spectra can't tell a larger share


@dataclass(frozen=True)
class Calibration:
    """Factors on linearised intervals, and the novelty of normal spectra, by signal quality.

    ``counts`` (D,) log₁₀ counts at ν1; ``scales`` {quantity: {"plain" | "oriented": (D,)}};
    ``novelty`` (D, Q) quantiles of the novelty's score at shares ``shares`` (Q,) of normal
    spectra; ``floors``: half a 90 % interval of each quantity where there is no noise left, in its
    own unit (the curve's: of the gain). ``digest``: of the weights it was made for; others are not
    calibrated by it.
    """

    digest: str = ""
    counts: tuple[float, ...] = ()
    scales: Mapping[str, Mapping[str, tuple[float, ...]]] = field(default_factory=dict)
    shares: tuple[float, ...] = ()
    novelty: tuple[tuple[float, ...], ...] = ()
    floors: Mapping[str, float] = field(default_factory=dict)

    def floor(self, name: str) -> float:
        """Half a 90 % interval that the model's own errors leave without any noise."""
        return self.floors.get(name, 0.0)

    def scale(self, name: str, counts: float, oriented: bool) -> float:
        """What a linearised interval is multiplied by; 1 where nothing is known."""
        by_counts = self.scales.get(name, {}).get("oriented" if oriented else "plain")
        if not by_counts:
            return 1.0
        low, high, share = self._between(counts)
        return (1 - share) * by_counts[low] + share * by_counts[high]

    def percentile(self, score: float, counts: float) -> float | None:
        """Share of normal spectra of this signal quality that score lower; None: not calibrated."""
        if not self.novelty:
            return None
        low, high, share = self._between(counts)
        quantiles = (1 - share) * self._quantiles[low] + share * self._quantiles[high]
        told = round(score, TOLD_DIGITS)
        return float(np.interp(told, quantiles, self.shares, left=0.0, right=CERTAIN))

    @cached_property
    def _quantiles(self) -> NDArray[np.float64]:
        return np.array(self.novelty)

    def _between(self, counts: float) -> tuple[int, int, float]:
        """The neighbours in ``counts``, and how far it is from the first to the second."""
        if len(self.counts) == 1:
            return 0, 0, 0.0
        k = min(max(bisect(self.counts, counts), 1), len(self.counts) - 1)
        low, high = self.counts[k - 1 : k + 1]
        return k - 1, k, min(max((counts - low) / (high - low), 0.0), 1.0)

    def save(self, folder: Path) -> None:
        """Write it into a model's folder."""
        text = json.dumps(asdict(self), indent=1, allow_nan=False)
        (folder / FILE).write_text(text + "\n", encoding="utf-8")

    @staticmethod
    def load(folder: Path, digest: str) -> Calibration:
        """Of the model in ``folder``, whose weights have this digest; empty if there is none."""
        try:
            told: dict[str, Any] = json.loads((folder / FILE).read_text(encoding="utf-8"))
            if told["digest"] != digest:
                return Calibration()
            return Calibration(
                digest,
                tuple(map(float, told["counts"])),
                {
                    name: {key: tuple(map(float, one)) for key, one in by.items()}
                    for name, by in told["scales"].items()
                },
                tuple(map(float, told["shares"])),
                tuple(tuple(map(float, row)) for row in told["novelty"]),
                {name: float(value) for name, value in told.get("floors", {}).items()},
            )
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return Calibration()
