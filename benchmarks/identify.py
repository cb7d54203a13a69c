"""What files are, by ours and by rivals, with tables from other files or from facts.

    python -m benchmarks.identify [FOLDER] [--snr R …] [--tune] [--refit] [--without] [--mixtures N]

FOLDER (``library`` of SPECTRA_VAE_DATA, ../shared/data) holds files named COLLECTION_SUBSTANCE[_…].
Shipped tables are from facts, some of them from these very files; ``--refit`` takes a table fitted
to *another* file of the substance where there is one. A file is right when its mineral is the first
answer; a stranger (a substance that the library lacks) is accepted when its first answer scores
above the threshold, which is where 2 % of the strangers do. Rivals see the same tables drawn as
spectra, after the same arPLS; ``--tune``: what is free in them is chosen on one half of the
substances and judged on the other, both ways, each half with a threshold of its own. ``--without``:
each true table taken out, how many are accepted as a relative at ours' own threshold.
"""

from __future__ import annotations

import argparse
import os
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

import spectra_vae as sv
from spectra_vae.identification.found import find
from spectra_vae.library.identify.axes import lasers
from spectra_vae.library.identify.matching import alone
from spectra_vae.library.identify.scanned import scanned
from spectra_vae.library.identify.score import ACCEPTED, NOISY, score
from spectra_vae.library.identify.templates import Templates
from spectra_vae.measure.mixture.fractions import fractions
from spectra_vae.measure.mixture.part import Part
from spectra_vae.measure.mixture.scan import Scan

from .identify_rivals import RIVALS, Answer, Choice, answers, choices
from .machine import machine

Array = NDArray[np.float64]

DATA = Path(os.environ.get("SPECTRA_VAE_DATA", Path(__file__).resolve().parents[2] / "shared/data"))
# Substances by the names that files have, where the library calls them otherwise.
CALLED = {
    "al2o3": "corundum",
    "alum": "alum-k",
    "sulphur": "sulfur",
    "felsobanyaite1": "felsobanyaite",
    "muscovite1": "muscovite",
}
# Content that is known not to be the name's: listed apart, not counted.
APART = ("Arcanite", "Struvite", "Metacinnabar")
LEVELS = (0.0, 100.0, 30.0, 10.0)  # strongest band over noise that is added; 0: as measured
STRANGERS = 0.02
SHARES = (0.5, 0.2, 0.1, 0.05, 0.0)


@dataclass(frozen=True)
class File:
    """A measurement; ``mineral`` None: the library lacks it."""

    name: str
    mineral: str | None
    spectrum: sv.Spectrum


Row = tuple[File, Answer]


def read(folder: Path) -> list[File]:
    found = []
    for path in sorted(folder.glob("*.txt")):
        file = File(path.stem, None, sv.read_spectrum(path))
        known = substance(file) if substance(file) in sv.minerals() else None
        found.append(replace(file, mineral=known))
    return found


def substance(file: File) -> str:
    word = re.split(r"[_(]", file.name.split("_", 1)[-1])[0].lower()
    return CALLED.get(word, word)


def noisy(file: File, ratio: float, rng: np.random.Generator) -> sv.Spectrum:
    """With noise of the strongest band ÷ ``ratio``."""
    s = file.spectrum
    if not ratio:
        return s
    _, scan = scanned(s)
    return sv.Spectrum(s.wavenumber, s.intensity + rng.normal(0, scan.unit / ratio, len(s)))


def ours(spectrum: sv.Spectrum, scan: Scan, templates: Templates, bent: sv.Spectrum) -> Answer:
    """The best single table; noise that was added hides no even axis (``bent``: without it)."""
    some = alone(scan, templates, lasers(bent))
    ranked = sorted(((score(one.evidence), one.part.name) for one in some), reverse=True)
    return (ranked[0][1], ranked[0][0]) if ranked else ("", -np.inf)


