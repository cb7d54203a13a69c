"""Restoration: measurements in, the mineral's spectrum, numbers and doubts out."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from importlib.metadata import version
from typing import Any, TypeVar

import numpy as np
import torch
from numpy.typing import NDArray

from ..model.posterior import Posterior
from ..spectra.spectrum import Spectrum, interpolate
from .bands.bounds import widened
from .bands.local_fit import LocalBands
from .beside import Beside, beside, each_by_itself
from .detection.agreement import FAR
from .detection.apex import stopped
from .detection.preparation import FEW, Files, alike, check
from .detection.refit import Verdicts, judge
from .fitting.fit_result import Z90
from .fitting.grid import Model
from .fitting.noise import Noise
from .fitting.orientation import Amplitude, Orientation
from .report.calibration import Calibration
from .report.checks import checks
from .report.common import Common, in_common
from .report.estimates import (
    Estimate,
    Row,
    unknown,
    without_the_position,
    without_the_stronger,
    without_the_strongest,
)
from .report.measured_bands import bands
from .report.rest import is_noise
from .report.restoration import Restoration

__all__ = ["Estimate", "Restoration", "restore"]

Array = NDArray[np.float64]
_Done = TypeVar("_Done")

LEAST_STD = 1e-3  # of a code


def restore(
    model: Model,
    spectra: Sequence[Spectrum],
    resolution: float | None = None,
    calibration: Calibration | None = None,
) -> list[Restoration]:
    """Restore spectra through ``model``; those on one axis are fitted together.

    Raises
    ------
    SpectrumError
        A resolution that is none, a file outside the model's axis.
    """
    for one in spectra:
        check(model, one, resolution)
    known = calibration or Calibration()
    groups = list(alike(spectra, torch.get_num_threads()))

    def restored(members: list[int]) -> list[Restoration]:
        v = judge(model, Files.of([spectra[k] for k in members]))
        read, kl = v.files.spectra[0].read_as(), _kl(model, v)
        rows = [Row(fitted.fits, fitted.k, known, resolution) for fitted in v.judged]
        parts = [beside(one, points) for one, points in zip(v.judged, v.points, strict=True)]
        local = each_by_itself(v, parts)
        said = in_common(rows, local)
        return [
            _assembled(v, i, row, read, kl[i], parts[i], local[i], said[i])
            for i, row in enumerate(rows)
        ]

    found: dict[int, Restoration] = {}
    for members, some in zip(groups, _side_by_side(restored, groups), strict=True):
        found.update(zip(members, some, strict=True))
    return [found[k] for k in range(len(spectra))]


def _side_by_side(f: Callable[[list[int]], _Done], parts: Sequence[list[int]]) -> list[_Done]:
    """f of every part, on as many threads as torch may use, each with one of torch's.

    Half of a restoration is Python between torch's calls: two of them fill two cores where two
    threads of torch inside one don't. Even one spectrum alone is faster on one: its arrays are so
    small that threads wait for each other.
    """
    threads = torch.get_num_threads()
    if threads == 1:
        return [f(part) for part in parts]
    some = max(min(threads, len(parts), sum(map(len, parts)) // FEW), 1)
    try:
        with ThreadPoolExecutor(some, initializer=torch.set_num_threads, initargs=(1,)) as pool:
            return list(pool.map(f, parts))
    finally:
        torch.set_num_threads(threads)  # what threads that start later take for theirs


def _kl(model: Model, v: Verdicts) -> list[Array | None]:
    """KL of the encoder's posterior against N(0, 1), per neuron, nats; None for an autoencoder and
    where there is no encoder.
    """
    if "encoder" not in model.trained:
        return [None] * len(v.judged)
    bare = np.stack(
        [
            (row - one.fits.background[one.k]) / one.fits.gain[one.k]
            for row, one in zip(v.y, v.judged, strict=True)
        ]
    )
    fitted = np.stack([one.fits.explained[one.k] / one.fits.gain[one.k] for one in v.judged])
    q = model.encode(interpolate(v.x, np.where(v.points, bare, fitted), model.wavenumber))
    return [None] * len(v.judged) if q.kl is None else list(q.kl)


def _assembled(
    v: Verdicts,
    i: int,
    row: Row,
    read: Mapping[str, Any],
    kl: Array | None,
    part: Beside,
    local: LocalBands | None,
    said: Common,
) -> Restoration:
    """Spectrum i in the file's own units and on its own axis."""
    one, files, each = v.judged[i], v.files, v.each
    fits, k, model = one.fits, one.k, one.fits.grid.model
    spectrum, span, zero = files.spectra[i], float(files.span[i]), float(files.zero[i])
    x, y = spectrum.wavenumber, spectrum.intensity

    def own(values: Array) -> Array:
        if each == 1:
            return values * span
        inner = np.clip(x, fits.grid.x[0], fits.grid.x[-1])
        return np.interp(inner, fits.grid.x, values) * span

    explained = own(fits.explained[k])
    background = own(fits.background[k]) + zero + files.step[i] * span
    gone, ground, fit = part.gone, part.background, part.fit
    if gone:
        explained = np.zeros_like(x)
        background = own(ground) + zero + files.step[i] * span
    peaks = tuple(p.times(span) for p in fit.bands)
    restored = explained + sum((p.curve(x) for p in peaks), np.zeros_like(x))
    below, above = _margins(row, part, local, said.exact)
    found, measured = said.estimates, said.quantities
    if gone:
        found = dict.fromkeys(found, unknown(gone))
        measured = dict.fromkeys(measured, unknown(gone))
    elif stopped(fits, k):
        found = without_the_position(row, found)
    elif one.agreement.factor is not None and found[one.agreement.factor].known:
        found[one.agreement.factor] = unknown("note.shift_alone", limit=f"{FAR:g}")
    if one.doubled and not gone:
        found = without_the_strongest(row, found)
    found = without_the_stronger(row, found, {p.group for p in one.peaks})
    alien = one.novelty(kl)
    if alien.verdict != "undecided":
        alien = replace(alien, percentile=row.calibration.percentile(alien.score, row.counts))
    std = fits.grid.whole_std(fits.wider[k] * np.sqrt(np.diagonal(fits.covariance[k])))
    mean = fits.grid.whole(fits.codes[k][None])[0]
    _tell_counts(model, found, mean, std)
    plain = all(n.kl is None for n in model.neurons)
    crystal = None if gone else _orientation(row)
    noise = is_noise(row, gone is None, ground, fit.bands)
    floor, slope = fits.noise[k, :2] * np.array([span**2, span]) * each
    return Restoration(
        mineral=row.mineral,
        wavenumber=x,
        measured=y,
        restored=restored,
        explained=explained,
        lower=restored - own(below),
        upper=restored + own(above),
        background=background,
        residual=y - background - restored,
        used=files.usable[i],
        gain=float(fits.gain[k]) * span,
        code=Posterior(mean, None if plain else std),
        estimates=found,
        quantities=measured,
        bands=() if local is None else bands(row.mineral, fits.grid.x, local, span),
        unexplained=peaks,
        novelty=alien,
        checks=(
            *checks(
                (files.clipped[i], files.spiked[i], files.dead[i]),
                files.joined(i),
                one,
                found,
                crystal,
                gone,
                row,
                noise,
            ),
            *said.checks,
        ),
        orientation=crystal,
        noise=Noise(float(floor), float(slope), zero),
        settings=_settings(model, spectrum, row.resolution),
        residual_is_noise=noise,
        reach=(float(model.wavenumber[0]), float(model.wavenumber[-1])),
        read={
            **read,
            "format": str(spectrum.meta.get("format", "")),
            "fixes": [fix.to_dict() for fix in spectrum.fixes],
        },
    )


