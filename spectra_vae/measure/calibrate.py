"""Calibration of a model's intervals and novelty on simulated spectra whose truth is known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..simulation.instrument import ORIENTATION, Range
from ..simulation.trials import Trials, trials
from .detection.judged import Judged
from .detection.novelty import is_faint
from .detection.preparation import Files, alike
from .detection.refit import judge
from .fitting.grid import Model
from .normal_scores import normal_scores
from .report.calibration import TOLD_DIGITS, Calibration
from .report.estimates import Estimate, Row, estimates, quantities
from .report.ratios import measured_apart, ratio_of

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

NODES = (1.5, 2.0, 2.5, 3.0, 3.5, 4.0, 4.5)  # log₁₀ counts
SHARES = (0.0, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.975, 0.99, 1.0)
NOISELESS = 6.0  # log₁₀ counts
DIRTY = 12
FEWEST = 40  # spectra for a factor of their own
COVERAGE = 0.9


@dataclass(frozen=True)
class Miss:
    """How far an estimate was off, in its linearised 90 % half-widths, and what it was."""

    name: str
    counts: float
    oriented: bool
    ratio: float


def truths(model: Model, data: Trials, k: int) -> dict[str, float]:
    """What estimates and quantities of trial k should be.

    The absolute scale is arbitrary, so counts are those at this file's own ν1.
    """
    m = model.mineral
    found = {name: float(value[k]) for name, value in data.factors.items()}
    scale, counts, width, position = (m.the(e) for e in ("scale", "counts", "width", "position"))
    if scale is not None and counts is not None:
        found[counts.name] += float(np.log10(found[scale.name]))
    moved = found[position.name] if position is not None else 0.0
    wider = float(width.width_scale(found[width.name])) if width is not None else 1.0
    found |= {"position": m.main.position + moved, "fwhm": m.main.width * wider}
    for factor in measured_apart(m):
        areas = [_area(data, k, *m.spans[group]) for group in (str(factor.group), m.main.group)]
        found[ratio_of(m, factor)] = areas[0] / areas[1]
    return found


def _area(data: Trials, k: int, low: float, high: float) -> float:
    """Of trial k's bands between two wavenumbers."""
    inside = (data.wavenumber >= low) & (data.wavenumber <= high)
    return float(data.bands[k][inside] @ np.gradient(data.wavenumber[inside]))


