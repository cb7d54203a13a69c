"""Every mineral without a training: how exactly the shared decoder shows it, and how soon.

    python -m benchmarks.library [MINERAL…] [--random N] [--table K]… [--rows FILE]

A row a mineral: seconds to solve and load its readout in a fresh home, RMSE over random states
(half uniform in the factors, half in codes to ± 5), the largest error that 95 % of them stay
below, and the largest of all, × the strongest band. ``rank``: shapes that hold all widths and
shifts but for an RMSE of 3e-4. ``basis``: the RMSE of a readout of 320 smooth functions of
(log width, shift), B-splines: what features are worth that nobody had to train. Then what is wrong
with the worst knob over its whole reach: water left at the dry end, cm⁻¹ of the shift, areas,
silent neurons that move something. Random tables: 2 to 40 bands of FWHM 2 to 120 cm⁻¹;
``--table``: these of them alone, by number. ``--rows``: every row is kept in that file, and none
that is there is made again, so that a run that was stopped goes on.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from scipy.interpolate import BSpline

import spectra_vae as sv
from spectra_vae.minerals import Mineral, parse
from spectra_vae.model.shared import readout_folder
from spectra_vae.spectra.bands import area
from spectra_vae.spectrometer import VirtualSpectrometer, load
from spectra_vae.vae.codes import training_codes

from .machine import machine

STATES, SHAPES, CHUNK = 400, 800, 16
SCAN = np.linspace(-5, 5, 21)
LIMITS = {"rmse": 5e-4, "largest": 0.02, "dry": 0.01, "shift": 0.5, "area": 0.015, "silent": 1e-6}
KNOTS = 20, 16  # functions of the shift and of log width: 320 together
RANK_RMSE = 3e-4


def random_table(rng: np.random.Generator, number: int) -> Mineral:
    """A mineral that nobody knows: bands of any widths, half of them with water."""
    bands = rng.integers(2, 41)
    water = bool(number % 2)
    heights = np.exp(rng.normal(-2, 1, bands)).clip(0.01, 0.95)
    heights[0] = 1.0
    rows = [
        {
            "name": f"b{k}",
            "position": float(np.round(rng.uniform(120, 3700), 1)),
            "height": float(heights[k]),
            "width": float(np.round(np.exp(rng.uniform(np.log(2), np.log(120))), 2)),
            "mixing": float(np.round(rng.uniform(0, 1), 2)),
            "group": "water" if water and k and rng.random() < 0.3 else "rest",
            "source": "drawn",
        }
        for k in range(bands)
    ]
    keys = dict.fromkeys(row["group"] for row in rows)
    kinds = {"water": "water", "rest": "other"}
    return parse(
        {
            "name": f"random-{number}",
            "formula": "X",
            "bands": rows,
            "groups": [{"key": key, "kind": kinds[key]} for key in keys],
        }
    )


def states(vs: VirtualSpectrometer, rng: np.random.Generator) -> tuple[np.ndarray, dict[str, Any]]:
    """Codes (n, latents) and their factors."""
    z = np.repeat(vs.origin[None], STATES, axis=0)
    values = {}
    for name, neuron in vs.controls.items():
        factor = vs.mineral.factor(name)
        z[:, neuron] = training_codes(STATES, 1, rng)[:, 0]
        uniform = factor.code(rng.uniform(factor.low, factor.high, STATES // 2))
        z[: STATES // 2, neuron] = uniform
        values[name] = factor.value(z[:, neuron])
    return z, values


def truths(m: Mineral, axis: np.ndarray, values: Mapping[str, np.ndarray]) -> np.ndarray:
    """True spectra (n, N), rendered few at once."""
    n = len(next(iter(values.values())))
    parts = [
        m.parts(axis, {k: v[i : i + CHUNK] for k, v in values.items()}, dtype=np.float32).sum(-2)
        for i in range(0, n, CHUNK)
    ]
    return np.concatenate(parts)


def exactness(vs: VirtualSpectrometer) -> dict[str, float]:
    """RMSE, the largest error of 95 % of the states and of all."""
    z, values = states(vs, np.random.default_rng(11))
    error = vs.decode(z) - truths(vs.mineral, vs.wavenumber, values)
    worst = np.abs(error).max(axis=1)
    return {
        "rmse": float(np.sqrt(np.mean(error**2))),
        "largest": float(np.quantile(worst, 0.95)),
        "worst": float(worst.max()),
    }


def smooth(m: Mineral, axis: np.ndarray) -> dict[str, float]:
    """``rank`` of all widths and shifts, and the RMSE of 320 smooth ``basis`` functions."""
    moved = [f for e in ("position", "width") if (f := m.the(e)) is not None]
    codes = training_codes(2 * SHAPES, len(moved), np.random.default_rng(12))
    values = {f.name: f.value(z) for f, z in zip(moved, codes.T, strict=True)}
    truth = truths(m, axis, values)
    rows = np.ones((len(truth), 1))
    for f, n in zip(moved, KNOTS, strict=False):
        share = (values[f.name] - f.low) / (f.high - f.low)
        knots = np.concatenate([np.zeros(3), np.linspace(0, 1, n - 2), np.ones(3)])
        one = BSpline.design_matrix(share.clip(0, 1), knots, 3).toarray()
        rows = (rows[:, :, None] * one[:, None, :]).reshape(len(rows), -1)
    seen, fresh = np.split(rows, 2)
    gram = seen.T @ seen
    gram += 1e-7 * gram.diagonal().mean() * np.eye(len(gram))
    left = fresh @ np.linalg.solve(gram, seen.T @ truth[:SHAPES]) - truth[SHAPES:]
    small = truth[:SHAPES].astype(float)
    power = np.linalg.eigvalsh(small @ small.T).clip(0).cumsum() / small.size
    return {
        "rank": int((np.sqrt(power) > RANK_RMSE).sum()),
        "basis": float(np.sqrt(np.mean(left**2))),
    }


def knobs(vs: VirtualSpectrometer) -> dict[str, float]:
    """What is wrong with any knob over its whole reach: each limit's own quantity."""
    x, m = vs.wavenumber, vs.mineral
    found = {"dry": 0.0, "shift": 0.0, "area": 0.0, "silent": 0.0}
    whole = m.spectrum(x)
    for n in vs.neurons:
        curves = vs.scan(n.index, SCAN)
        factor = m.factor(n.factor) if n.factor else None
        if factor is None or not factor.visible:
            found["silent"] = max(found["silent"], float(np.ptp(curves, axis=0).max()))
            continue
        truth = m.spectrum(x, **{factor.name: factor.value(SCAN)})
        off = area(x, curves, x[0], x[-1]) / area(x, truth, x[0], x[-1]) - 1
        found["area"] = max(found["area"], float(np.abs(off).max()))
        if factor.effect == "position":
            found["shift"] = _off(x, curves, truth)
        if factor.effect == "strength" and factor.low == 0:
            lost = whole - m.spectrum(x, **{factor.name: 0.0})
            strength = ((curves[0] - truth[0]) @ lost) / (lost @ lost)
            found["dry"] = max(found["dry"], abs(float(strength)))
    return found


