"""Measured files restored through tables that were fitted to another file of the same substance.

    python -m benchmarks.another_file [FOLDER] [--name PART]… [--rows FILE]

FOLDER as in :mod:`benchmarks.fit_mineral`. Each file of a substance of which there are several is
restored through the model of each other's table. Asked: ``normal``, and the table's main band as
high as it is, within 3 %: the height that the fit to the file itself gives it, above a background
of its own. ``files``: how far the areas of the two files' bands differ as measured
(:mod:`.raw_bands`). ``by itself``: the bands as each was measured, which is before the instrument's
software smoothed the file, drawn as that leaves them; the file's own fit is of what is recorded,
too. ``itself``: the same file through its own table, once a file. ``--rows``:
every row is kept in that file, and none that is there is made again.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import product
from pathlib import Path

import numpy as np
from scipy.ndimage import correlate1d

import spectra_vae as sv
from spectra_vae.library.draft import Draft
from spectra_vae.measure.detection.preparation import Files
from spectra_vae.measure.detection.refit import judge
from spectra_vae.measure.fitting.grid import Model
from spectra_vae.measure.fitting.smoothing import recognised
from spectra_vae.measure.report.restoration import Restoration
from spectra_vae.minerals import Mineral
from spectra_vae.minerals.profile import GAUSS_AREA, LORENTZ_AREA, pseudo_voigt
from spectra_vae.model.shared import readout_folder

from .fit_mineral import DATA, SUFFIXES
from .machine import machine
from .raw_bands import raw_agreement
from .same_substance import Fitted, substance

HEIGHT = 0.03  # of the main band


@dataclass(frozen=True)
class Row:
    """``file`` through the table of ``table``: the verdict and its score, the main band's height
    over its own by the restored curve and as the bands were ``measured`` by themselves, how many
    are foreign, and how far the files' areas differ (× the median).
    """

    file: str
    table: str
    verdict: str
    score: float
    height: float
    measured: float
    foreign: int
    files: float | None

    @property
    def itself(self) -> bool:
        return self.file == self.table

    @property
    def normal(self) -> bool:
        return self.verdict == "normal"

    @property
    def as_high(self) -> bool:
        return abs(self.height - 1) <= HEIGHT

    @property
    def measured_as_high(self) -> bool:
        return abs(self.measured - 1) <= HEIGHT


def main_height(draft: Draft, table: Mineral, moved: float) -> float:
    """How high the file of ``draft`` is at the main band of ``table``, ``moved`` by cm⁻¹."""
    one = draft.files[0]
    return _top(one.wavenumber, one.components.sum(axis=0), table, moved)


def _top(x: np.ndarray, curve: np.ndarray, table: Mineral, moved: float) -> float:
    """The largest value within half a width of the table's main band."""
    away = np.abs(x - table.main.position - moved)
    near = away <= max(table.main.width / 2, float(away.min()))
    return float(curve[near].max())


def _moved(restored: Restoration) -> float:
    """How far the file's main band stands from the table's, cm⁻¹."""
    place = restored.quantities["position"].value
    return 0.0 if place is None else place - restored.mineral.main.position


def _measured(restored: Restoration) -> np.ndarray:
    """(N,) the sum of the mineral's bands, each as it was measured by itself."""
    found = np.zeros(len(restored.wavenumber))
    for b in restored.bands:
        shape = b.area / max(b.height * b.fwhm, 1e-300)
        mixing = np.clip((shape - GAUSS_AREA) / (LORENTZ_AREA - GAUSS_AREA), 0, 1)
        away = restored.wavenumber - b.position
        found += b.height * pseudo_voigt(away, np.array(b.fwhm), np.array(mixing))
    return found


def _as_recorded(model: Model, spectrum: sv.Spectrum, curve: np.ndarray) -> np.ndarray:
    """``curve`` (N,) as the software left it that ran over the file."""
    judged = judge(model, Files.of([spectrum]))
    if judged.each > 1:  # a mean of so many points: smoother than what software does
        return curve
    one = judged.judged[0]
    kernel = recognised(one.fits, np.array([one.k]))[0].kernel
    return np.asarray(correlate1d(curve, kernel, mode="nearest"))


