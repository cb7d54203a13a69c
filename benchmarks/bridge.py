"""The same mineral state through two instruments: how far apart are its codes?

    python -m benchmarks.bridge [MODEL …] [--n N] [--still] [--counts C] [--step S]

Each state is seen once through ``lab-532`` and once through ``rasetti``, each with a shift, an
intensity, a background and noise of its own. ``σ``: the difference of the codes over the root of
the sum of their variances. ``apart``: the difference in the factor's own unit, so that large
uncertainties alone can't look good. ``said``: its stated standard deviation, in the same unit.
``hold``: the share of 90 % intervals that hold the truth, by instrument. ``AUC``: how well the
distance tells two states from one, every state being compared with another one, too. ``--still``
leaves crystal orientation out; ``--counts`` gives both instruments that many; ``--step``: files
with a point every S cm⁻¹, not on the model's own axis.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

import spectra_vae as sv
from spectra_vae.measure.compare import compare
from spectra_vae.measure.fitting.fit_result import Z90
from spectra_vae.measure.report.restoration import Restoration
from spectra_vae.simulation.instrument import Instrument
from spectra_vae.spectrometer import VirtualSpectrometer

from .machine import machine

Array = NDArray[np.float64]

DEVICES = ("lab-532", "rasetti")
MIDDLE = (0.05, 0.95)
MODELS = ("gypsum", "gypsum-bridge")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("models", nargs="*", default=MODELS)
    parser.add_argument("--n", type=int, default=400)
    parser.add_argument("--still", action="store_true")
    parser.add_argument("--counts", type=float)
    parser.add_argument("--step", type=float)
    given = parser.parse_args()
    print(machine())
    print(
        f"{given.n} states through {' and '.join(DEVICES)}"
        + (", no crystal orientation" if given.still else "")
        + (f", {given.counts:.0f} counts" if given.counts else "")
        + (f", a point every {given.step:g} cm⁻¹" if given.step else "")
    )
    print(
        f"{'model':16}{'resolution':12}{'factor':15}{'known':>6}{'median σ':>10}"
        f"{'apart':>8}{'said':>8}{'hold: lab':>11}{'plate':>7}"
    )
    for name in given.models:
        vs = sv.load(name)
        devices = [_device(d, given.still, given.counts) for d in DEVICES]
        axis = np.arange(100.0, 4000.0, given.step) if given.step else vs.wavenumber
        states, measured = _measured(vs, devices, given.n, axis)
        for told in (False,) if vs.bridges else (False, True):
            rows = [
                vs.restore(some, resolution=device.resolution if told else None)
                for some, device in zip(measured, devices, strict=True)
            ]
            _report(vs, rows, states, "told" if told else "not told")


def _device(name: str, still: bool, counts: float | None) -> Instrument:
    device = Instrument.preset(name)
    device = replace(device, orientation=None) if still else device
    return device.at(counts) if counts else device


def _measured(
    vs: VirtualSpectrometer, devices: Sequence[Instrument], n: int, axis: Array
) -> tuple[dict[str, Array], list[list[sv.Spectrum]]]:
    """True states {factor: (n,)} and n spectra of them through each instrument."""
    rng = np.random.default_rng(29)
    states = {f.name: f.low + (f.high - f.low) * rng.uniform(*MIDDLE, n) for f in vs.mineral.state}
    measured = []
    for seed, device in enumerate(devices, 31):
        x = axis[device.recorded(axis).any(axis=0)]
        data = sv.simulate(vs.mineral.name, n, device, seed, factors=states, wavenumber=x)
        measured.append([sv.Spectrum(x, y) for y in data.dirty])
    return states, measured


def _report(
    vs: VirtualSpectrometer,
    rows: Sequence[list[Restoration]],
    states: dict[str, Array],
    told: str,
) -> None:
    same = [compare(vs, a, b) for a, b in zip(*rows, strict=True)]
    other = [compare(vs, a, b) for a, b in zip(rows[0], rows[1][1:] + rows[1][:1], strict=True)]
    for name, truth in states.items():
        pairs = [(c.factors[name], t) for c, t in zip(same, truth, strict=True)]
        known = [(f, t) for f, t in pairs if f.sigmas is not None]
        sigmas = np.abs([f.sigmas for f, _ in known])
        apart = np.abs([f.difference for f, _ in known])
        halves = np.array([[e.high - e.low for e in (f.a, f.b)] for f, _ in known]) / (2 * Z90)
        held = np.array([[e.low <= t <= e.high for e in (f.a, f.b)] for f, t in known])
        lab, plate = held.mean(axis=0)
        print(
            f"{vs.name:16}{told:12}{name:15}{len(known):6d}{np.median(sigmas):10.2f}"
            f"{np.median(apart):8.3f}{np.median(np.hypot(*halves.T)):8.3f}{lab:11.2f}{plate:7.2f}"
        )
    distances = [np.array([c.distance for c in some if c.distance]) for some in (same, other)]
    wrong = np.mean([c.same is False for c in same])
    print(
        f"{vs.name:16}{told:12}distance: median {np.median(distances[0]):.2f} σ, of other states"
        f" {np.median(distances[1]):.2f} σ, AUC {_auc(*distances):.3f};"
        f" one state taken for two: {100 * wrong:.1f} %",
        flush=True,
    )


def _auc(low: Array, high: Array) -> float:
    """Share of (low, high) pairs that are in this order."""
    ranks = rankdata(np.concatenate([low, high]))[len(low) :]
    return float((ranks.sum() - len(high) * (len(high) + 1) / 2) / (len(low) * len(high)))


if __name__ == "__main__":
    main()
