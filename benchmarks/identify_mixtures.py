"""What is found of made mixtures, how near their fractions come to the bound, and what it costs.

    python -m benchmarks.identify_mixtures [N] [--dirty] [--three] [--plaster S] [--speed]

N mixtures of two minerals of the library at each share. Made: every band's height is off by 20 %
(σ), the axis by 1 cm⁻¹, 3 000 counts, a bent background. ``--dirty``: as nature, instruments and
their software make them (``simulate_dirty``). The bound is what the same light tells at best
(H. van Trees 1968), heights unknown by as much as they are off: the fraction's error on the scale
of its logit is given as a multiple. A mineral counts as found where another is said not to be told
from it; a phase that is neither there nor tied to one that is, is false.
"""

from __future__ import annotations

import argparse
import resource
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

import spectra_vae as sv
from spectra_vae.identification.found import Found, find
from spectra_vae.library.identify.templates import Templates
from spectra_vae.measure.mixture.fit import fit
from spectra_vae.measure.mixture.fractions import Fraction, fractions
from spectra_vae.measure.mixture.mixture import Mixture, begin
from spectra_vae.measure.mixture.part import Part
from spectra_vae.measure.mixture.scan import Scan
from spectra_vae.simulation.dirty import simulate_dirty
from spectra_vae.simulation.instrument import Instrument
from spectra_vae.simulation.nuisances import NATURE

from .machine import machine

Array = NDArray[np.float64]

X = np.arange(100.0, 1500.0, 1.2)
COUNTS, HEIGHT = 3000.0, 0.2  # of the strongest band; of ln height, σ
SHARES = (0.5, 0.2, 0.1, 0.05, 0.0)
THREE = (0.5, 0.3, 0.2)
STEPS, STAGES = 10, ("gypsum", "bassanite", "anhydrite-iii")
NONE = Fraction(0.0, 0.0, 0.0)


@dataclass(frozen=True)
class Made:
    """A measurement, its minerals and their shares; ``lit`` (N,): expected counts, if known."""

    spectrum: sv.Spectrum
    shares: dict[str, float]
    lit: Array | None


def made(shares: dict[str, float], rng: np.random.Generator) -> Made:
    y = np.zeros(len(X))
    for name, share in shares.items():
        m = sv.mineral(name)
        heights = np.exp(rng.normal(0, HEIGHT, len(m.bands)))
        y += share * m.parts(X, {}, amplitudes=heights).sum(axis=-2)
    lit = COUNTS * (y + 0.4 + 0.2 * np.sin(X / 500 + rng.uniform(0, 6)))
    x = X + rng.normal(0, 1)
    return Made(sv.Spectrum(x, rng.poisson(lit).astype(float)), shares, lit)


def dirty(shares: dict[str, float], rng: np.random.Generator) -> Made:
    (first, _), *others = shares.items()
    second, share = others[0] if others else (None, 0.0)
    m = sv.mineral(first)
    factors = {f.name: f.reference for f in m.factors}
    purity = m.the("counts")
    if purity is not None:
        factors[purity.name] = float(np.log10(COUNTS))
    trials = simulate_dirty(
        m,
        1,
        Instrument(fluorescence=(0.2, 1.0)),
        replace(NATURE, second=0.0 if second is None else _of_area(first, second, share)),
        int(rng.integers(1 << 31)),
        factors=factors,
        wavenumber=X,
        second=second,
    )
    return Made(trials.spectra[0], shares, None)


def _of_area(first: str, second: str, share: float) -> float:
    """The simulator's share of the summed area, for a share relative to each one's reference."""
    areas = [float(Part.of(sv.mineral(n)).area.sum()) for n in (first, second)]
    return share * areas[1] / (share * areas[1] + (1 - share) * areas[0])


