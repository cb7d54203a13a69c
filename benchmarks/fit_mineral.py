"""Band tables fitted to measured pure substances: misfit, noise, bands, doubts, seconds.

    python -m benchmarks.fit_mineral [FOLDER] [--name PART]… [--draws]

FOLDER (``library`` of SPECTRA_VAE_DATA, ../shared/data) holds files named COLLECTION_SUBSTANCE[_…];
files of one substance are compared with each other. ``--draws``: what is fitted to two files that
differ in nothing but their noise is compared, too: each file's fitted curve with two draws of its
own noise. What agrees there and not between files is the crystals' and the instruments'. Seconds
are the processor's.
"""

from __future__ import annotations

import argparse
import os
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

import numpy as np

import spectra_vae as sv
from spectra_vae.library.draft import Draft, DraftBand

from .machine import machine

DATA = Path(os.environ.get("SPECTRA_VAE_DATA", Path(__file__).resolve().parents[2] / "shared/data"))
SUFFIXES = {".txt", ".csv", ".rruff", ".spc"}
LEAST, OF_NOISE, SHARE = 0.008, 1.5, 0.85  # misfit: of the strongest band; × noise; of the files
SECONDS, NEAREST = 20.0, 0.6
MATCH = 8.0  # cm⁻¹ between bands that may be the same, after the offset
MAJOR = 0.1  # of the strongest band: bands that are compared
POSITION, AREA = 1.0, 1.5  # what may differ between two files


@dataclass(frozen=True)
class Row:
    """One file's fit, or why there is none."""

    name: str
    seconds: float
    draft: Draft | None
    why: str = ""

    @property
    def good(self) -> bool:
        d = self.draft
        return d is not None and d.misfit <= max(OF_NOISE * d.noise, LEAST)

    @property
    def nearest(self) -> float:
        """The least distance of two bands, in widths of the wider one."""
        if self.draft is None or len(self.draft.bands) < 2:
            return np.inf
        pairs = zip(self.draft.bands, self.draft.bands[1:], strict=False)
        return min((b.position - a.position) / max(a.width, b.width) for a, b in pairs)


def fitted(file: Path) -> Row:
    began = time.process_time()
    try:
        draft = sv.fit_mineral(sv.read_spectrum(file), "benchmark")
    except sv.SpectraVaeError as refusal:
        return Row(file.stem, time.process_time() - began, None, str(refusal))
    return Row(file.stem, time.process_time() - began, draft)


def line(row: Row) -> str:
    d = row.draft
    if d is None:
        return f"{row.name[:44]:44s} refused: {row.why}"
    doubts = ", ".join(doubt.code.removeprefix("doubt.") for doubt in d.doubts)
    return (
        f"{row.name[:44]:44s} {'' if row.good else 'MISFIT':6s} {d.misfit:.4f} {d.noise:.4f} "
        f"{len(d.bands):3d} bands, nearest {row.nearest:5.2f} {row.seconds:5.1f} s  {doubts}"
    )


def substance(name: str) -> str:
    """``CDPH_Anatase_532nm_unoriented`` → ``anatase``."""
    word = name.split("_", 1)[-1]
    return re.split(r"[_(\d]", word)[0].lower()


def agreement(a: Draft, b: Draft) -> tuple[float, float, int] | None:
    """Worst distance after one offset [cm⁻¹] and ratio of areas after one gain; bands compared."""
    pairs = _pairs(a.bands, b.bands)
    if len(pairs) < 2:
        return None
    moved = np.array([two.position - one.position for one, two in pairs])
    ratio = np.log([two.area / one.area for one, two in pairs])
    return (
        float(np.abs(moved - np.median(moved)).max()),
        float(np.exp(np.abs(ratio - np.median(ratio)).max())),
        len(pairs),
    )


def _pairs(
    first: Sequence[DraftBand], second: Sequence[DraftBand]
) -> list[tuple[DraftBand, DraftBand]]:
    """Major bands of both tables that are each other's nearest, one offset apart."""
    one, two = ([b for b in bands if b.height > MAJOR] for bands in (first, second))
    offsets = [q.position - p.position for p in one for q in two]
    close = [o for o in offsets if abs(o) < 30]
    if not close:
        return []
    counts = [sum(abs(o - c) < 2 for o in close) for c in close]
    best = close[int(np.argmax(counts))]
    offset = float(np.median([o for o in close if abs(o - best) < 2]))
    pairs = []
    for p in one:
        q = min(two, key=lambda b: abs(b.position - p.position - offset))
        back = min(one, key=lambda b: abs(q.position - b.position - offset))
        if back is p and abs(q.position - p.position - offset) < MATCH:
            pairs.append((p, q))
    return pairs


