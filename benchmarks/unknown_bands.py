"""The bands of a file that no mineral explains: how many are found, and do their intervals hold?

    python -m benchmarks.unknown_bands [--n N] [--measured]

Simulated: 4 to 13 pseudo-Voigt bands (FWHM 6–22 cm⁻¹, any mixing, heights .05–1, none nearer to
another than its width) on a curved background, photon noise of 200 to 10 000 counts. A band counts
where it stands four σ out of the noise at its apex. ``--measured``: how much is left over
in each file of ``library`` of SPECTRA_VAE_DATA, ../shared/data, and how long it took.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

import spectra_vae as sv
from spectra_vae.identification.result import MeasuredBand
from spectra_vae.minerals.profile import Profiles, unit_area

from .machine import machine

Array = NDArray[np.float64]

OUT = 4.0  # σ at the apex
NEAR = 0.5  # widths, between a band and what was found of it
DATA = Path(os.environ.get("SPECTRA_VAE_DATA", Path(__file__).resolve().parents[2] / "shared/data"))
NUMBERS = ("position", "height", "fwhm", "area")


class Unknown(NamedTuple):
    """A simulated file and its bands."""

    spectrum: sv.Spectrum
    bands: Profiles
    out: NDArray[np.bool_]


def unknown(rng: np.random.Generator) -> Unknown:
    """A file of bands that stand apart."""
    x = np.arange(120.0, 1700.0, rng.choice([1.0, 2.0]))
    count = int(rng.integers(4, 14))
    position, width = np.sort(rng.uniform(160, 1650, count)), rng.uniform(6, 22, count)
    height = np.exp(rng.uniform(np.log(0.05), 0.0, count))
    wider = np.maximum(width[1:], width[:-1])
    apart = np.append(True, np.diff(position) > wider)
    bands = Profiles(position, height / height.max(), width, rng.uniform(0, 1, count))[apart]
    hump = np.exp(-0.5 * ((x - rng.uniform(300, 1500)) / rng.uniform(200, 500)) ** 2)
    under = rng.uniform(-0.4, 0.6) * (x - 900) / 800 + rng.uniform(0, 0.8) * hump
    under += rng.uniform(0.1, 1.0) - min(float(under.min()), 0.0)
    counts = 10 ** rng.uniform(2.3, 4.0)
    clean = bands.at(x).sum(axis=0) + under
    noise = np.sqrt(np.interp(bands.position, x, clean) / counts)
    spectrum = sv.Spectrum(x, rng.poisson(counts * clean).astype(float))
    return Unknown(spectrum, bands.times(counts), bands.height > OUT * noise)


def timed(call: Callable[[], sv.Identification]) -> tuple[sv.Identification, float]:
    """What it gives, and the seconds of processor that it took."""
    start = time.process_time()
    return call(), time.process_time() - start


def simulated(n: int) -> None:
    rng = np.random.default_rng(7)
    held: dict[str, list[bool]] = {name: [] for name in NUMBERS}
    kept, seconds, there, elsewhere = [], [], 0, 0
    for _ in range(n):
        file = unknown(rng)
        found, took = timed(lambda file=file: sv.identify(file.spectrum))  # type: ignore[misc]
        if found.verdict != "unknown":
            continue
        seconds.append(took)
        there += int(file.out.sum())
        pairs = list(matched(file, found.bands))
        elsewhere += sum(not stands(file, band) for band in found.bands)
        for truth, band in pairs:
            kept.append(band.area / truth["area"])
            for name in NUMBERS:
                low, high = getattr(band, f"{name}_interval")
                held[name].append(low <= truth[name] <= high)
    covered = ", ".join(f"{name} {np.mean(some):.2f}" for name, some in held.items())
    low, middle, high = np.quantile(kept, [0.05, 0.5, 0.95])
    print(
        f"{len(seconds)} of {n} files unknown; {len(kept)} bands found for {there} that stand out"
    )
    print(f"{elsewhere / len(seconds):.2f} a file where none is")
    print(f"area, of the truth: {middle:.2f}, 5 to 95 %: {low:.2f} to {high:.2f}")
    print(f"90 % intervals hold the truth: {covered}")
    print(f"{1e3 * np.median(seconds):.0f} ms a file, longest {1e3 * max(seconds):.0f}")


def matched(
    file: Unknown, found: tuple[MeasuredBand, ...]
) -> Iterator[tuple[dict[str, float], MeasuredBand]]:
    """Each band that stands out with what was found of it."""
    columns = zip(*file.bands.columns, file.out, strict=True)
    for position, height, width, mixing, out in columns:
        near = min(found, key=lambda band: abs(band.position - position), default=None)
        if out and near is not None and abs(near.position - position) < NEAR * width:
            area = height * width * float(unit_area(mixing))
            yield {"position": position, "height": height, "fwhm": width, "area": area}, near


def stands(file: Unknown, band: MeasuredBand) -> bool:
    """Is there a band, however faint, or the flank of one?"""
    away = np.abs(file.bands.position - band.position)
    return bool((away < np.maximum(file.bands.width, band.fwhm)).any())


def measured() -> None:
    """Every file as if its own mineral were in no library."""
    left, seconds = [], []
    for path in sorted((DATA / "library").glob("*.txt")):
        spectrum = sv.read_spectrum(path)
        found, took = timed(lambda spectrum=spectrum: sv.identify(spectrum, ["diamond"]))  # type: ignore[misc]
        if found.verdict != "unknown":
            continue
        seconds.append(took)
        left.append(float(np.sqrt(np.mean(found.residual**2) / np.mean(found.restored**2))))
        print(
            f"{path.stem[:40]:40s} {len(found.bands):3d} bands, {left[-1]:.3f} left, {took:.2f} s"
        )
    most, middle = max(left), np.median(left)
    print(f"{len(left)} files: left over {middle:.3f} of the bands' RMS, at most {most:.3f}")
    print(f"{np.median(seconds):.2f} s a file, longest {max(seconds):.2f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--n", type=int, default=100)
    parser.add_argument("--measured", action="store_true")
    asked = parser.parse_args()
    print(machine())
    measured() if asked.measured else simulated(asked.n)


if __name__ == "__main__":
    main()
