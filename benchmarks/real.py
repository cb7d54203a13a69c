"""Measured files of pure substances through one mineral's model: is any other one taken for it?

    python -m benchmarks.real [--model MODEL] [--only WORD] [--at own|10|16|failing …]

Every file of the folders in $SPECTRA_VAE_DATA (default ../shared/data beside the project), at its
own resolution and as instruments of 10 and 16 cm⁻¹ would show it with a signal-to-noise of 300; the
files named after the mineral are the right ones, told with the share of normal files that score
lower. All of them were seen while the verdicts were made, so the counts are no independent
judgement. Then the small inputs that were got wrong once, each beside its right answer.
"""

from __future__ import annotations

import argparse
import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.ndimage import gaussian_filter1d

import spectra_vae as sv
from spectra_vae.spectrometer import VirtualSpectrometer

from .machine import machine

ROOT = Path(__file__).resolve().parents[1]
DATA = Path(os.environ.get("SPECTRA_VAE_DATA", ROOT / "../shared/data"))
FOLDERS = ("gypsum", "library", "other", "formats")
BLURS = {"own": None, "10": 10.0, "16": 16.0}  # cm⁻¹
FAILING = "failing"
OWN = 4.0  # cm⁻¹, assumed of the files
STEP = 0.5  # cm⁻¹
SIGNAL_TO_NOISE = 300.0
NORMAL, OTHER, UNSURE = "normal", "alien", "undecided"
RIGHT = {
    "f01": (OTHER,),
    "f02": (OTHER,),
    "f03": (NORMAL,),
    "f04": (NORMAL,),
    "f05": (NORMAL,),
    "f06": (OTHER,),
    "f07": (UNSURE,),
    "f08": (NORMAL,),
    "f10": (NORMAL,),
    "f11": (OTHER, UNSURE),
    "f12": (NORMAL,),
    "f13": (NORMAL,),
    "f14": (NORMAL,),
}


@dataclass(frozen=True)
class Asked:
    """A measured file, and whether it is the mineral's."""

    name: str
    spectrum: sv.Spectrum
    right: bool


def files(mineral: str) -> Iterator[Asked]:
    """Those that can be read, the mineral's own among them."""
    for folder in FOLDERS:
        for path in sorted((DATA / folder).iterdir()):
            right = folder == mineral or mineral in path.name.lower()
            try:
                spectrum = sv.read_spectrum(path)
            except sv.SpectraVaeError:
                continue
            yield Asked(path.name, spectrum, right)


def blurred(spectrum: sv.Spectrum, resolution: float, seed: int) -> sv.Spectrum:
    """As a coarser instrument would show it, its points a quarter of that apart at most."""
    x, y = spectrum.wavenumber, spectrum.intensity
    sigma = np.sqrt(resolution**2 - OWN**2) / np.sqrt(8 * np.log(2))
    even = np.arange(x[0], x[-1], STEP)
    curve = np.interp(x, even, gaussian_filter1d(np.interp(even, x, y), sigma / STEP))
    noise = np.ptp(curve) / SIGNAL_TO_NOISE
    return sv.Spectrum(x, curve + noise * np.random.default_rng(seed).normal(size=len(x)))


def verdicts(vs: VirtualSpectrometer, asked: list[Asked], blur: float | None) -> None:
    told: dict[str, Counter[str]] = {}
    wrong, own = [], []
    for k, one in enumerate(asked):
        spectrum = one.spectrum if blur is None else blurred(one.spectrum, blur, k)
        try:
            novelty = vs.restore(spectrum).novelty
        except sv.SpectraVaeError:
            continue
        kind = vs.mineral.name if one.right else "others"
        told.setdefault(kind, Counter())[novelty.verdict] += 1
        if one.right:
            percentile = novelty.percentile
            at = "–" if percentile is None else f"{percentile:.2f}"
            own.append(f"  {one.name}: {novelty.verdict}, {novelty.score:.3f} at {at}")
        if (novelty.verdict == NORMAL) != one.right:
            why = "; ".join(str(m) for m in novelty.why)
            wrong.append(f"  {one.name}: {novelty.verdict}, {novelty.score:.3f}: {why}")
    print("\nat their own resolution" if blur is None else f"\nblurred to {blur:g} cm⁻¹")
    for kind, counted in told.items():
        print(f"  {kind}: " + ", ".join(f"{n} {verdict}" for verdict, n in counted.most_common()))
    print(*own, sep="\n")
    undecided = [line for line in wrong if f": {UNSURE}," in line]
    for line in (line for line in wrong if line not in undecided):
        print("  wrong:" + line)
    for line in undecided:
        print("  unsure:" + line)


def failing(vs: VirtualSpectrometer) -> None:
    print("\ninputs that were got wrong once")
    for path in sorted((DATA / "failing").iterdir()):
        expected = RIGHT.get(path.name[:3])
        if expected is None:
            continue
        r = vs.restore(sv.read_spectrum(path))
        known = [name for name, one in r.estimates.items() if one.known]
        mark = "right" if r.novelty.verdict in expected else "WRONG"
        why = "; ".join(str(m) for m in r.novelty.why)
        print(f"  {mark}  {path.name}: {r.novelty.verdict}; known: {', '.join(known)}; {why}")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--model", default="gypsum")
    parser.add_argument("--only", default="", help="files whose name holds this word")
    parser.add_argument("--at", nargs="*", choices=(*BLURS, FAILING), default=(*BLURS, FAILING))
    given = parser.parse_args()
    print(machine())
    vs = sv.load(given.model)
    asked = [one for one in files(vs.mineral.name) if given.only in one.name]
    for name, blur in BLURS.items():
        if name in given.at:
            verdicts(vs, asked, blur)
    if FAILING in given.at:
        failing(vs)


if __name__ == "__main__":
    main()
