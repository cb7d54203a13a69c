"""``spectra-vae generate``: a spectrum from factors."""

from __future__ import annotations

import argparse

from ..text.message import SpectraVaeError


def add(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Make the command known."""
    parser = commands.add_parser("generate", help="a spectrum from factors, as CSV")
    parser.add_argument("factors", nargs="*", metavar="NAME=VALUE", help="intensity=1.2 …")
    parser.add_argument("--model", default="gypsum")
    parser.set_defaults(command=run)


def run(arguments: argparse.Namespace) -> int:
    """Print the spectrum as CSV."""
    from ..spectrometer import load

    factors = dict(map(_factor, arguments.factors))
    spectrum = load(arguments.model).generate(**factors)
    print("wavenumber_cm-1,intensity")
    for x, y in zip(spectrum.wavenumber, spectrum.intensity, strict=True):
        print(f"{x:.6g},{y:.6g}")
    return 0


def _factor(given: str) -> tuple[str, float]:
    name, _, value = given.partition("=")
    try:
        return name, float(value)
    except ValueError:
        raise SpectraVaeError("error.factor_argument", given=given[:80]) from None
