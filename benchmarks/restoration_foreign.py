"""Foreign bands: are they kept and listed, do normal spectra list any, does novelty tell them?

    python -m benchmarks.restoration_foreign [--n N] [--model MODEL]

Novelty stands beside the limit of any test and the blind one, which knows the light but not the
height nor where to look, beside the plain reconstruction error and beside that
of an autoencoder that saw clean spectra only, which is trained here first (a minute).
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

import spectra_vae as sv
from spectra_vae.measure.detection.evidence import evidence
from spectra_vae.measure.detection.refit import CORE, FARTHEST, OWN_BAND
from spectra_vae.measure.detection.residual import filters, scores
from spectra_vae.measure.report.restoration import Restoration
from spectra_vae.recipes import recipe
from spectra_vae.runs.train import train
from spectra_vae.simulation.trials import Array, Trials, trials
from spectra_vae.spectrometer import VirtualSpectrometer

from .machine import machine

HEIGHT = 0.3
WIDTHS = (6.0, 20.0)
WHOLE = (((100.0, 4000.0),),)
CLEARANCE = 60.0  # cm⁻¹ from any band
CLEAN_STEPS, NOISELESS = 3_000, 1e8  # counts
COARSE = 4.0  # cm⁻¹: where points stand farther apart, a narrow band may have none


def places(vs: VirtualSpectrometer, x: Array, n: int, rng: np.random.Generator) -> Array:
    """n positions in the finely sampled stretches of x, far from every band of the mineral."""
    step = np.gradient(x)
    own = np.array([b.position for b in vs.mineral.bands])
    fine = x[(step < COARSE) & (x > x[0] + WIDTHS[1]) & (x < x[-1] - WIDTHS[1])]
    far = fine[np.abs(fine[:, None] - own).min(axis=1) >= CLEARANCE]
    size = np.gradient(far).clip(0, COARSE)  # uniform over cm⁻¹, not over points
    return rng.choice(far, n, p=size / size.sum())


def foreign(
    vs: VirtualSpectrometer,
    n: int,
    counts: float,
    height: float,
    seed: int,
    top: float = 3.0,
    x: Array | None = None,
) -> tuple[Trials, Array, Array]:
    """Spectra with one foreign Gaussian each, and where it stands and how wide it is.

    On the model's axis, unless ``x`` (N,) is given.
    """
    rng = np.random.default_rng([seed, 7])
    x = vs.wavenumber if x is None else x
    where, width = places(vs, x, n, rng), rng.uniform(*WIDTHS, n)
    shape = np.exp(-4 * np.log(2) * ((x - where[:, None]) / width[:, None]) ** 2)
    data = trials(vs.mineral, x, n, counts, seed, extra=height * shape, top=top)
    return data, where, width


def kept(vs: VirtualSpectrometer, n: int) -> None:
    data, where, width = foreign(vs, n, 1000.0, HEIGHT, 3)
    x = data.wavenumber
    found = vs.restore(data.spectra)
    share, off, listed, error = [], [], 0, []
    noise = np.sqrt(_variance(data, data.light))
    for k, r in enumerate(found):
        near = np.abs(x - where[k]) < 3
        share.append(float((r.restored - data.clean[k])[near].max()) / HEIGHT)
        nearest = min((abs(p.position - where[k]) for p in r.unexplained), default=np.inf)
        listed += nearest < 2
        off.append(nearest)
        far = np.abs(x - where[k]) > 2 * width[k]
        rms = np.sqrt(np.mean((r.restored - data.clean[k])[far] ** 2))
        error.append(rms / np.sqrt(np.mean(noise[k][far] ** 2)))
    print(f"height {HEIGHT}, 1000 counts, n = {n}")
    print(
        f"  of its height kept: median {np.median(share):.3f}, 5 to 95 % "
        f"{np.quantile(share, 0.05):.3f} to {np.quantile(share, 0.95):.3f}"
    )
    print(f"  listed within 2 cm-1: {listed / n:.3f}; distance, median {np.median(off):.2f} cm-1")
    print(
        f"  error elsewhere / noise: median {np.median(error):.3f}, "
        f"95 % {np.quantile(error, 0.95):.3f}, largest {max(error):.3f}"
    )


def normal(vs: VirtualSpectrometer, n: int) -> None:
    for label, orientation, spikes in (
        ("normal", None, 0.0),
        ("with spikes", None, 0.3),
        ("with orientation", (0.4, 2.5), 0.0),
    ):
        data = trials(
            vs.mineral,
            vs.wavenumber,
            n,
            (100.0, 10_000.0),
            5,
            orientation=orientation,
            middle=1.0,
            spikes=spikes,
        )
        found = vs.restore(data.spectra)
        wrong = np.array([bool(r.unexplained) for r in found])
        alien = np.array([r.novelty.alien for r in found])
        bright = data.counts >= 1000
        by = [f"{wrong[some].mean():.3f}" for some in (~bright, bright)]
        print(
            f"{label}, 100 to 10 000 counts: {wrong.mean():.3f} list something (by decade "
            f"{', '.join(by)}), {alien.mean():.3f} alien"
        )


def auc(low: Sequence[float], high: Sequence[float]) -> float:
    """Probability that one of ``high`` exceeds one of ``low``."""
    a, b = np.array(low), np.array(high)
    return float(np.mean(b[:, None] > a) + 0.5 * np.mean(b[:, None] == a))


def clean_only(mineral: str) -> VirtualSpectrometer:
    """An autoencoder trained on spectra without noise, background and spikes."""
    of = recipe(f"{mineral}-robust")
    bare = replace(of.instrument, fluorescence=(0.0, 0.0), spikes=0.0, readout=0.0, ranges=WHOLE)
    config = replace(of, instrument=bare.at(NOISELESS), steps=CLEAN_STEPS)
    with tempfile.TemporaryDirectory() as folder:
        return sv.load(train(config, folder=Path(folder) / "clean-only").folder)


def detection(vs: VirtualSpectrometer, n: int) -> None:
    """Novelty's AUC, those of two reconstruction errors, and the physical limit."""
    clean = clean_only(vs.mineral.name)

    def unlike(data: Trials) -> list[float]:
        rebuilt = clean.decode(clean.encode(data.dirty).mean)
        return list(np.nanmean((data.dirty - rebuilt) ** 2, axis=1))

    for top in (3.0, 1.0):
        for counts in (100.0, 300.0, 1000.0):
            base = trials(vs.mineral, vs.wavenumber, n, counts, 9, top=top)
            ordinary = vs.restore(base.spectra)
            for height in (0.3, 0.1):
                data, _, _ = foreign(vs, n, counts, height, 13, top)
                found = vs.restore(data.spectra)
                novel, plain = (
                    auc([of(r) for r in ordinary], [of(r) for r in found])
                    for of in (lambda r: r.novelty.score, left_over)
                )
                naive = auc(unlike(base), unlike(data))
                limit = auc(likelihood(vs, base, height), likelihood(vs, data, height))
                all_over = auc(blind(vs, base), blind(vs, data))
                print(
                    f"AUC, background up to {top:g}, height {height}, {counts:.0f} counts: novelty "
                    f"{novel:.4f}, reconstruction error {plain:.4f}, of the clean-only "
                    f"autoencoder {naive:.4f}, limit {limit:.4f}, blind {all_over:.4f}",
                    flush=True,
                )


