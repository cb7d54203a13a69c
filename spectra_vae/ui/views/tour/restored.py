"""What the tour restores: an example, or one with a foreign band put into it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from ....examples import example
from ....minerals import mineral
from ....readers import read_spectrum
from .needs import Needs
from .steps import GUIDED, MINERAL, SERVED

if TYPE_CHECKING:
    from ....measure.restore import Restoration

STOPS = ("very-noisy", "noisy", "clean")  # the examples under the restoration's slider
FOREIGN = (1086.0, 9.0)  # position and FWHM of calcite's strongest band, cm⁻¹
NEAR_MAIN = 40.0  # cm⁻¹ either side of ν1


def asked(ask: Any) -> tuple[str, float] | None:
    """Step and slider of a page that asks for a figure; None if it asks for nothing."""
    name = ask.get("step") if isinstance(ask, dict) else None
    step = next((s for s in SERVED if s.name == name), None)
    if step is None:
        return None
    value = ask.get("value")
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < 1e6:
        value = step.start
    return step.name, min(max(float(value), step.low), step.high)


def restored(given: Needs, step: str, value: float) -> Restoration:
    """The example of ``restoration``, or that of ``alien`` with its foreign band."""
    name = STOPS[round(value)] if step == "restoration" else "foreign"
    content = with_foreign_band(value) if name == "foreign" else example(name)
    return given.restorations.of(GUIDED, given.files.put(content), f"{name}.csv")


def with_foreign_band(height: float) -> bytes:
    """The noisy example as text with calcite's strongest band, ``height`` relative to ν1."""
    spectrum = read_spectrum(example("noisy"), "noisy.csv")
    x, y = spectrum.wavenumber, spectrum.intensity
    position, width = FOREIGN
    near = y[np.abs(x - mineral(MINERAL).main.position) < NEAR_MAIN]
    band = np.exp(-4 * np.log(2) * ((x - position) / width) ** 2)
    y = y + height * float(near.max() - np.median(near)) * band
    return "\n".join(f"{a:.1f},{b:.1f}" for a, b in zip(x, y, strict=True)).encode()
