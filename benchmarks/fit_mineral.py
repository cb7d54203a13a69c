"""Band tables fitted to measured pure substances: misfit, noise, bands, doubts, seconds.

    python -m benchmarks.fit_mineral [FOLDER] [--name PART]… [--draws]

FOLDER (``library`` of SPECTRA_VAE_DATA, ../shared/data) holds files named COLLECTION_SUBSTANCE[_…];
files of one substance are compared with each other, as measured (:mod:`.raw_bands`) and by their
tables: where the files themselves differ, by their crystals or their instruments, no tables can
agree. ``--draws``: what is fitted to two files that differ in nothing but their noise is compared,
too: each file's fitted curve with two draws of its own noise. Seconds are the processor's.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

import spectra_vae as sv
from spectra_vae.library.draft import Draft

from .machine import machine
from .same_substance import Fitted, print_agreement, print_draws

DATA = Path(os.environ.get("SPECTRA_VAE_DATA", Path(__file__).resolve().parents[2] / "shared/data"))
SUFFIXES = {".txt", ".csv", ".rruff", ".spc"}
LEAST, OF_NOISE, SHARE = 0.008, 1.5, 0.85  # misfit: of the strongest band; × noise; of the files
SECONDS, NEAREST = 20.0, 0.6


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
    pairs = zip(files, rows, strict=True)
    drafted = [Fitted(r.name, sv.read_spectrum(f), r.draft) for f, r in pairs if r.draft]
    print_agreement(drafted)
    if asked.draws:
        print_draws(drafted)


if __name__ == "__main__":
    main()