def templates_of(files: Sequence[File], left_out: File | None, refit: bool) -> Templates:
    """Shipped tables; for the substance of the file that is judged, another file's where asked."""
    parts = [Part.of(sv.mineral(n)) for n in sv.minerals()]
    if not refit or left_out is None or left_out.mineral is None:
        return Templates.of(parts)
    others = [f for f in files if f.mineral == left_out.mineral and f.name != left_out.name]
    if not others:
        return Templates.of(parts)
    draft = sv.fit_mineral([f.spectrum for f in others], "another")
    fitted = replace(Part.of(draft.mineral), name=left_out.mineral)
    return Templates.of([fitted if p.name == fitted.name else p for p in parts])


def judged(label: str, rows: Sequence[Row], noise: float | None) -> None:
    """First right, and right and accepted where 2 % of strangers are."""
    verdict = Verdict.of(rows)
    print(f"| {label} | {verdict.right.mean():.2f} | {verdict.accepted.mean():.2f} |")
    if noise is None:
        return
    for (file, answer), good in zip(_known(rows), verdict.right, strict=True):
        if not good:
            print(f"    {file.name}: {answer[0]} ({answer[1]:+.1f})")
    for file, answer in sorted(_counted(rows), key=lambda row: -row[1][1]):
        if file.mineral is None and answer[1] > ACCEPTED + NOISY * noise:
            print(f"    stranger {file.name}: {answer[0]} ({answer[1]:+.1f})")


@dataclass(frozen=True)
class Verdict:
    """Of files (n,) that the library has: is the first answer right, and accepted as well?"""

    right: NDArray[np.bool_]
    accepted: NDArray[np.bool_]

    @classmethod
    def of(cls, rows: Sequence[Row]) -> Verdict:
        strange = [answer[1] for file, answer in _counted(rows) if file.mineral is None]
        limit = float(np.quantile(strange, 1 - STRANGERS)) if strange else -np.inf
        known = _known(rows)
        right = np.array([answer[0] == file.mineral for file, answer in known], bool)
        return cls(right, right & np.array([answer[1] > limit for _, answer in known], bool))


def _counted(rows: Sequence[Row]) -> list[Row]:
    return [row for row in rows if not any(a in row[0].name for a in APART)]


def _known(rows: Sequence[Row]) -> list[Row]:
    return [row for row in _counted(rows) if row[0].mineral is not None]


def halves(rows: Sequence[Row]) -> tuple[list[Row], list[Row]]:
    """By substance: no file is judged by what another of its kind chose."""
    kinds = list(dict.fromkeys(substance(file) for file, _ in rows))
    first = {*kinds[::2]}
    return (
        [row for row in rows if substance(row[0]) in first],
        [row for row in rows if substance(row[0]) not in first],
    )


def tuned(label: str, rows: dict[Choice, list[Row]]) -> None:
    """As :func:`judged`, what is free chosen on the other half each time."""
    split = {choice: halves(some) for choice, some in rows.items()}
    right, accepted, chosen = [], [], []
    for half in (0, 1):
        verdicts = {choice: Verdict.of(some[1 - half]) for choice, some in split.items()}
        best = max(verdicts, key=lambda c: verdicts[c].accepted.mean() + verdicts[c].right.mean())
        found = Verdict.of(split[best][half])
        right += [*found.right]
        accepted += [*found.accepted]
        chosen.append(f"{best[0]}, {best[1]:g}")
    told = f" ({'; '.join(chosen)})" if len(rows) > 1 else ""
    print(f"| {label}{told} | {np.mean(right):.2f} | {np.mean(accepted):.2f} |")


def compare(files: Sequence[File], level: float, refit: bool, tune: bool) -> None:
    """All methods at one level of noise."""
    rng, names = np.random.default_rng(int(level)), sv.minerals()
    shipped = templates_of(files, None, False)
    mine: list[Row] = []
    theirs: dict[tuple[str, Choice], list[Row]] = {}
    for file in files:
        spectrum = noisy(file, level, rng)
        _, scan = scanned(spectrum)
        chosen = templates_of(files, file, True) if refit else shipped
        mine.append((file, ours(spectrum, scan, chosen, file.spectrum)))
        for key, answer in answers(spectrum, names, tune).items():
            theirs.setdefault(key, []).append((file, answer))
    print(f"\n{f'SNR {level:g}' if level else 'as measured'}")
    print("| | first right | right and accepted |\n|---|---|---|")
    judged("ours", mine, 1 / level if level else 0.0)
    for rival in RIVALS:
        judged(rival.name, theirs[rival.name, choices(rival, tune)[0]], None)
    if tune:
        print("chosen on one half, judged on the other:")
        tuned("ours", {("", 0.0): mine})
        for rival in RIVALS:
            tuned(rival.name, {c: theirs[rival.name, c] for c in choices(rival, tune)})
    for file, answer in mine:
        if any(a in file.name for a in APART):
            print(f"    apart {file.name}: {answer[0]} ({answer[1]:+.1f})")