def _margins(row: Row, part: Beside, local: LocalBands | None, exact: float) -> tuple[Array, Array]:
    """How far the true curve may lie below and above the restored one, (N,) each, at 90 %;
    ``exact``: how likely all bands are the table's.
    """
    beside = Z90 * part.fit.spread
    if local is None:
        return beside, beside
    x = row.fits.grid.x
    own = (p.curve(x) for p in part.fit.bands if p.group)
    explained = row.fits.explained[row.k] + sum(own, np.zeros_like(x))
    below, above = widened(x, explained, row.margin(exact), local, exact, Z90)
    return np.hypot(below, beside), np.hypot(above, beside)


def _tell_counts(model: Model, found: Mapping[str, Estimate], mean: Array, std: Array) -> None:
    """Write into a code (latents,) what the noise says: the fit leaves that neuron alone."""
    quality = model.mineral.the("counts")
    if quality is None or quality.name not in model.controls:
        return
    one, j = found[quality.name], model.controls[quality.name]
    if one.value is not None and one.low is not None and one.high is not None:
        low, mean[j], high = quality.code([one.low, one.value, one.high])
        std[j] = max((high - low) / (2 * Z90), LEAST_STD)


def _orientation(row: Row) -> Orientation | None:
    """The bands' amplitudes where fit B was chosen."""
    if not row.oriented:
        return None
    fits, k = row.fits, row.k
    n, mix = fits.codes.shape[1] + 1, fits.mix
    amplitudes = 1 + fits.changes[k] @ mix
    half = Z90 * fits.wider[k] * np.sqrt(np.diagonal(mix.T @ fits.covariance[k, n:, n:] @ mix))
    return Orientation(
        tuple(
            Amplitude(b.name, b.position, float(a), float(max(a - h, 0.0)), float(a + h))
            for b, a, h in zip(fits.bands, amplitudes, half, strict=True)
        ),
        float(fits.asked.gained[k]),
    )


def _settings(model: Model, spectrum: Spectrum, resolution: float | None) -> dict[str, Any]:
    card = getattr(model, "card", {})
    columns = spectrum.meta.get("columns")
    return {
        "file": spectrum.meta.get("name", ""),
        "column": columns[1] if isinstance(columns, list | tuple) and len(columns) > 1 else "",
        "model": card.get("name", ""),
        "weights": getattr(model, "digest", "")[:12],
        "resolution": resolution if resolution else f"{model.mineral.resolution:g} (assumed)",
        "version": _version(),
    }


@functools.cache
def _version() -> str:
    return version("spectra-vae")
