"""How much of a foreign band's area any method can keep: a bound beside what ours keeps.

    python -m benchmarks.foreign_bound [--n N] [--counts C …] [--step CM]

Files with one foreign band and no other nuisance, as in :mod:`.nature`. The bound: Fisher
information of the band's place, height, width and mixing (which is known to lie within 0 to 1,
as information of a uniform's variance), the mineral's factors and the nine Legendre coefficients of
an unknown background. The 5 % worst of an unbiased method of that variance keeps the printed share.
"""

from __future__ import annotations

import argparse

import numpy as np
from numpy.polynomial.legendre import legvander

import spectra_vae as sv
from spectra_vae.analysis.bound import BACKGROUND, shaping
from spectra_vae.minerals.profile import GAUSS_AREA, LORENTZ_AREA, pseudo_voigt
from spectra_vae.simulation.dirty import DirtyTrials

from .machine import machine
from .nature import SEED, conditions, simulated, tally

Array = np.ndarray
SHAPED = 4  # parameters of a band: place, log height, log width, mixing
OF_MIXING = 12.0  # information of a uniform within 0 to 1
SLOPE = 1e-3
DRAWS = 4000


def band(x: Array, p: Array) -> Array:
    place, log_height, log_width, mixing = p
    width = np.full_like(x, np.exp(log_width))
    return np.asarray(np.exp(log_height) * pseudo_voigt(x - place, width, np.full_like(x, mixing)))


def shape_of(data: DirtyTrials, k: int) -> Array:
    """Place, log height, log width and mixing of the foreign band of file k."""
    bands, (j,) = data.table, np.flatnonzero(data.table.kind == "foreign")
    height, width = bands.height[k, j], bands.fwhm[k, j]
    unit = bands.area[k, j] / (height * width)
    mixing = (unit - GAUSS_AREA) / (LORENTZ_AREA - GAUSS_AREA)
    return np.array([bands.position[k, j], np.log(height), np.log(width), mixing])


def slopes(data: DirtyTrials, k: int) -> Array:
    """(P, N) of the band's parameters, the mineral's factors and the background's."""
    m, x = data.mineral, data.wavenumber
    p, steps = shape_of(data, k), SLOPE * np.eye(SHAPED)
    of_band = [(band(x, p + s) - band(x, p - s)) / (2 * SLOPE) for s in steps]
    values = {name: float(value[k]) for name, value in data.factors.items()}

    def moved(name: str, by: float) -> Array:
        step = by * SLOPE * (m.factor(name).high - m.factor(name).low)
        return np.asarray(m.parts(x, {**values, name: values[name] + step}).sum(axis=-2)).ravel()

    own = [(moved(name, 1) - moved(name, -1)) / (2 * SLOPE) for name in shaping(m)]
    scale = np.asarray(m.parts(x, values).sum(axis=-2)).ravel()
    under = legvander(2 * (x - x[0]) / (x[-1] - x[0]) - 1, BACKGROUND - 1).T
    return np.concatenate([of_band, own, [scale], under])


def least(data: DirtyTrials, k: int) -> float:
    """The smallest relative error of the band's area, as far as the file reaches."""
    there = np.isfinite(data.dirty[k])
    columns = slopes(data, k)
    seen = columns[:, there] / data.deviation[k, there]
    information = seen @ seen.T
    information[SHAPED - 1, SHAPED - 1] += OF_MIXING
    weights = np.gradient(data.wavenumber)
    by_shape = columns[:SHAPED] @ weights / (band(data.wavenumber, shape_of(data, k)) @ weights)
    unit = np.sqrt(np.diag(information))
    inverse = np.linalg.inv(information / np.outer(unit, unit))[:SHAPED, :SHAPED]
    inverse = inverse / np.outer(unit[:SHAPED], unit[:SHAPED])
    return float(np.sqrt(by_shape @ inverse @ by_shape))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--n", type=int, default=128)
    parser.add_argument("--counts", type=float, nargs="*", default=(300.0, 1e3, 3e3, 1e4))
    parser.add_argument("--step", type=float, default=1.5, help="cm⁻¹")
    given = parser.parse_args()
    print(machine())
    vs = sv.load("gypsum")
    x = np.arange(vs.wavenumber[0], vs.wavenumber[-1], given.step)
    ((_, nuisances),) = conditions(["foreign"], None)
    print("| counts | σ of any area, middle | worst 5 % of any method | ours | ours, middle |")
    print("|---|---|---|---|---|")
    for counts in given.counts:
        data = simulated(vs, given.n, counts, nuisances, x, None, SEED)
        spread = np.array([least(data, k) for k in range(given.n)])
        draws = 1 + spread * np.random.default_rng(0).normal(size=(DRAWS, given.n))
        told = tally(vs, data, told=False)
        print(
            f"| {counts:g} | {np.median(spread):.3f} | {np.quantile(draws, 0.05):.2f} "
            f"| {told.share('of the worst')} | {told.share('area kept')} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
