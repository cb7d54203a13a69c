"""The ten steps of the tour as data: what each slider moves, and what is read off the curve."""

from __future__ import annotations

from dataclasses import dataclass

MINERAL = "gypsum"
GUIDED, UNTOLD, PLAIN = "gypsum", "gypsum-unsupervised", "gypsum-robust"


@dataclass(frozen=True)
class Variant:
    """A model and the neuron that the step's slider moves."""

    model: str
    neuron: int


@dataclass(frozen=True)
class Step:
    """One screen: its slider, its two numbers and the view that it leads to.

    Either the slider moves the neuron of the chosen one of ``variants``, or it has a range of
    its own, ``low`` … ``high`` in steps of ``by``. ``grey``: what the noisy trace is made of,
    the ``live`` curve or the ``reference``.
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


STEPS = (
    Step("bands", ("share", "difference"), low=1, high=10, by=1, start=1),
    Step("dirty", ("signal", "signal_water"), variants=(Variant(GUIDED, 6),), grey="live"),
    Step("entangled", ("water", "sulfate"), variants=(Variant(PLAIN, 1),)),
    Step("beta", ("water", "position"), variants=(Variant(UNTOLD, 0), Variant(GUIDED, 3))),
    Step(
        "silent",
        ("kl", "change"),
        "/neurons",
        (Variant(GUIDED, 0), Variant(GUIDED, 6), Variant(GUIDED, 4)),
    ),
    Step("map", ("row_water", "row_sulfate"), "/neurons", (Variant(GUIDED, 3), Variant(PLAIN, 1))),
    Step("anhydrite", ("water", "sulfate"), variants=(Variant(GUIDED, 3),)),
    Step("crystal", ("fwhm", "sulfate"), variants=(Variant(GUIDED, 5),), grey="reference"),
    Step("restoration", ("hydration", "crystallinity"), "/restore", high=2, by=1, start=1),
    Step("alien", ("novelty", "foreign"), "/restore", high=0.5, by=0.02),
)

HUES = {"water": "water", "sulfate": "sulfate", "fwhm": "structure"}  # of the steps' numbers


def hue_class(number: str) -> str:
    """The class that gives a number its hue, or none."""
    return f"hue-{HUES[number]}" if number in HUES else ""