def row(file: Fitted, other: Fitted) -> Row:
    """A file through another's table, or through its own."""
    table = other.draft.mineral
    model = sv.load(readout_folder(table))
    restored = model.restore(file.spectrum)
    moved = _moved(restored)
    curves = restored.explained, _as_recorded(model, file.spectrum, _measured(restored))
    high, alone = (_top(restored.wavenumber, curve, table, moved) for curve in curves)
    raw = None if file is other else raw_agreement(file.spectrum, other.spectrum)
    true = main_height(file.draft, table, moved)
    return Row(
        file.name,
        other.name,
        restored.novelty.verdict,
        restored.novelty.score,
        high / true,
        alone / true,
        sum(p.foreign for p in restored.unexplained),
        None if raw is None else raw.ratio,
    )


def told(one: Row) -> str:
    wrong = [w for w, good in (("verdict", one.normal), ("height", one.as_high)) if not good]
    files = "" if one.files is None else f"files × {one.files:5.2f}"
    table = "itself" if one.itself else _short(one.table)
    return (
        f"{_short(one.file):27s} {table:27s} {one.verdict:10s} {one.score:7.2f} "
        f"height {one.height:5.3f}, by itself {one.measured:5.3f}  "
        f"{one.foreign:2d} foreign  {files:15s} {' '.join(wrong)}"
    ).rstrip()


def _short(name: str) -> str:
    return name.split("_", 1)[-1][:26]


def print_summary(rows: Sequence[Row]) -> None:
    for label, some in (
        ("through its own table", [r for r in rows if r.itself]),
        ("through another file's", [r for r in rows if not r.itself]),
        ("  whose areas are within × 1.5", [r for r in rows if r.files and r.files <= 1.5]),
    ):
        normal = [r for r in some if r.normal]
        high, alone = sum(r.as_high for r in normal), sum(r.measured_as_high for r in normal)
        print(
            f"{label}: {len(normal)} of {len(some)} normal; of these {high} as high, "
            f"{alone} as the bands were measured by themselves"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", nargs="?", type=Path, default=DATA / "library")
    parser.add_argument("--name", action="append", help="only files whose name has this in it")
    parser.add_argument("--rows", type=Path, help="a file that keeps the rows")
    asked = parser.parse_args()
    files = [f for f in sorted(asked.folder.glob("*")) if f.suffix in SUFFIXES]
    files = [f for f in files if not asked.name or any(n in f.name for n in asked.name)]
    names = [substance(f.stem) for f in files]
    files = [f for f, name in zip(files, names, strict=True) if names.count(name) > 1]
    if not files:
        raise SystemExit(f"There are no two spectra of one substance in {asked.folder}.")
    print(machine())
    rows = []
    with tempfile.TemporaryDirectory() as home:
        os.environ["SPECTRA_VAE_HOME"] = home
        for one in _rows(files, asked.rows):
            rows.append(one)
            print(told(one), flush=True)
    print_summary(rows)


def _rows(files: Sequence[Path], kept: Path | None) -> Iterator[Row]:
    """A row for each file and each table of its substance."""
    known, drafted = _read(kept), _Drafted()
    for file, other in product(files, files):
        if substance(file.stem) != substance(other.stem):
            continue
        one = known.get((file.stem, other.stem))
        if one is None:
            one = row(drafted(file), drafted(other))
            if kept:
                with kept.open("a", encoding="utf-8") as out:
                    out.write(json.dumps(asdict(one)) + "\n")
        yield one


def _read(kept: Path | None) -> dict[tuple[str, str], Row]:
    lines = kept.read_text(encoding="utf-8").splitlines() if kept and kept.exists() else []
    rows = [Row(**json.loads(line)) for line in lines]
    return {(one.file, one.table): one for one in rows}


class _Drafted:
    """Files with their fits, each fitted once."""

    def __init__(self) -> None:
        self._known: dict[Path, Fitted] = {}

    def __call__(self, file: Path) -> Fitted:
        if file not in self._known:
            spectrum = sv.read_spectrum(file)
            draft = sv.fit_mineral(spectrum, f"table-{len(self._known)}")
            self._known[file] = Fitted(file.stem, spectrum, draft)
        return self._known[file]


if __name__ == "__main__":
    main()
