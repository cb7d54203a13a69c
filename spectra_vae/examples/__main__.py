"""Write the example files: seeded, so that they come out the same."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ..simulation.instrument import Instrument
from ..simulation.simulate import simulate

AXIS = np.concatenate([np.arange(120.0, 1300.0, 1.5), np.arange(3000.0, 3800.0, 2.5)])
COUNTS = {"clean": 20_000.0, "noisy": 1_000.0, "very-noisy": 120.0, "foreign": 2_000.0}
STATE = {"hydration": 0.8, "crystallinity": 0.62, "shift": 1.5, "intensity": 1.0}
CALCITE = (1086.0, 0.25, 9.0)  # position, height, FWHM: calcite's strongest band


PAIRED = {
    "lab-532": {"hydration": 1.0, "crystallinity": 0.5, "shift": 1.5, "intensity": 1.0},
    "rasetti": {"hydration": 1.0, "crystallinity": 0.5, "shift": -2.0, "intensity": 1.2},
    "rasetti-drier": {"hydration": 0.2, "crystallinity": 0.8, "shift": -2.0, "intensity": 1.2},
}


def main() -> None:
    _noises()
    _pairs()


def _noises() -> None:
    for seed, (name, counts) in enumerate(COUNTS.items()):
        device = Instrument(fluorescence=(0.4, 1.2), spikes=2.0).at(counts)
        measured = simulate("gypsum", 1, device, seed, factors=STATE, wavenumber=AXIS).dirty[0]
        if name == "foreign":
            position, height, width = CALCITE
            measured += height * np.exp(-4 * np.log(2) * ((AXIS - position) / width) ** 2)
        _write(name, f"simulated gypsum, {counts:g} counts at v1", counts * measured)


def _pairs() -> None:
    for seed, (name, state) in enumerate(PAIRED.items(), len(COUNTS)):
        device = Instrument.preset(name.removesuffix("-drier"))
        device = replace(device, fluorescence=(0.1, 0.3), spikes=0.0, orientation=None).at(3_000.0)
        measured = simulate("gypsum", 1, device, seed, factors=state, wavenumber=AXIS).dirty[0]
        _write(name, f"simulated gypsum through {device.name}", 1_000.0 * measured)


def _write(name: str, title: str, values: NDArray[np.float64]) -> None:
    lines = [f"# {title}", "raman_shift_cm-1,counts"]
    lines += [f"{x:.1f},{y:.1f}" for x, y in zip(AXIS, values, strict=True)]
    Path(__file__).with_name(f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