def calibrate(model: Model, digest: str, n: int = 2400, seed: int = 101) -> Calibration:
    """Factors on intervals that make them cover 90 %, and quantiles of normal novelty.

    ``n`` spectra a node, half of them with crystal orientation. Every factor of the mineral is
    uniform over its range; the background is a cubic up to three times ν1. Novelty is that of files
    as dirty as nature, a :data:`DIRTY`-th as many.
    """
    floors = _floors(model, n // 4, seed)
    misses: list[Miss] = []
    for node in NODES:
        for oriented in (None, ORIENTATION):
            some = _trials(model, node, oriented, n // 2, seed)
            for row, one, truth, data, k in _fitted(model, some, Calibration(floors=floors)):
                if one.is_another or is_faint(one.fits, one.k):
                    continue
                misses.extend(_misses(row, one, truth, data, k))
    novel = novelty_quantiles(model, max(n // DIRTY, FEWEST), seed)
    return Calibration(digest, NODES, _scales(misses), SHARES, novel, floors)


def novelty_quantiles(model: Model, n: int, seed: int = 101) -> tuple[tuple[float, ...], ...]:
    """(nodes, shares) quantiles of novelty: ``n`` normal files a node, as dirty as nature."""
    table = _at_nodes(np.array(normal_scores(model, NODES, n, seed)), SHARES)
    return tuple(tuple(round(float(v), TOLD_DIGITS) for v in row) for row in table)


def _floors(model: Model, n: int, seed: int) -> dict[str, float]:
    """By quantity, what 90 % of errors stay below where there is next to no noise."""
    errors: dict[str, list[float]] = {}
    counts = model.mineral.the("counts")
    data = _trials(model, NOISELESS, None, n, seed)
    for row, one, truth, _, k in _fitted(model, data, Calibration()):
        for name, estimate in {**estimates(row), **quantities(row)}.items():
            counted = counts is not None and name == counts.name  # noise is what that measures
            if estimate.value is None or counted or name == one.agreement.factor:
                continue
            errors.setdefault(name, []).append(abs(estimate.value - truth[name]))
        off, seen = _off(one, data, k)
        errors.setdefault("curve", []).extend(off[seen] / one.fits.gain[one.k])
    return {name: float(f"{np.quantile(v, COVERAGE):.3g}") for name, v in sorted(errors.items())}


def _trials(model: Model, node: float, orientation: Range | None, n: int, seed: int) -> Trials:
    spread = (NODES[1] - NODES[0]) / 2
    counts = (10 ** (node - spread), 10 ** (node + spread))
    seed = seed + round(10 * node) + (1000 if orientation else 0)
    x = model.wavenumber
    return trials(model.mineral, x, n, counts, seed, orientation=orientation, middle=1.0)


def _fitted(
    model: Model, data: Trials, calibration: Calibration
) -> Iterator[tuple[Row, Judged, dict[str, float], Trials, int]]:
    spectra = data.spectra
    for members in alike(spectra):
        verdicts = judge(model, Files.of([spectra[k] for k in members]))
        for k, one in zip(members, verdicts.judged, strict=True):
            row = Row(one.fits, one.k, calibration, None)
            yield row, one, truths(model, data, k), data, k


def _misses(
    row: Row, one: Judged, truth: Mapping[str, float], data: Trials, k: int
) -> Iterator[Miss]:
    found = {**estimates(row), **quantities(row)}
    for name, estimate in found.items():
        if estimate.known and estimate.value is not None and name != one.agreement.factor:
            half = _half(row, name, estimate)
            ratio = abs(estimate.value - truth[name]) / max(half, 1e-12)
            yield Miss(name, row.counts, row.oriented, ratio)
    off, seen = _off(one, data, k)
    ratios = off[seen] / np.maximum(row.margin()[seen], 1e-12)
    yield from (
        Miss("curve", row.counts, row.oriented, float(q))
        for q in np.quantile(ratios, np.linspace(0.05, 0.95, 10))
    )


def _off(one: Judged, data: Trials, k: int) -> tuple[Array, Mask]:
    """(N,) by how much the explained curve errs, in the fit's units, and where bands are seen."""
    truth, unit = data.bands[k], float(np.ptp(data.dirty[k]))
    return np.abs(one.fits.explained[one.k] - truth / unit), truth > 0.01 * truth.max()


def _half(row: Row, name: str, estimate: Estimate) -> float:
    """Half the linearised interval, before a factor's range cut it."""
    if name in {f.name for f in row.mineral.visible}:
        return row.half(name, float(row.fits.factors[name][1][row.k]))
    assert estimate.high is not None and estimate.value is not None
    return estimate.high - estimate.value


def _scales(misses: list[Miss]) -> dict[str, dict[str, tuple[float, ...]]]:
    """Per quantity and choice of fit, the 90 % quantile of the ratios around each node."""
    found: dict[str, dict[str, tuple[float, ...]]] = {}
    for name in sorted({m.name for m in misses}):
        for key, oriented in (("plain", False), ("oriented", True)):
            some = [(m.counts, m.ratio) for m in misses if (m.name, m.oriented) == (name, oriented)]
            if len(some) >= FEWEST:
                scale = _at_nodes(np.array(some), (COVERAGE,))[:, 0]
                found.setdefault(name, {})[key] = tuple(round(float(v), 4) for v in scale)
    return found


def _at_nodes(some: Array, shares: tuple[float, ...]) -> Array:
    """(nodes, shares) quantiles of the second column among the nearest counts of the first."""
    rows = []
    for node in NODES:
        distance = np.abs(some[:, 0] - node)
        reach = max(
            (NODES[1] - NODES[0]) / 2, float(np.partition(distance, FEWEST - 1)[FEWEST - 1])
        )
        rows.append(np.quantile(some[distance <= reach, 1], shares))
    return np.array(rows)
