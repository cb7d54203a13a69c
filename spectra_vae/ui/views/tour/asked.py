"""What the server does for the tour: an example restored, and the numbers beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from dash import html

from ....examples import example
from ....minerals import mineral
from ....readers import read_spectrum
from ....text.message import Message, say
from ...components.band_table import shown
from ...services import Services
from ...shell.layout import rich
from .steps import GUIDED, MINERAL, STEPS

if TYPE_CHECKING:
    from ....measure.restore import Estimate, Restoration

STOPS = ("very-noisy", "noisy", "clean")  # the examples under the restoration's slider
ESTIMATES = ("hydration", "crystallinity")
FOREIGN = (1086.0, 9.0)  # position and FWHM of calcite's strongest band, cm⁻¹
NEAR_MAIN = 40.0  # cm⁻¹ either side of ν1


def asked(ask: Any) -> tuple[str, float] | None:
    """Step and slider of a page that asks for a restoration; None if it asks for nothing."""
    name = ask.get("step") if isinstance(ask, dict) else None
    step = next((s for s in STEPS if s.name == name and s.opens == "/restore"), None)
    if step is None:
        return None
    value = ask.get("value")
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) < 1e6:
        value = step.start
    return step.name, min(max(float(value), step.low), step.high)


def restored(services: Services, step: str, value: float) -> Restoration:
    """The example of ``restoration``, or that of ``alien`` with its foreign band."""
    if step == "restoration":
        name = STOPS[round(value)]
        return services.restored(GUIDED, example(name), f"{name}.csv")
    return services.restored(GUIDED, with_foreign_band(value), "foreign.csv")


def with_foreign_band(height: float) -> bytes:
    """The noisy example as text with calcite's strongest band, ``height`` relative to ν1."""
    spectrum = read_spectrum(example("noisy"), "noisy.csv")
    x, y = spectrum.wavenumber, spectrum.intensity
    position, width = FOREIGN
    near = y[np.abs(x - mineral(MINERAL).main.position) < NEAR_MAIN]
    band = np.exp(-4 * np.log(2) * ((x - position) / width) ** 2)
    y = y + height * float(near.max() - np.median(near)) * band
    return "\n".join(f"{a:.1f},{b:.1f}" for a, b in zip(x, y, strict=True)).encode()


def numbers(r: Restoration, step: str, spoken: str, put: bool = True) -> list[Any]:
    """The two statistics of a step; ``put``: there is a foreign band to find."""
    if step == "restoration":
        return [_estimate(name, r.estimates[name], spoken) for name in ESTIMATES]
    verdict = say(Message(f"restore.{r.novelty.verdict}"), spoken)
    found = (
        [f"{r.unexplained[0].position:.0f} cm", html.Sup("−1")] if r.unexplained else [none(spoken)]
    )
    return [
        statistic("novelty", [f"{r.novelty.score:.2f}"], spoken, verdict),
        statistic("foreign" if put else "foreign_none", found, spoken),
    ]


def none(spoken: str) -> str:
    return say(Message("tour.none"), spoken)


def statistic(name: str, value: list[Any], spoken: str, beside: str = "") -> list[Any]:
    """A large number, what stands beside it, and what it is."""
    caption = html.Div(rich(say(Message(f"tour.number_{name}"), spoken)), className="caption")
    return [html.B(value), html.Span(beside, className="beside"), caption]


def _estimate(name: str, one: Estimate, spoken: str) -> list[Any]:
    if not one.known or one.value is None or one.low is None or one.high is None:
        return statistic(name, [say(Message("restore.unknown"), spoken)], spoken)
    between = {"low": shown(one.low, 2), "high": shown(one.high, 2)}
    return statistic(
        name, [shown(one.value, 2)], spoken, say(Message("restore.to", between), spoken)
    )
