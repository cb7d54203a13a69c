"""What each knob moves that it is not for: robust, unsupervised and guided side by side.

    python -m benchmarks.selectivity [MODEL…]

Per cent. Effect: 100 = as far as the mineral's own factors take a property from end to end.
Off target: 100 = as large as the one thing that the knob does most purely.
"""

from __future__ import annotations

import sys

import numpy as np

from spectra_vae import load
from spectra_vae.analysis.selectivity import Selectivity, selectivity

from .machine import machine


def table(name: str, found: Selectivity) -> str:
    """One model: a row a knob, a column a property."""
    lines = [f"{name:24}" + "".join(f"{p:>10}" for p in found.properties) + f"{'off target':>12}"]
    for knob, row, off, aim in zip(
        found.knobs, found.effect, found.off_target, found.aims, strict=True
    ):
        what = f"  #{knob} {aim.kind} {aim.group or ''}"
        lines.append(f"{what:24}" + "".join(f"{v:10.1f}" for v in row) + f"{off:12.1f}")
    return "\n".join(lines)


def main(names: list[str]) -> None:
    print(machine())
    found = {
        name: selectivity(load(name))
        for name in names or ["gypsum-robust", "gypsum-unsupervised", "gypsum"]
    }
    for name, one in found.items():
        print("\n" + table(name, one))
    print(f"\n{'off target, per cent':24}{'knobs':>10}{'best':>10}{'median':>10}{'worst':>10}")
    for name, one in found.items():
        off = one.off_target
        summary = "".join(f"{v:10.1f}" for v in (off.min(), np.median(off), off.max()))
        print(f"{name:24}{len(one.knobs):10}{summary}")


if __name__ == "__main__":
    main(sys.argv[1:])
