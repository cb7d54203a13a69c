"""How disentangled a guided model's code is, beside what the noise allows.

    python -m benchmarks.scores [MODEL] [--n N] [--restored N] [--counts C…]

Fresh spectra, factors over 5–95 % of their ranges, orientation off, with and without a cubic
background; at fixed counts, so the neuron of the signal's quality has nothing true to tell.
``encode``: raw posterior means, silent neurons pruned; ``movers``: the same without
neurons that move no spectrum either, such as that of the signal's quality, which is no factor here;
``restore``: the code refined through the decoder, the scale's neuron from the gain, on the first
``--restored`` of the same spectra (it always assumes an unknown background); ``ceiling``: the truth
plus noise of each spectrum's own Cramér–Rao bound (nine more unknown coefficients where there is
a background) on as many.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass

import numpy as np

import spectra_vae as sv
from spectra_vae.analysis.bound import cramer_rao, shaping
from spectra_vae.analysis.diagnostics import noisy
from spectra_vae.analysis.metrics import dci, mcc, mig
from spectra_vae.simulation.trials import Trials, trials
from spectra_vae.spectrometer import VirtualSpectrometer

from .machine import machine

LEVELS = (10_000.0, 1_000.0, 100.0)
TOP = 3.0  # × ν1, the largest background


@dataclass(frozen=True)
class Scores:
    """DCI's three, MCC, MIG and MIG of each factor."""

    values: tuple[float, ...]
    per_factor: np.ndarray

    def line(self) -> str:
        shown = "".join(f"{v:8.3f}" for v in self.values)
        return shown + "   " + "".join(f"{v:6.2f}" for v in self.per_factor)


def scores(codes: np.ndarray, truth: np.ndarray) -> Scores:
    d, m = dci(codes, truth), mig(codes, truth)
    three = (d.disentanglement, d.completeness, d.informativeness)
    return Scores((*three, mcc(codes, truth), m.score), m.per_factor)


def living(vs: VirtualSpectrometer) -> list[int]:
    return [n.index for n in vs.neurons if not n.silent]


def moving(vs: VirtualSpectrometer) -> list[int]:
    return [n.index for n in vs.neurons if not n.inert]


def refined(vs: VirtualSpectrometer, data: Trials, n: int) -> np.ndarray:
    """Codes (n, latents) of restorations; the fit gives the scale as a gain."""
    found = vs.restore(data.spectra[:n])
    codes = np.array([r.code.mean for r in found])
    scale = vs.mineral.the("scale")
    if scale is not None and scale.name in vs.controls:
        codes[:, vs.controls[scale.name]] = scale.code([r.gain for r in found])
    return codes


def compare(vs: VirtualSpectrometer, counts: float, top: float, n: int, fewer: int) -> None:
    data = trials(vs.mineral, vs.wavenumber, n, counts, seed=101, top=top)
    names = shaping(vs.mineral)
    truth = np.column_stack([data.factors[name] for name in names])
    device = data.device.at(counts)
    args = (vs.mineral, data.wavenumber, data.factors, device, data.light)
    bound = cramer_rao(*args, background=top > 0)
    means, ideal = vs.encode(data.dirty).mean, noisy(truth, bound)
    ways = [("encode", means[:, living(vs)]), ("movers", means[:, moving(vs)]), ("ceiling", ideal)]
    if fewer:
        code = refined(vs, data, fewer)[:, living(vs)]
        ways += [("restore", code), ("ceiling", ideal[:fewer])]
    for name, codes in ways:
        found = scores(codes, truth[: len(codes)])
        background = "cubic" if top else "none"
        print(f"{counts:7.0f} {background:>6} {name:8}{len(codes):6d}{found.line()}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("model", nargs="?", default="gypsum")
    parser.add_argument("--n", type=int, default=5_000)
    parser.add_argument("--restored", type=int, default=1_000)
    parser.add_argument("--counts", type=float, nargs="*", default=LEVELS)
    given = parser.parse_args()
    print(machine())
    vs = sv.load(given.model)
    print(f"{vs.name} ({vs.card['supervision']}); orientation off; cubic up to {TOP:g} × ν1")
    print(f"factors and, on the right, their MIG: {', '.join(shaping(vs.mineral))}")
    heads = "".join(f"{h:>8}" for h in ("D", "C", "I", "MCC", "MIG"))
    print(f"{'counts':>7} {'ground':>6} {'code':8}{'n':>6}{heads}")
    for counts in given.counts:
        for top in (0.0, TOP):
            compare(vs, counts, top, given.n, given.restored)


if __name__ == "__main__":
    main()
