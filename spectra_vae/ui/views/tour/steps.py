"""The steps of the tour as data: what each slider moves, and what is read off the curve."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

MINERAL = "gypsum"
GUIDED, UNTOLD = "gypsum", "gypsum-unsupervised"
STUDY, STUDY_PLAIN = "gypsum-study", "gypsum-study-robust"
WATER, WIDTH, SILENT = 7, 2, 0  # neurons of STUDY as they came: nobody chose their numbers
PLAIN_WATER, PLAIN_WIDTH = 4, 7  # those of STUDY_PLAIN that move most of either
TURNS = 30.0  # the β at which a seed of the study turned the axes
STUDY_CODES = (-5.0, 3.0)  # as far as the original study drew its neurons


@dataclass(frozen=True)
class Variant:
    """A model and the neuron that the step's slider moves.

    ``found``: what the neuron was found to move, where nobody had named it. ``low`` and ``high``:
    the slider's ends where they aren't the neuron's own.
    """

    model: str
    neuron: int
    found: Literal["water", "width", ""] = ""
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Step:
    """One screen: its slider, its two numbers and the view that it leads to.

    Either the slider moves the neuron of the chosen one of ``variants``, or it has a range of
    its own, ``low`` … ``high`` in steps of ``by``. ``grey``: what the noisy trace is made of,
    the ``live`` curve or the ``reference``. ``served``: the server draws the figure and counts.
    """

    name: str
    numbers: tuple[str, str]
    opens: str = "/"
    variants: tuple[Variant, ...] = ()
    grey: str | None = None
    low: float = 0.0
    high: float = 0.0
    by: float = 0.0
    start: float = 0.0
    served: bool = False


_WATER = Variant(STUDY, WATER, "water")
_WIDTH = Variant(STUDY, WIDTH, "width")
_PLAIN_WATER = Variant(STUDY_PLAIN, PLAIN_WATER)
_PLAIN_WIDTH = Variant(STUDY_PLAIN, PLAIN_WIDTH)
_FURTHER = tuple(Variant(v.model, v.neuron, v.found, *STUDY_CODES) for v in (_WATER, _WIDTH))

STEPS = (
    Step("bands", ("share", "difference"), low=1, high=10, by=1, start=1),
    Step("dirty", ("signal", "signal_water"), variants=(Variant(GUIDED, 6),), grey="live"),
    Step("entangled", ("water", "fwhm"), variants=(_PLAIN_WATER, _PLAIN_WIDTH)),
    Step("beta", ("kl", "change"), "/neurons", (_WATER, _WIDTH, Variant(STUDY, SILENT))),
    Step("map", ("row_water", "row_sulfate"), "/neurons", (_WATER, _PLAIN_WATER)),
    Step("anhydrite", ("water", "sulfate"), variants=(_WATER, _FURTHER[0])),
    Step("crystal", ("fwhm", "sulfate"), variants=(_WIDTH, _FURTHER[1]), grey="reference"),
    Step("seeds", ("own", "other"), "/beta-lab", high=7, by=1, start=1, served=True),
    Step("factors", ("active", "aligned"), "/beta-lab", high=3, by=1, served=True),
    Step("guided", ("water", "position"), variants=(Variant(UNTOLD, 0), Variant(GUIDED, 3))),
    Step(
        "restoration",
        ("hydration", "crystallinity"),
        "/restore",
        high=2,
        by=1,
        start=1,
        served=True,
    ),
    Step("alien", ("novelty", "foreign"), "/restore", high=0.5, by=0.02, served=True),
)
SERVED = tuple(step for step in STEPS if step.served)

HUES = {"water": "water", "sulfate": "sulfate", "fwhm": "structure"}  # of the steps' numbers


def hue_class(number: str) -> str:
    """The class that gives a number its hue, or none."""
    return f"hue-{HUES[number]}" if number in HUES else ""
