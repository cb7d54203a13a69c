"""What a fitted table leaves open, in words, with answers to choose from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..text.message import Message
from .axis_doubt import even_axis
from .band_search import Found
from .groups import OH
from .heights import share_bands
from .joint_fit import LEAN_SPREAD, WIDEST
from .measurement import LASER
from .neighbours import strongest_near
from .parts import Doubt, DraftBand, DraftFile

Array = NDArray[np.float64]

NEAR = 0.8  # widths between two bands that look like one
MOST_NEAR = 3  # such doubts: the nearest
WEAK = 0.1  # of the strongest band: it may be another substance's
SURE_OF_MIXING = 0.7  # of the prior's spread: what is left of it where the file says little
MAJOR = 0.05  # of the strongest band: bands whose mixing matters
NOISY = 20.0  # the strongest band over the noise
STEEP = 1.0  # of the strongest band: how much the background changes
AT_END = 1.0  # widths of a band to the end of its file
MISFIT, MISFIT_NOISE = 0.008, 1.5  # of the strongest band; times the noise
ORIENTED = 0.25  # standard deviation of ln height between files


def doubts_of(
    found: Found,
    bands: Sequence[DraftBand],
    files: Sequence[DraftFile],
    misfit: float,
    noise: float,
    resolution: float,
    told: bool,
) -> tuple[Doubt, ...]:
    """All doubts, those with a choice first."""
    return (
        *_near_bands(bands),
        *_impure(bands),
        *_measurements(found, bands, files),
        *_fit(found, bands, misfit, noise),
        *_several_files(found, bands, files),
        *_hydrous(bands, files),
        *([] if told else [_doubt("resolution", resolution=f"{resolution:g}", answers=["tell"])]),
        _doubt("groups", answers=["understood"]),
    )


def _doubt(
    code: str,
    bands: Sequence[int] = (),
    why: Message | None = None,
    answers: Sequence[str] = ("understood",),
    **params: Any,
) -> Doubt:
    """A doubt of the texts' section of that name."""
    chosen = tuple(Message(f"answer.{one}") for one in answers)
    return Doubt(f"doubt.{code}", params, why=why, bands=tuple(bands), answers=chosen)


def _near_bands(bands: Sequence[DraftBand]) -> list[Doubt]:
    found: list[tuple[float, Doubt]] = []
    for k, (one, other) in enumerate(zip(bands, bands[1:], strict=False)):
        distance = other.position - one.position
        share = distance / max(one.width, other.width)
        if share < NEAR:
            told: dict[str, Any] = {"first": k + 1, "second": k + 2, "distance": f"{distance:.1f}"}
            why = Message("doubt_why.near", {"percent": f"{100 * share:.0f}"})
            found.append((share, _doubt("near", [k, k + 1], why, ["merge", "keep_both"], **told)))
    return [doubt for _, doubt in sorted(found, key=lambda f: f[0])[:MOST_NEAR]]


def _impure(bands: Sequence[DraftBand]) -> Iterator[Doubt]:
    """Weak bands where another mineral has its strongest one."""
    for k, band in enumerate(bands):
        name = strongest_near(band.position, band.width) if band.height < WEAK else None
        if name is not None:
            told: dict[str, Any] = {"number": k + 1, "position": f"{band.position:.1f}"}
            why = Message("doubt_why.impure", {"name": name})
            percent = f"{100 * band.height:.1f}"
            yield _doubt("impure", [k], why, ["leave_out", "belongs"], percent=percent, **told)


