"""Write the example files: seeded, so that they come out the same."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from ..instrument import Instrument
from ..simulate import simulate

AXIS = np.concatenate([np.arange(120.0, 1300.0, 1.5), np.arange(3000.0, 3800.0, 2.5)])
COUNTS = {"clean": 20_000.0, "noisy": 1_000.0, "very-noisy": 120.0, "foreign": 2_000.0}
STATE = {"hydration": 0.8, "crystallinity": 0.62, "shift": 1.5, "intensity": 1.0}
CALCITE = (1086.0, 0.25, 9.0)  # position, height, FWHM: calcite's strongest band


def main() -> None:
    for seed, (name, counts) in enumerate(COUNTS.items()):
        device = Instrument(fluorescence=(0.4, 1.2), spikes=2.0).at(counts)
        measured = simulate("gypsum", 1, device, seed, factors=STATE, wavenumber=AXIS).dirty[0]
        if name == "foreign":
            position, height, width = CALCITE
            measured += height * np.exp(-4 * np.log(2) * ((AXIS - position) / width) ** 2)
        lines = [f"# simulated gypsum, {counts:g} counts at v1", "raman_shift_cm-1,counts"]
        lines += [f"{x:.1f},{y * counts:.1f}" for x, y in zip(AXIS, measured, strict=True)]
        path = Path(__file__).with_name(f"{name}.csv")
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