def bound(one: Made) -> Array:
    """(P,) least standard deviation of every fraction's logit."""
    assert one.lit is not None
    parts = [Part.of(sv.mineral(n)) for n in one.shares]
    parts = [p.take((p.position > X[0]) & (p.position < X[-1])) for p in parts]
    knots = np.stack([np.cos(k * np.pi * (X - X[0]) / (X[-1] - X[0])) for k in range(12)], axis=1)
    scan = Scan(
        x=X,
        y=one.lit / COUNTS,
        usable=np.ones(len(X), bool),
        noise=0.02,
        shared=1.0,
        basis=knots,
        slack=np.full(12, 1.0),
        unit=1.0,
        under=np.zeros(len(X)),
    )
    start: Mixture = begin(scan, parts, 0.0, list(one.shares.values()))
    here = fit(scan, start, np.sqrt(one.lit) / COUNTS, 0)
    count, bands = len(parts), len(start.bands)
    gains, heights = np.arange(3, 3 + count), 3 + 3 * count + np.arange(bands)
    free = np.concatenate(
        [[0], gains, heights, np.arange(len(here.curvature) - 12, len(here.curvature))]
    )
    prior, _ = start.prior(scan)
    own = here.curvature - np.diag(prior)
    own[heights, heights] += 1 / HEIGHT**2
    own[0, 0] += 1.0
    covariance = np.linalg.inv(own[np.ix_(free, free)])[1 : 1 + count, 1 : 1 + count]
    share = np.array(list(one.shares.values()))
    slopes = -np.tile(share, (count, 1)) / (1 - share[:, None])
    slopes[np.arange(count), np.arange(count)] = 1.0
    return np.asarray(np.sqrt(np.einsum("ij,jk,ik->i", slopes, covariance, slopes)))


def names_of(found: Found) -> list[str]:
    return [p.name for p in found.fit.mixture.parts if not p.free]


def is_found(found: Found, wanted: str) -> bool:
    return any(wanted in (n, *found.tied.get(n, ())) for n in names_of(found))


def is_false(found: Found, wanted: Sequence[str]) -> bool:
    return any(not {n, *found.tied.get(n, ())} & {*wanted} for n in names_of(found))


def mixtures(label: str, count: int, shares: Sequence[float], is_dirty: bool) -> None:
    """One row of the table."""
    rng, templates = np.random.default_rng(5), library()
    names = [n for n in sv.minerals() if 150 < sv.mineral(n).main.position < 1400]
    every, exact, false, held, errors, seconds = [], [], [], [], [], []
    for _ in range(count):
        some = [str(n) for n in rng.choice(names, len(shares), replace=False)]
        one = (dirty if is_dirty else made)(dict(zip(some, shares, strict=True)), rng)
        began = time.process_time()
        found = find(one.spectrum, templates, None)
        seconds.append(time.process_time() - began)
        every.append(all(is_found(found, n) for n in some))
        false.append(is_false(found, some))
        exact.append({*some} == {*names_of(found)})
        if exact[-1] and len(some) > 1:
            told = dict(zip(names_of(found), fractions(found.fit), strict=True))
            held += [told[n].low <= share <= told[n].high for n, share in one.shares.items()]
            if one.lit is not None:
                logits = [np.log(told[n].value / (1 - told[n].value)) for n in some]
                truth = np.log(np.array(shares) / (1 - np.array(shares)))
                errors += [*((np.array(logits) - truth) / bound(one))]
    row = f"| {label} | {np.mean(every):.2f} | {np.mean(exact):.2f} | {np.mean(false):.2f} |"
    inside = f" {np.mean(held):.2f} |" if held else " |"
    near = (
        f" {np.sqrt(np.mean(np.square(errors))):.2f}, {np.abs(errors).max():.1f} |"
        if errors
        else " |"
    )
    took = f" {1000 * np.median(seconds):.0f}, {1000 * np.max(seconds):.0f} |"
    print(row + inside + near + took, flush=True)


def table(count: int, is_dirty: bool, three: bool) -> None:
    print(f"\n{count} mixtures a row, {'dirty' if is_dirty else 'made'}")
    print(
        "| shares | found all | exactly | a false phase | interval holds "
        "| error / bound (RMS, worst) | ms (median, longest) |"
    )
    print("|---|---|---|---|---|---|---|")
    for share in SHARES:
        shares = (1 - share, share) if share else (1.0,)
        mixtures(" : ".join(f"{s:g}" for s in shares), count, shares, is_dirty)
    if three and not is_dirty:
        mixtures(" : ".join(f"{s:g}" for s in THREE), count, THREE, False)


def library() -> Templates:
    return Templates.of([Part.of(sv.mineral(n)) for n in sv.minerals()])