def _measurements(
    found: Found, bands: Sequence[DraftBand], files: Sequence[DraftFile]
) -> Iterator[Doubt]:
    """What is wrong with the files themselves."""
    for file, source in zip(files, found.problem.files, strict=True):
        name, x = file.name, file.wavenumber
        if source.clipped.any():
            hit = _touched(bands, x[source.clipped] - file.offset)
            numbers = ", ".join(str(k + 1) for k in hit)
            told: dict[str, Any] = {"count": int(source.clipped.sum()), "numbers": numbers}
            yield _doubt("clipped" if hit else "clipped_beside", hit, file=name, **told)
        if source.spiked.any():
            yield _doubt("spikes", file=name, count=int(source.spiked.sum()))
        if source.dead.any():
            yield _doubt("dead", file=name, count=int(source.dead.sum()))
        if source.laser.any():
            yield _doubt("laser", file=name, below=f"{LASER:.0f}")
        steep = float(np.ptp(file.background[file.fitted])) / file.gain
        if steep > STEEP:
            yield _doubt("steep", file=name, times=f"{steep:.1f}")
        alive = x[file.fitted]
        for end in (float(alive[0]), float(alive[-1])):
            cut = [
                k
                for k, b in enumerate(bands)
                if abs(b.position + file.offset - end) < AT_END * b.width
            ]
            if cut:
                yield _doubt("end", cut, end=f"{end:.0f}", number=cut[0] + 1, file=name)
        off = even_axis(source.spectrum)
        if off is not None:
            why = Message("doubt_why.even_axis", {"laser": off[1]})
            yield _doubt("even_axis", why=why, file=name, most=f"{off[0]:.0f}")


def _touched(bands: Sequence[DraftBand], places: Array) -> list[int]:
    """Bands within a width of whose centre one of ``places`` lies."""
    return [k for k, b in enumerate(bands) if float(np.abs(places - b.position).min()) < b.width]


def _fit(found: Found, bands: Sequence[DraftBand], misfit: float, noise: float) -> Iterator[Doubt]:
    if found.too_wide:
        where = ", ".join(f"{p:.0f}" for p in sorted(found.too_wide))
        yield _doubt("wide", where=where, limit=f"{WIDEST:.0f}")
    if found.merged:
        where = ", ".join(f"{(a + b) / 2:.0f}" for a, b in found.merged[:6])
        yield _doubt("merged", where=where, count=len(found.merged))
    if misfit > max(MISFIT, MISFIT_NOISE * noise):
        told: dict[str, Any] = {"percent": f"{100 * misfit:.1f}", "noise": f"{100 * noise:.1f}"}
        yield _doubt("misfit", **told)
    if noise * NOISY > 1:
        yield _doubt("noisy", times=f"{1 / noise:.0f}")
    open_ones = [
        k
        for k, band in enumerate(bands)
        if band.height > MAJOR and found.table_error[2, k] > SURE_OF_MIXING * LEAN_SPREAD
    ]
    if open_ones:
        yield _doubt("mixing", open_ones, numbers=", ".join(str(k + 1) for k in open_ones))


def _several_files(
    found: Found, bands: Sequence[DraftBand], files: Sequence[DraftFile]
) -> Iterator[Doubt]:
    if len(files) < 2:
        return
    offsets = [one.offset for one in files]
    told: dict[str, Any] = {"low": f"{min(offsets):+.1f}", "high": f"{max(offsets):+.1f}"}
    yield _doubt("offsets", why=Message("doubt_why.offsets"), **told)
    if not share_bands(found):
        yield _doubt("no_shared_band")
        return
    oriented = [k for k, b in enumerate(bands) if b.scatter is not None and b.scatter > ORIENTED]
    if oriented:
        most = max(float(bands[k].scatter or 0.0) for k in oriented)
        numbers = ", ".join(str(k + 1) for k in oriented)
        yield _doubt("oriented", oriented, numbers=numbers, times=f"{np.exp(most):.1f}")


def _hydrous(bands: Sequence[DraftBand], files: Sequence[DraftFile]) -> Iterator[Doubt]:
    wet = [k for k, band in enumerate(bands) if band.position >= OH]
    last = max(float(one.wavenumber[one.fitted][-1]) for one in files)
    if len(wet) == 1:
        yield _doubt("one_hydrous", wet)
    elif wet:
        yield _doubt("hydroxyl", wet)
    elif last < OH + 300:
        yield _doubt("ends_early", end=f"{last:.0f}")