def left_over(r: Restoration) -> float:
    """The plain anomaly score: mean square of what is left over the background, per ν1²."""
    return float(np.mean((r.residual + r.restored - r.explained) ** 2)) / r.gain**2


def likelihood(vs: VirtualSpectrometer, data: Trials, height: float) -> Array:
    """(n,) log mean likelihood ratio of a band of this height where :func:`places` may put it.

    With light and noise known, no test orders spectra better (Neyman and Pearson 1933): the limit.
    """
    x, plain = data.wavenumber, data.light - data.extra
    weight = 1 / _variance(data, plain)
    where = np.unique(places(vs, x, 100_000, np.random.default_rng(0)))
    shapes = np.concatenate(
        [np.exp(-4 * np.log(2) * ((x - where[:, None]) / w) ** 2) for w in np.linspace(*WIDTHS, 6)]
    )
    share = np.tile(np.gradient(where), 6)
    pulled = (weight * (data.dirty - plain)) @ shapes.T
    ratio = height * pulled - 0.5 * height**2 * (weight @ (shapes**2).T)
    top = ratio.max(axis=1, keepdims=True)
    return np.asarray(top[:, 0] + np.log(np.exp(ratio - top) @ share))


def _variance(data: Trials, light: Array) -> Array:
    """(n, N) of the noise of ``light`` (n, N)."""
    counts = data.counts[:, None]
    return np.asarray(light / counts + (data.device.readout / counts) ** 2)


def blind(vs: VirtualSpectrometer, data: Trials) -> Array:
    """(n,) evidence for a band of any height, anywhere but on the mineral's own, in known light.

    What novelty would be if the fit were perfect and the noise told.
    """
    x, m, plain = data.wavenumber, vs.mineral, data.light - data.extra
    shift = data.factors["shift"][:, None]
    own, core = np.zeros(plain.shape, bool), np.zeros(plain.shape, bool)
    widths = m.widths(crystallinity=data.factors["crystallinity"])
    for band, width in zip(m.bands, np.moveaxis(widths, -1, 0), strict=True):
        reach = np.minimum(OWN_BAND * np.maximum(width, band.width), FARTHEST)[:, None]
        distance = np.abs(x - band.position - shift)
        own |= distance < reach
        core |= distance < CORE * reach
    f = filters(x)
    heights, significances = scores(f, data.dirty - plain, _variance(data, plain), ~own, core)
    return evidence(f.width, heights, significances, np.ones(len(plain)))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--n", type=int, default=400)
    parser.add_argument("--model", default="gypsum")
    given = parser.parse_args()
    print(machine())
    vs = sv.load(given.model)
    kept(vs, given.n)
    normal(vs, given.n)
    detection(vs, given.n)


if __name__ == "__main__":
    main()