def plaster(series: int) -> None:
    """Gypsum that is heated, in ten steps: to bassanite, then to anhydrite III."""
    templates, whole = library(), []
    print("| series | right phases | interval holds | sums 1 | monotone |\n|---|---|---|---|---|")
    for seed in range(1, series + 1):
        rng = np.random.default_rng(seed)
        steps = [Step.of(2 * k / (STEPS - 1), templates, rng) for k in range(STEPS)]
        if seed == 1:
            print("\n".join(f"    {step}" for step in steps))
        told = np.array([[step.told.get(n, NONE).value for n in STAGES] for step in steps])
        falls, rises = np.diff(told[:, 0]).max() <= 0, np.diff(told[:, -1]).min() >= 0
        sums = np.abs(told.sum(axis=1) - 1).max() < 1e-9
        right, holds = ([getattr(s, k) for s in steps] for k in ("right", "holds"))
        whole.append((np.mean(right), np.mean(holds), sums, falls and rises))
        print(
            f"| {seed} | {np.mean(right):.2f} | {np.mean(holds):.2f} | {sums} | {whole[-1][-1]} |"
        )
    print("| all | " + " | ".join(f"{v:.2f}" for v in np.mean(whole, axis=0)) + " |")


@dataclass(frozen=True)
class Step:
    """How far a plaster is heated: true shares, and those told."""

    true: dict[str, float]
    told: dict[str, Fraction]

    @classmethod
    def of(cls, along: float, templates: Templates, rng: np.random.Generator) -> Step:
        """``along``: 0 is all of the first stage, 1 all of the second."""
        shares = {n: max(1 - abs(along - k), 0.0) for k, n in enumerate(STAGES)}
        true = {n: s for n, s in shares.items() if s > 1e-9}
        found = find(made(true, rng).spectrum, templates, None)
        return cls(true, dict(zip(names_of(found), fractions(found.fit), strict=True)))

    @property
    def right(self) -> bool:
        return {*self.true} == {*self.told}

    @property
    def holds(self) -> bool:
        """Every true share within its interval, 0 for a phase that was missed."""
        every = {**self.true, **self.told}
        told = {n: self.told.get(n, NONE) for n in every}
        return all(told[n].low <= self.true.get(n, 0.0) <= told[n].high for n in every)

    def __str__(self) -> str:
        true = ", ".join(f"{n} {s:.2f}" for n, s in self.true.items())
        told = (f"{n} {f.value:.2f} ({f.low:.2f} to {f.high:.2f})" for n, f in self.told.items())
        return f"{true}: {', '.join(told)}: {'holds' if self.holds else 'misses'}"


def speed(count: int) -> None:
    """A spectrum of one to three phases with the library's tables, and with 2 000; memory."""
    rng = np.random.default_rng(2)
    one, before = library(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    times = -(-2000 // len(one.parts))
    parts = tuple(replace(p, name=f"{p.name} {k}") for k in range(times) for p in one.parts)
    many = Templates(parts[:2000], np.tile(one.curves, (times, 1, 1))[:2000])
    for label, templates in ((f"{len(one.parts)} tables", one), ("2000 tables", many)):
        seconds = []
        for k in range(count):
            shares = dict(zip(("calcite", "gypsum", "quartz"), (0.5, 0.3, 0.2), strict=True))
            some = {n: shares[n] for n in list(shares)[: 1 + k % 3]}
            spectrum = made(some, rng).spectrum
            began = time.process_time()
            find(spectrum, templates, None)
            seconds.append(time.process_time() - began)
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
        print(
            f"{label}: {1000 * np.median(seconds):.0f} ms, longest {1000 * max(seconds):.0f}; "
            f"{most / 1024:.0f} MB more"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("count", nargs="?", type=int, default=40, metavar="N")
    parser.add_argument("--dirty", action="store_true")
    parser.add_argument("--three", action="store_true")
    parser.add_argument("--plaster", type=int, default=0, metavar="SERIES")
    parser.add_argument("--speed", action="store_true")
    asked = parser.parse_args()
    print(machine())
    if asked.plaster:
        plaster(asked.plaster)
    if asked.speed:
        speed(9)
    if asked.count:
        table(asked.count, asked.dirty, asked.three)


if __name__ == "__main__":
    main()
