"""Files of one substance beside each other: as measured, as their tables say, with new noise."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import NamedTuple

import numpy as np

import spectra_vae as sv
from spectra_vae.library.draft import Draft

from .raw_bands import Agreement, agreement, in_common, raw_agreement

MAJOR = 0.1  # of the strongest band: bands of tables that are compared
POSITION, AREA = 1.0, 1.5  # what may differ between two files


class Fitted(NamedTuple):
    """A file, and the draft that was fitted to it."""

    name: str
    spectrum: sv.Spectrum
    draft: Draft


def substance(name: str) -> str:
    """``CDPH_Anatase_532nm_unoriented`` → ``anatase``."""
    word = name.split("_", 1)[-1]
    return re.split(r"[_(\d]", word)[0].lower()


def pairs(rows: Sequence[Fitted]) -> Iterator[tuple[Fitted, Fitted]]:
    """Two files of one substance, each pair once."""
    for one, two in combinations(rows, 2):
        if substance(one.name) == substance(two.name):
            yield one, two


def of_tables(a: Draft, b: Draft) -> Agreement | None:
    """How far the major bands of two tables agree."""
    one, two = ([band for band in d.bands if band.height > MAJOR] for d in (a, b))
    places = [np.array([band.position for band in bands]) for bands in (one, two)]
    same = [(one[k], two[j]) for k, j in in_common(*places)]
    return agreement(
        np.array([p.position for p, _ in same]),
        np.array([q.position - p.position for p, q in same]),
        np.array([np.log(q.area / p.area) for p, q in same]),
    )


def good(found: Agreement | None) -> bool:
    return found is not None and found.within(POSITION, AREA)


def print_agreement(rows: Sequence[Fitted]) -> None:
    """Each pair as measured and by its tables; lasers [nm] as the files' names tell them."""
    print(
        f"\nfiles of one substance, after one offset and gain; of tables, bands > {MAJOR:g}:"
        f"\n{'':41s}{'laser':9s}{'as measured':33s}{'by their tables'}"
    )
    said: Counter[str] = Counter()
    raws, tables = [], []
    for one, two in pairs(rows):
        raw, ours = raw_agreement(one.spectrum, two.spectrum), of_tables(one.draft, two.draft)
        raws.append(raw)
        tables.append(ours)
        word = _said(raw, ours)
        said[word] += 1
        names = f"{_short(one.name)} {_short(two.name)}"
        lasers = f"{_laser(one.name)}/{_laser(two.name)}"
        print(f"  {names:39s}{lasers:9s}{_told(raw):33s}{_told(ours):33s}{word}")
    print(", ".join(f"{label}: {n}" for label, n in said.items()))
    shares = f"{_share(raws)} pairs as measured, {_share(tables)} by their tables"
    print(f"within {POSITION:g} cm⁻¹ and × {AREA:g}: {shares}")


def _share(found: Sequence[Agreement | None]) -> str:
    """How many agree, of those that have bands to compare."""
    return f"{sum(map(good, found))} of {sum(one is not None for one in found)}"


def _said(raw: Agreement | None, ours: Agreement | None) -> str:
    if raw is None:
        return "tables agree alone" if good(ours) else "too few bands"
    if good(raw):
        return "both agree" if good(ours) else "TABLES DIFFER"
    return "tables agree alone" if good(ours) else "files differ"


def _told(found: Agreement | None) -> str:
    return "fewer than two in common" if found is None else str(found)


def _short(name: str) -> str:
    return name.split("_", 1)[-1][:18]


def _laser(name: str) -> str:
    found = re.search(r"(\d{3})nm", name)
    return found[1] if found else "?"


def redrawn(draft: Draft, seed: int) -> Draft:
    """The fit of a draft's own curve with a new draw of its noise."""
    one = draft.files[0]
    noise = np.random.default_rng(seed).normal(0, one.noise * one.gain, len(one.wavenumber))
    curve = one.background + one.components.sum(axis=0) + noise
    return sv.fit_mineral(sv.Spectrum(one.wavenumber, curve, {"name": one.name}), "benchmark")


def print_draws(rows: Sequence[Fitted]) -> None:
    """Files of which there are several: two draws of one file's noise."""
    print("\ntwo draws of one file's noise")
    names = [substance(row.name) for row in rows]
    found = []
    for row, name in zip(rows, names, strict=True):
        if names.count(name) < 2:
            continue
        one = of_tables(redrawn(row.draft, 1), redrawn(row.draft, 2))
        if one is not None:
            found.append(good(one))
            print(f"  {row.name[:44]:44s} {one}{'' if found[-1] else '  DIFFER'}", flush=True)
    print(f"{sum(found)} of {len(found)} files within {POSITION:g} cm⁻¹ and × {AREA:g}")
