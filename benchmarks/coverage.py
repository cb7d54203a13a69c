"""Do 90 % intervals cover 90 %? By noise decade, with and without crystal orientation.

    python -m benchmarks.coverage [--n N] [--model MODEL] [--write]

``--write`` calibrates first and keeps the result beside the model. The trials here are others
than those of the calibration. Counts are those at each spectrum's own ν1.
"""

from __future__ import annotations

import argparse

import numpy as np

import spectra_vae as sv
from spectra_vae.measure.calibrate import ORIENTATION, calibrate, truths
from spectra_vae.simulation.trials import trials
from spectra_vae.spectrometer import VirtualSpectrometer
from spectra_vae.storage.models import folder_of

from .machine import machine

DECADES = ((31.6, 100.0), (100.0, 1_000.0), (1_000.0, 10_000.0), (10_000.0, 31_600.0))


def coverage(vs: VirtualSpectrometer, n: int) -> None:
    names = [f.name for f in vs.mineral.factors if f.effect != "scale"]
    names += ["position", "fwhm", "ratio", "curve"]
    print(f"share of 90 % intervals that hold the truth (known estimates of n = {n})")
    print(f"{'counts':>15}  {'':12}" + "".join(f"{name:>19}" for name in names))
    for low, high in DECADES:
        for label, orientation in (("plain", None), ("orientation", ORIENTATION)):
            data = trials(
                vs.mineral, vs.wavenumber, n, (low, high), 77, orientation=orientation, middle=1.0
            )
            cells: dict[str, list[float]] = {name: [] for name in names}
            for k, r in enumerate(vs.restore(data.spectra)):
                truth = truths(vs, data, k)
                for name, one in {**r.estimates, **r.quantities}.items():
                    if one.known and name in cells:
                        cells[name].append(one.low <= truth[name] <= one.high)
                seen = data.bands[k] > 0.01 * data.bands[k].max()
                inside = (r.lower <= data.bands[k]) & (data.bands[k] <= r.upper)
                cells["curve"].append(float(inside[seen].mean()))
            shown = "".join(
                f"{np.mean(v) if v else np.nan:9.3f} ({len(v) / n:7.0%})" for v in cells.values()
            )
            print(f"{low:6.0f} - {high:6.0f}  {label:12}{shown}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--n", type=int, default=2000)
    parser.add_argument("--model", default="gypsum")
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    print(machine())
    vs = sv.load(given.model)
    if given.write:
        calibrate(vs, vs.digest).save(folder_of(given.model))
        vs = sv.load(given.model)
    coverage(vs, given.n)


if __name__ == "__main__":
    main()