def redrawn(draft: Draft, seed: int) -> Draft:
    """The fit of a draft's own curve with a new draw of its noise."""
    one = draft.files[0]
    noise = np.random.default_rng(seed).normal(0, one.noise * one.gain, len(one.wavenumber))
    curve = one.background + one.components.sum(axis=0) + noise
    return sv.fit_mineral(sv.Spectrum(one.wavenumber, curve, {"name": one.name}), "benchmark")


def print_draws(rows: Sequence[Row]) -> None:
    """Files of which there are several: two draws of one file's noise."""
    print("\ntwo draws of one file's noise")
    names = [substance(row.name) for row in rows]
    good = count = 0
    for row, name in zip(rows, names, strict=True):
        if row.draft is None or names.count(name) < 2:
            continue
        found = agreement(redrawn(row.draft, 1), redrawn(row.draft, 2))
        if found is None:
            continue
        count += 1
        good += found[0] <= POSITION and found[1] <= AREA
        numbers = f"{found[0]:5.2f} cm⁻¹  × {found[1]:5.2f}  {found[2]} bands"
        print(f"  {row.name[:44]:44s} {numbers}", flush=True)
    print(f"{good} of {count} files within {POSITION:g} cm⁻¹ and × {AREA:g}")


def print_agreement(rows: Sequence[Row]) -> None:
    """Files of one substance, each fitted by itself."""
    print(
        f"\nfiles of one substance (bands > {MAJOR:g} of the strongest, after one offset and gain)"
    )
    good = count = 0
    for one, two in combinations(rows, 2):
        if one.draft is None or two.draft is None or substance(one.name) != substance(two.name):
            continue
        found = agreement(one.draft, two.draft)
        if found is None:
            print(f"  {one.name[:36]:36s} {two.name[:36]:36s} fewer than two bands in common")
            continue
        count += 1
        good += found[0] <= POSITION and found[1] <= AREA
        print(
            f"  {one.name[:36]:36s} {two.name[:36]:36s} "
            f"{found[0]:5.2f} cm⁻¹  × {found[1]:5.2f}  {found[2]} bands"
        )
    print(f"{good} of {count} pairs within {POSITION:g} cm⁻¹ and × {AREA:g}")


def print_summary(rows: Sequence[Row]) -> None:
    share = float(np.mean([row.good for row in rows]))
    ranked = sorted((r for r in rows if r.draft), key=lambda r: -(r.draft.misfit if r.draft else 0))
    print(f"\nmisfit ≤ max({OF_NOISE:g} × noise, {LEAST:g}): {share:.3f} of {len(rows)} files")
    plain = float(np.mean([r.draft is not None and r.draft.misfit <= LEAST for r in rows]))
    print(f"  ≤ {LEAST:g} whatever the noise: {plain:.3f}")
    for row in [r for r in ranked if not r.good][:12]:
        print(f"  {line(row)}")
    slow = max(rows, key=lambda r: r.seconds)
    seconds = np.median([r.seconds for r in rows])
    print(f"seconds: median {seconds:.1f}, longest {slow.seconds:.1f} ({slow.name})")
    near = min(rows, key=lambda r: r.nearest)
    print(f"nearest two bands: {near.nearest:.2f} widths ({near.name})")
    print(f"refused: {sum(r.draft is None for r in rows)}")
    kept = share >= SHARE and slow.seconds <= SECONDS and near.nearest >= NEAREST
    print("must show: " + ("met" if kept else "NOT met"))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=DATA / "library")
    parser.add_argument("--name", action="append", help="only files whose name has this in it")
    parser.add_argument("--draws", action="store_true", help="two draws of each file's noise, too")
    asked = parser.parse_args()
    files = [f for f in sorted(asked.folder.glob("*")) if f.suffix in SUFFIXES]
    files = [f for f in files if not asked.name or any(n in f.name for n in asked.name)]
    if not files:
        raise SystemExit(f"There are no spectra in {asked.folder}.")
    print(machine())
    rows = []
    for file in files:
        rows.append(fitted(file))
        print(line(rows[-1]), flush=True)
    print_summary(rows)
    print_agreement(rows)
    if asked.draws:
        print_draws(rows)


if __name__ == "__main__":
    main()
