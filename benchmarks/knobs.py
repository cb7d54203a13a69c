"""Each knob does one thing: what every neuron of the shipped models moves, and how exactly.

    python -m benchmarks.knobs [MODEL…]

The guided model is compared with the truth (``mineral.spectrum``) in the same windows.
"""

from __future__ import annotations

import sys

import numpy as np

from spectra_vae import load
from spectra_vae.runs.evaluate import decode_rmse, evaluate
from spectra_vae.runs.report import knob_table
from spectra_vae.spectra.bands import area, peak
from spectra_vae.spectrometer import VirtualSpectrometer

from .machine import machine

SCAN = np.linspace(-3, 3, 25)


def exactness(vs: VirtualSpectrometer) -> dict[str, float]:
    """The numbers that the guided model must meet; areas relative to the truth's own."""
    x, m = vs.wavenumber, vs.mineral
    windows = m.spans

    def areas(group: str, curves: np.ndarray) -> np.ndarray:
        return area(x, curves, *windows[group])

    def scan(name: str, codes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        truth = m.spectrum(x, **{name: m.factor(name).value(codes)})
        return vs.scan(vs.controls[name], codes), truth

    def off(group: str, name: str) -> float:
        curves, truth = scan(name, SCAN)
        return float(np.abs(areas(group, curves) / areas(group, truth) - 1).max())

    dry, _ = scan("hydration", np.array([-3.0, -5.0]))
    water = areas("water", m.spectrum(x))
    near = (m.main.position - 40, m.main.position + 40)
    widths = [peak(x, y, *near)[2] for y in scan("crystallinity", np.array([-3.0, 3.0]))[0]]
    moved, _ = scan("shift", SCAN)
    positions = np.array([peak(x, y, *near)[0] for y in moved]) - m.main.position
    wanted = m.factor("shift").value(SCAN)
    silent = [n.index for n in vs.neurons if n.factor is None or n.factor == "purity"]
    still = [np.ptp(vs.scan(j, SCAN), axis=0).max() for j in silent]
    return {
        "decode RMSE, x v1": decode_rmse(vs),
        "water left at z = -3": float(np.abs(areas("water", dry[:1]) / water)[0]),
        "water left at z = -5": float(np.abs(areas("water", dry[1:]) / water)[0]),
        "lowest value without water": float(dry.min()),
        "hydration: sulfate area off": off("sulfate", "hydration"),
        "crystallinity: v1 width ratio": float(widths[0] / widths[1]),
        "crystallinity: sulfate area off": off("sulfate", "crystallinity"),
        "crystallinity: OH area off": off("water", "crystallinity"),
        "shift: v1 off, cm-1": float(np.abs(positions - wanted).max()),
        "shift: sulfate area off": off("sulfate", "shift"),
        "shift: OH area off": off("water", "shift"),
        "silent and purity: largest change": float(max(still)),
        "silent: largest KL, nats": max(float(n.kl or 0) for n in vs.neurons if n.factor is None),
    }


def main(names: list[str]) -> None:
    print(machine())
    for name in names or ["gypsum", "gypsum-unsupervised", "gypsum-robust"]:
        vs = load(name)
        print("\n" + knob_table(evaluate(vs)))
        if vs.controls:
            for what, value in exactness(vs).items():
                print(f"  {what:36} {value:.5f}")


if __name__ == "__main__":
    main(sys.argv[1:])
