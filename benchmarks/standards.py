"""Measured standards: does the strongest band stand where the file itself has its apex?

    python -m benchmarks.standards [MINERAL …]

Every file of polystyrene, silicon and calcite in the folders of :mod:`.real`, restored through its
mineral's model and identified; the main band's position with its 90 % interval beside the apex of
the measurement itself: of the parabola through the logarithms of the points of its top, over a
baseline. Asked: within .3 cm⁻¹, and in the interval.
"""

from __future__ import annotations

import argparse

import numpy as np

import spectra_vae as sv
from spectra_vae.library.background import start

from .machine import machine
from .real import files

STANDARDS = ("polystyrene", "silicon", "calcite")
NEAR = 25.0  # cm⁻¹: as far may an axis be off
NEAREST = 0.3  # cm⁻¹
OF_TOP = 0.9  # points as high beside each other are the top; three at least

Place = tuple[float, float, float]  # low, position, high


def apex(spectrum: sv.Spectrum, main: float) -> float:
    """The file's own tallest maximum near the table's main band, cm⁻¹."""
    x, y = spectrum.wavenumber, spectrum.intensity
    y = y - start(x, y, np.isfinite(y))
    top = int(np.where(abs(x - main) < NEAR, y, -np.inf).argmax())
    low, high = top - 1, top + 1
    while y[low - 1] > OF_TOP * y[top]:
        low -= 1
    while y[high + 1] > OF_TOP * y[top]:
        high += 1
    some = slice(low, high + 1)
    curved, sloped, _ = np.polyfit(x[some] - x[top], np.log(y[some]), 2, w=y[some])
    return float(x[top] - sloped / (2 * curved))


def restored(spectrum: sv.Spectrum, name: str) -> Place | None:
    one = sv.load(name).restore(spectrum).quantities["position"]
    if one.value is None or one.low is None or one.high is None:
        return None
    return one.low, one.value, one.high


def identified(spectrum: sv.Spectrum, main: float) -> Place | None:
    near = [b for b in sv.identify(spectrum).bands if abs(b.position - main) < NEAR]
    if not near:
        return None
    tallest = max(near, key=lambda b: b.height)
    low, high = tallest.position_interval
    return low, tallest.position, high


def told(place: Place | None, top: float) -> str:
    if place is None:
        return "–"
    low, position, high = place
    wrong = "" if abs(position - top) <= NEAREST else " FAR"
    held = "" if low <= top <= high else " NOT HELD"
    return f"{position - top:+.2f} ({low - top:+.2f} to {high - top:+.2f}){wrong}{held}"


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("minerals", nargs="*", default=STANDARDS)
    print(machine())
    print("| file | apex, cm⁻¹ | restored, less that | identified, less that |")
    print("|---|---|---|---|")
    for name in parser.parse_args().minerals:
        place = sv.mineral(name).main.position
        for one in files(name):
            x = one.spectrum.wavenumber
            if not one.right or name not in one.name.lower() or not x[0] < place < x[-1]:
                continue
            top = apex(one.spectrum, place)
            fit = told(restored(one.spectrum, name), top)
            known = told(identified(one.spectrum, place), top)
            print(f"| {one.name} | {top:.2f} | {fit} | {known} |", flush=True)


if __name__ == "__main__":
    main()