def without(files: Sequence[File]) -> None:
    """The true table taken out."""
    whole = templates_of(files, None, False)
    told = []
    for file in files:
        if file.mineral is None or any(a in file.name for a in APART):
            continue
        keep = [t for t, p in enumerate(whole.parts) if p.name != file.mineral]
        rest = Templates(tuple(whole.parts[t] for t in keep), whole.curves[keep])
        found = find(file.spectrum, rest, None)
        names = [p.name for p in found.fit.mixture.parts if not p.free]
        told.append(found.verdict == "identified")
        if told[-1]:
            print(f"    {file.name}: {', '.join(names)} ({found.score:+.1f})")
    print(f"true table taken out: {np.mean(told):.2f} accepted as another, of {len(told)}")


def mixtures(count: int) -> None:
    """Made mixtures of two minerals of the library, their bands' heights off by 20 %."""
    rng = np.random.default_rng(5)
    templates, x = templates_of((), None, False), np.arange(100.0, 1500.0, 1.2)
    names = [n for n in sv.minerals() if 100 < sv.mineral(n).main.position < 1400]
    for share in SHARES:
        both, false, held, seconds = [], [], [], []
        for _ in range(count):
            a, b = rng.choice(names, 2, replace=False)
            y = (1 - share) * _sample(a, x, rng) + (share * _sample(b, x, rng) if share else 0)
            lit = 3000 * (y + 0.4 + 0.2 * np.sin(x / 500 + rng.uniform(0, 6)))
            spectrum = sv.Spectrum(x + rng.normal(0, 1), rng.poisson(lit).astype(float))
            began = time.process_time()
            found = find(spectrum, templates, None)
            seconds.append(time.process_time() - began)
            parts = [p.name for p in found.fit.mixture.parts if not p.free]
            wanted = {a, b} if share else {a}
            false.append(
                bool(set(parts) - wanted - {o for some in found.tied.values() for o in some})
            )
            both.append(wanted <= set(parts))
            if both[-1] and share:
                part = fractions(found.fit)[parts.index(b)]
                held.append(part.low <= share <= part.high)
        told = f"found {np.mean(both):.2f}, a false phase {np.mean(false):.2f}"
        inside = f", interval holds {np.mean(held):.2f}" if held else ""
        print(f"{share:.2f}: {told}{inside}, median {1000 * np.median(seconds):.0f} ms")


def _sample(name: str, x: Array, rng: np.random.Generator) -> Array:
    m = sv.mineral(name)
    heights = np.exp(rng.normal(0, 0.2, len(m.bands)))
    return np.asarray(m.parts(x, {}, amplitudes=heights).sum(axis=-2))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=DATA / "library")
    parser.add_argument("--snr", nargs="*", type=float, default=LEVELS)
    parser.add_argument("--tune", action="store_true")
    parser.add_argument("--refit", action="store_true")
    parser.add_argument("--without", action="store_true")
    parser.add_argument("--mixtures", type=int, default=0, metavar="N")
    asked = parser.parse_args()
    files = read(asked.folder)
    if not files:
        raise SystemExit(f"There are no spectra in {asked.folder}.")
    print(machine())
    known = sum(f.mineral is not None for f in files)
    print(f"{len(files)} files, {known} of substances that the library has")
    for level in asked.snr:
        compare(files, level, asked.refit, asked.tune)
    if asked.without:
        without(files)
    if asked.mixtures:
        mixtures(asked.mixtures)


if __name__ == "__main__":
    main()
