"""``spectra-vae generate``: a spectrum from factors."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence

from ..text.message import SpectraVaeError
from .chosen import add_choice, model_of


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Make the command known."""
    parser = commands.add_parser("generate", help="a spectrum from factors, as CSV")
    parser.add_argument("factors", nargs="*", metavar="NAME=VALUE", help="intensity=1.2 …")
    add_choice(parser, "this mineral's own table, without a model")
    parser.set_defaults(command=run)


def run(arguments: argparse.Namespace) -> int:
    """Print the spectrum as CSV."""
    factors = dict(map(_factor, arguments.factors))
    made = _of_table if arguments.mineral else _of_model
    wavenumber, intensity = made(arguments, factors)  # refused before anything is printed
    print("wavenumber_cm-1,intensity")
    for x, y in zip(wavenumber, intensity, strict=True):
        print(f"{x:.6g},{y:.6g}")
    return 0


def _of_table(
    arguments: argparse.Namespace, factors: Mapping[str, float]
) -> tuple[Sequence[float], Sequence[float]]:
    from ..minerals import mineral

    m = mineral(arguments.mineral)
    return m.axis.tolist(), m.spectrum(m.axis, **factors).tolist()


def _of_model(
    arguments: argparse.Namespace, factors: Mapping[str, float]
) -> tuple[Sequence[float], Sequence[float]]:
    from ..spectrometer import load

    spectrum = load(model_of(arguments)).generate(**factors)
    return spectrum.wavenumber.tolist(), spectrum.intensity.tolist()


def _factor(given: str) -> tuple[str, float]:
    name, _, value = given.partition("=")
    try:
        return name, float(value)
    except ValueError:
        raise SpectraVaeError("error.factor_argument", given=given[:80]) from None
