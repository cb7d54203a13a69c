"""What restoration is measured against: a rank-8 ridge, conventional chains, the generator itself.

Called by ``python -m benchmarks.restoration curve``. The ridge is fitted on spectra of all
qualities, without orientation as those it is tested on; the chains (with pybaselines, extra
``bench``) are tuned on other spectra of the same counts; the oracle fits the true family,
started at the truth, its noise known.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from importlib.util import find_spec

import numpy as np
from scipy.optimize import least_squares
from scipy.signal import savgol_filter

from spectra_vae.simulation.trials import Array, Trials, trials
from spectra_vae.spectrometer import VirtualSpectrometer

RANK = 8
TRAINING, VALIDATION, TEST, ORACLE = 16_000, 30, 200, 100
PENALTIES = (1.0, 10.0, 100.0, 1_000.0)
LAMBDAS = (1e3, 1e4, 1e5, 1e6, 1e7)
WINDOWS = (5, 9, 13, 21)
SMOOTH = (1.0, 10.0)

Restorer = Callable[[Array], Array]


def rmse(found: Array, truth: Array) -> float:
    return float(np.sqrt(np.mean((found - truth) ** 2)))


def ridge(vs: VirtualSpectrometer, axis: Array) -> Restorer:
    """Dirty (n, N) → clean by one matrix of rank 8; its penalty is chosen on held-out spectra."""
    counts = (10**1.5, 10**4.5)
    (x, y), (held_x, held_y) = (
        (p.dirty, p.clean)
        for n, seed in ((TRAINING, 31), (1_000, 32))
        for p in [trials(vs.mineral, axis, n, counts, seed, middle=1.0)]
    )
    x_mean, y_mean = x.mean(axis=0), y.mean(axis=0)
    gram, cross = (x - x_mean).T @ (x - x_mean), (x - x_mean).T @ (y - y_mean)
    found = []
    for penalty in PENALTIES:
        whole = np.linalg.solve(gram + penalty * np.eye(len(gram)), cross)
        leading = np.linalg.eigh(whole.T @ gram @ whole)[1][:, -RANK:]
        matrix = whole @ leading @ leading.T
        found.append((rmse((held_x - x_mean) @ matrix + y_mean, held_y), matrix))
    best = min(found, key=lambda f: f[0])[1]
    return lambda dirty: (dirty - x_mean) @ best + y_mean


def chains(x: Array) -> Iterator[tuple[str, Restorer]]:
    """Baseline off, then smoothing, in every setting: names and functions of one spectrum."""
    if find_spec("pybaselines") is None:
        return
    from pybaselines import Baseline
    from pybaselines.utils import whittaker_smooth

    fitter = Baseline(x)
    baselines = {
        f"{name} {lam:.0e}": partial(getattr(fitter, name), lam=lam)
        for name in ("arpls", "drpls")
        for lam in LAMBDAS
    }
    baselines["imodpoly 5"] = partial(fitter.imodpoly, poly_order=5)
    baselines["snip 40"] = partial(fitter.snip, max_half_window=40, decreasing=True)
    smoothers: dict[str, Restorer] = {"nothing": lambda y: y}
    smoothers |= {
        f"SG {w}": partial(savgol_filter, window_length=w, polyorder=3) for w in WINDOWS[1:]
    }
    smoothers |= {f"Whittaker {v:g}": partial(whittaker_smooth, lam=v) for v in SMOOTH}
    for base, off in baselines.items():
        for name, smooth in smoothers.items():
            yield f"{base}, {name}", partial(_chain, off, smooth)


def _chain(off: Callable[[Array], tuple[Array, object]], smooth: Restorer, y: Array) -> Array:
    return smooth(y - off(y)[0])


def tuned(x: Array, data: Trials) -> tuple[str, Restorer] | None:
    """The chain with the smallest error on ``data``; None without pybaselines."""
    found = [
        (rmse(np.stack([chain(y) for y in data.dirty]), data.clean), name, chain)
        for name, chain in chains(x)
    ]
    return min(found, key=lambda f: f[0])[1:] if found else None


def oracle(vs: VirtualSpectrometer, data: Trials, n: int) -> Array:
    """Weighted least squares of the generator with a cubic background, started at the truth."""
    m, x = vs.mineral, data.wavenumber
    names = [f.name for f in m.factors if f.effect != "counts"]
    cubic = np.polynomial.legendre.legvander(2 * (x - x[0]) / np.ptp(x) - 1, 3)
    scale = np.array([m.factor(name).high - m.factor(name).low for name in names])

    def curve(p: Array) -> Array:
        return m.spectrum(x, **dict(zip(names, p * scale, strict=True)))

    def left(p: Array, y: Array, sigma: Array, base: Array) -> Array:
        r = (y - curve(p)) / sigma
        return r - base @ (base.T @ r)

    found = []
    for k in range(n):
        counts = data.counts[k]
        sigma = np.sqrt(data.light[k] / counts + (data.device.readout / counts) ** 2)
        base = np.linalg.qr(cubic / sigma[:, None])[0]
        truth = np.array([data.factors[name][k] for name in names]) / scale
        given = (data.dirty[k], sigma, base)
        found.append(curve(least_squares(left, truth, x_scale=0.1, args=given).x))
    return np.stack(found)


def compare(vs: VirtualSpectrometer, n: int, levels: tuple[float, ...]) -> None:
    """Print errors of the restored curve, × ν1, and how they compare."""
    x, low_rank = vs.wavenumber, ridge(vs, vs.wavenumber)
    for counts in levels:
        data = trials(vs.mineral, x, n, counts, seed=11)
        found = vs.restore(data.spectra)
        restored = np.stack([r.restored for r in found])
        ours, true = rmse(restored, data.clean), data.clean.max(axis=1)
        bias = float(np.median(restored.max(axis=1) / true - 1))
        linear = rmse(low_rank(data.dirty), data.clean)
        few = min(n, ORACLE)
        limit, same = (rmse(c, data.clean[:few]) for c in (oracle(vs, data, few), restored[:few]))
        print(f"{counts:6.0f} counts: error {ours:.5f}; v1 height, median bias {bias:+.2%}")
        print(f"   / ridge {linear:.5f} = {ours / linear:.3f}")
        print(f"   / oracle {limit:.5f} = {same / limit:.3f} (n = {few})")
        best = tuned(x, trials(vs.mineral, x, VALIDATION, counts, seed=12))
        if best is None:
            print("   conventional chains: pybaselines is not installed (extra bench)")
            continue
        name, chain = best
        error = rmse(np.stack([chain(y) for y in data.dirty[:TEST]]), data.clean[:TEST])
        print(f"   / {name} {error:.5f} = {rmse(restored[:TEST], data.clean[:TEST]) / error:.3f}")