def _off(x: np.ndarray, curves: np.ndarray, truth: np.ndarray) -> float:
    """cm⁻¹ by which decoded curves would have to move to fit the true ones best, at worst."""
    slope = -np.gradient(truth, x, axis=1)
    moved = ((curves - truth) * slope).sum(axis=1) / (slope**2).sum(axis=1)
    return float(np.abs(moved).max())


def row(m: Mineral) -> dict[str, float]:
    """All numbers of one mineral, in a fresh home."""
    with tempfile.TemporaryDirectory() as home:
        os.environ["SPECTRA_VAE_HOME"] = home
        start = time.perf_counter()
        vs = load(readout_folder(m))
        seconds = time.perf_counter() - start
        found = {"seconds": seconds, "points": len(vs.wavenumber), **exactness(vs), **knobs(vs)}
        return {**found, **smooth(m, vs.wavenumber)}


def rows_of(some: Iterable[Mineral], kept: Path | None) -> Iterator[tuple[str, dict[str, float]]]:
    """Name and numbers of each mineral; those in the file ``kept`` (a JSON list a line) are taken
    from there.
    """
    lines = kept.read_text(encoding="utf-8").splitlines() if kept and kept.exists() else []
    known = dict(map(json.loads, lines))
    for m in some:
        if m.name not in known:
            known[m.name] = row(m)
            if kept:
                with kept.open("a", encoding="utf-8") as file:
                    file.write(json.dumps([m.name, known[m.name]]) + "\n")
        yield m.name, known[m.name]


COLUMNS = ("seconds", "points", "rmse", "largest", "worst", "rank", "basis", *list(LIMITS)[2:])
WHOLE = ("points", "rank")


def told(name: str, found: dict[str, float]) -> str:
    over = [key for key, limit in LIMITS.items() if found[key] > limit]
    numbers = "".join(f"{found[key]:>10.{0 if key in WHOLE else 5}f}" for key in COLUMNS)
    return f"{name[:26]:26}{numbers}  {'over: ' + ', '.join(over) if over else ''}".rstrip()


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("minerals", nargs="*")
    parser.add_argument("--random", type=int, default=200, help="random tables (default 200)")
    parser.add_argument("--table", type=int, action="append", help="this random one alone")
    parser.add_argument("--rows", type=Path, help="a file that keeps the rows")
    args = parser.parse_args()
    rng = np.random.default_rng(3)
    names = args.minerals or ([] if args.table else sv.minerals())
    drawn = [random_table(rng, k) for k in range(args.random)]
    drawn = [drawn[k] for k in args.table] if args.table else drawn
    some = [*map(sv.mineral, names), *drawn]
    print(machine())
    print(f"{'':26}" + "".join(f"{c:>10}" for c in COLUMNS))
    rows = []
    for name, found in rows_of(some, args.rows):
        rows.append(found)
        print(told(name, found), flush=True)
    split = len(rows) - len(drawn)
    for label, part in (("library", rows[:split]), ("random tables", rows[split:])):
        if part:
            worst = {key: max(r[key] for r in part) for key in COLUMNS}
            print(told(f"{label}: worst of {len(part)}", worst))


if __name__ == "__main__":
    main()
