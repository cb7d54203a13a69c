"""Restoration: a measurement in, the mineral's spectrum, numbers and doubts out."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..bands import FittedBand, fit_bands, locate
from ..message import Message
from ..minerals import Factor
from ..minerals.profile import at_resolution, pseudo_voigt
from ..posterior import Posterior
from ..spectrum import MIN_POINTS, Spectrum, SpectrumError, interpolate
from .background import background_basis
from .fit import Fit, Model, fit, fitted_neurons, has_scale
from .noise import Noise, estimate_noise
from .novelty import Novelty, is_faint, novelty
from .residual import Peak, foreign_peaks, spikes

Array = NDArray[np.float64]

Z90 = 1.6449  # a normal's central 90 %
UNKNOWN_STD = 1.5  # codes: the data add next to nothing to the prior
OWN_BAND = 1.3  # widths around a band of the mineral in which nothing is called foreign
CORE = 0.75  # widths in which no foreign band is centred
LOOKALIKE_REACH = 3.0  # cm⁻¹


@dataclass(frozen=True)
class Estimate:
    """A factor's value with a 90 % interval, or unknown (``known`` False, None) and why."""

    value: float | None
    low: float | None
    high: float | None
    known: bool
    note: Message

    def to_dict(self) -> dict[str, Any]:
        return {
            "value": self.value,
            "low": self.low,
            "high": self.high,
            "known": self.known,
            "note": self.note.to_dict(),
        }


@dataclass(frozen=True, eq=False)
class Restoration:
    """A restored measurement; arrays (N,) on the file's axis, in its unit.

    ``measured`` = ``background`` + ``explained`` + ``unexplained_curve`` + ``residual``;
    ``restored`` = ``explained`` + ``unexplained_curve``; ``lower``, ``upper`` bound it at 90 %
    by linearisation (not calibrated yet).
    ``used`` (N,) is False where points were left out of the fit (spikes, clipped tops).
    ``orientation`` is None: not estimated yet.
    """

    wavenumber: Array
    measured: Array
    restored: Array
    explained: Array
    lower: Array
    upper: Array
    background: Array
    residual: Array
    used: NDArray[np.bool_]
    gain: float
    code: Posterior
    estimates: Mapping[str, Estimate]
    bands: tuple[FittedBand, ...]
    unexplained: tuple[Peak, ...]
    novelty: Novelty
    checks: tuple[Message, ...]
    orientation: None
    noise: Noise
    settings: Mapping[str, Any]
    read: Mapping[str, Any]

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values; never NaN."""
        arrays = (
            "wavenumber",
            "measured",
            "restored",
            "explained",
            "lower",
            "upper",
            "background",
            "residual",
        )
        return {
            "read": dict(self.read),
            **{name: getattr(self, name).tolist() for name in arrays},
            "used": self.used.tolist(),
            "gain": self.gain,
            "code": self.code.to_dict(),
            "estimates": {name: one.to_dict() for name, one in self.estimates.items()},
            "bands": [band.to_dict() for band in self.bands],
            "unexplained": [peak.to_dict() for peak in self.unexplained],
            "novelty": self.novelty.to_dict(),
            "checks": [check.to_dict() for check in self.checks],
            "orientation": self.orientation,
            "noise": {"floor": self.noise.floor, "slope": self.noise.slope},
            "settings": dict(self.settings),
        }

    def to_csv(self) -> str:
        """A table with the settings above it as ``#`` lines; ``read_spectrum`` reads it back."""
        names = ("measured", "restored", "explained", "lower", "upper", "background", "residual")
        out = io.StringIO()
        for key, value in self.settings.items():
            out.write(f"# {key}: {value}\n")
        for name, one in self.estimates.items():
            shown = f"{one.value:.5g} ({one.low:.5g} to {one.high:.5g})" if one.known else "unknown"
            out.write(f"# {name}: {shown}\n")
        out.write(
            f"# novelty: {self.novelty.score:.3f}, {'alien' if self.novelty.alien else 'normal'}\n"
        )
        for peak in self.unexplained:
            out.write(f"# unexplained: {peak.position:.1f} cm-1, height {peak.height:.5g}\n")
        table = csv.writer(out, lineterminator="\n")
        table.writerow(("wavenumber_cm-1", *names))
        columns = [self.wavenumber, *(getattr(self, name) for name in names)]
        table.writerows([f"{v:.12g}" for v in row] for row in zip(*columns, strict=True))
        return out.getvalue()


def restore(model: Model, spectrum: Spectrum, resolution: float | None = None) -> Restoration:
    """Restore one spectrum through ``model``; see :class:`Restoration`."""
    x, y = spectrum.wavenumber, spectrum.intensity
    _check(model, spectrum, resolution)
    scale = float(np.ptp(y))  # fit in numbers of order one, whatever the file's unit
    noise = estimate_noise(spectrum)
    level = y - y.min()
    variance = np.maximum(noise.variance(y), (1e-4 * scale) ** 2) / scale**2
    usable, left_out = _usable(spectrum, variance * scale**2)
    inside = (x >= model.wavenumber[0]) & (x <= model.wavenumber[-1])
    basis = background_basis(x)
    found = fit(model, x, level / scale, variance, usable & inside, basis)
    shift, width = locate(model.mineral, x, found.explained)
    peaks = _foreign(model, x, level / scale, variance, usable & inside, found, shift, width)
    extra = sum((p.curve(x) for p in peaks), np.zeros_like(x))
    scaled = has_scale(model)
    kl = _kl(model, x, (level / scale - found.background) / found.gain, usable)
    alien = novelty(
        model.mineral, x, level / scale, usable & inside, found, peaks, shift, kl, scaled
    )
    estimates = _estimates(model, x, usable & inside, found, noise, scale, y, resolution)
    if is_faint(found, scaled):
        estimates = {name: _unknown("note.no_mineral") for name in estimates}
    explained = found.explained * scale
    background = found.background * scale + y.min()
    unexplained = tuple(replace(p, height=p.height * scale) for p in peaks)
    restored = explained + extra * scale
    margin = Z90 * found.spread * scale
    plain = all(n.kl is None for n in model.neurons)
    return Restoration(
        wavenumber=x,
        measured=y,
        restored=restored,
        explained=explained,
        lower=restored - margin,
        upper=restored + margin,
        background=background,
        residual=y - background - restored,
        used=usable,
        gain=found.gain * scale,
        code=Posterior(found.code, None if plain else found.std),
        estimates=estimates,
        bands=fit_bands(model.mineral, x, explained, shift, width),
        unexplained=unexplained,
        novelty=alien,
        checks=_checks(model, found, estimates, left_out, unexplained, alien, shift),
        orientation=None,
        noise=noise,
        settings=_settings(model, spectrum, resolution),
        read=spectrum.read_as(),
    )


def _check(model: Model, spectrum: Spectrum, resolution: float | None) -> None:
    """Refuse what can't be restored: a resolution that is none, a file outside the model's axis."""
    if resolution is not None and not 0 < resolution < 1000:
        raise SpectrumError("error.resolution", value=resolution)
    x, axis = spectrum.wavenumber, model.wavenumber
    if ((x >= axis[0]) & (x <= axis[-1])).sum() < MIN_POINTS:
        ends = {"low": f"{x[0]:.0f}", "high": f"{x[-1]:.0f}"}
        raise SpectrumError("error.outside", **ends, first=f"{axis[0]:.0f}", last=f"{axis[-1]:.0f}")


def _usable(spectrum: Spectrum, variance: Array) -> tuple[NDArray[np.bool_], dict[str, int]]:
    """Points for the fit: not clipped, not a spike; and how many were left out."""
    y = spectrum.intensity
    clipped = np.zeros(len(y), dtype=bool)
    if spectrum.meta.get("clipped") is not None:
        clipped = y >= float(spectrum.meta["clipped"])
    found = spikes(spectrum.wavenumber, y, variance) & ~clipped
    return ~(clipped | found), {"clipped": int(clipped.sum()), "spikes": int(found.sum())}


def _foreign(
    model: Model,
    x: Array,
    y: Array,
    variance: Array,
    usable: NDArray[np.bool_],
    found: Fit,
    shift: float,
    width: float,
) -> tuple[Peak, ...]:
    """Peaks away from every band the mineral has; there, orientation may change the heights."""
    own, core = np.zeros(len(x), dtype=bool), np.zeros(len(x), dtype=bool)
    for band in model.mineral.bands:
        distance = np.abs(x - band.position - shift) / (band.width * max(width, 1.0))
        own |= distance < OWN_BAND
        core |= distance < CORE
    left = y - found.background - found.explained
    return foreign_peaks(x, left, variance, usable, own, core)


def _kl(model: Model, x: Array, y: Array, usable: NDArray[np.bool_]) -> Array | None:
    """KL of the encoder's posterior against N(0, 1), per neuron, nats."""
    q = model.encode(interpolate(x[usable], y[usable], model.wavenumber))
    if q.std is None:
        return None
    return np.asarray(0.5 * (q.mean**2 + q.std**2 - 1) - np.log(q.std))


def _estimates(
    model: Model,
    x: Array,
    usable: NDArray[np.bool_],
    found: Fit,
    noise: Noise,
    scale: float,
    y: Array,
    resolution: float | None,
) -> dict[str, Estimate]:
    return {
        factor.name: _purity(found, noise, scale, y, factor)
        if factor.effect == "counts"
        else _estimate(model, x, usable, found, factor, resolution)
        for factor in model.mineral.factors
    }


def _estimate(
    model: Model,
    x: Array,
    usable: NDArray[np.bool_],
    found: Fit,
    factor: Factor,
    resolution: float | None,
) -> Estimate:
    if factor.effect == "scale":
        return _unknown("note.scale")
    neuron = model.controls.get(factor.name)
    if neuron is None or neuron not in fitted_neurons(model):
        return _unknown("note.no_neuron")
    if factor.effect == "strength" and not _covered(model, x[usable], factor):
        return _unknown("note.not_covered", end=f"{x[-1]:.0f}", factor=factor.name)
    z, s = float(found.code[neuron]), float(found.std[neuron])
    if s > UNKNOWN_STD:
        return _unknown("note.no_information")
    low, value, high = (float(factor.value(z + k * s)) for k in (-Z90, 0.0, Z90))
    note = Message("note." + factor.effect)
    if factor.effect == "width":
        value, low, high = _at_resolution(model, factor, resolution, value, low, high)
        if high - low < 1e-6:
            return _unknown("note.narrower", resolution=f"{resolution:g}")
        taken = resolution or model.mineral.resolution
        note = Message(
            "note.width" if resolution else "note.width_assumed", {"resolution": f"{taken:g}"}
        )
    return Estimate(value, low, high, True, note)


def _at_resolution(
    model: Model, factor: Factor, resolution: float | None, *values: float
) -> tuple[float, ...]:
    """Crystallinities with another instrument's share taken out of ν1's width.

    The fit knows ν1 at the table's mixing η only; so each true width is seen through the
    instrument, and the width at which the table's profile fits that best is what the fit finds.
    """
    if resolution is None or resolution == model.mineral.resolution:
        return values
    main = model.mineral.main
    grid = np.linspace(factor.low, factor.high, 101)
    own = main.width * factor.width_scale(grid)
    same = np.full_like(own, main.mixing)
    seen, mixing = at_resolution(own, same, model.mineral.resolution, resolution)
    offset = np.linspace(-8, 8, 321)[:, None] * main.width
    trial = np.geomspace(0.5 * seen.min(), 2 * seen.max(), 800)
    shapes = pseudo_voigt(offset, trial, np.full_like(trial, main.mixing))
    shapes /= np.linalg.norm(shapes, axis=0)
    found = trial[np.argmax(shapes.T @ pseudo_voigt(offset, seen, mixing), axis=0)]
    observed = main.width * factor.width_scale(np.array(values))
    return tuple(float(v) for v in np.interp(observed, found[::-1], grid[::-1]))


def _purity(found: Fit, noise: Noise, scale: float, y: Array, factor: Factor) -> Estimate:
    """Counts at ν1: the variance of photon noise is signal ÷ counts, so gain ÷ its slope.

    Where the file has no levels to tell a slope by, all noise at ν1 is taken for photon noise.
    """
    gain = found.gain * scale
    if noise.slope > 0:
        counts = gain / noise.slope
    else:
        level = float(y[int(np.argmax(found.explained))])
        counts = gain**2 / max(float(noise.variance(np.array([level]))[0]), 1e-300)
    value = float(np.log10(max(counts, 1e-3)))
    if not -0.5 <= value <= factor.high + 1.5:
        return _unknown("note.noiseless")
    return Estimate(value, value - 0.5, value + 0.5, True, Message("note.counts"))


def _covered(model: Model, x: Array, factor: Factor) -> bool:
    """Are bands with most of the group's area among the points?"""
    bands = [b for b in model.mineral.bands if b.group == factor.group]
    total = sum(b.area for b in bands)
    seen = sum(b.area for b in bands if (np.abs(x - b.position) < b.width / 2).sum() >= 3)
    return seen > 0.25 * total


def _unknown(code: str, **params: Any) -> Estimate:
    return Estimate(None, None, None, False, Message(code, params))


def _checks(
    model: Model,
    found: Fit,
    estimates: Mapping[str, Estimate],
    left_out: Mapping[str, int],
    unexplained: tuple[Peak, ...],
    alien: Novelty,
    shift: float,
) -> tuple[Message, ...]:
    checks = [
        Message("check." + name, {"count": count}) for name, count in left_out.items() if count
    ]
    for name, one in estimates.items():
        factor = model.mineral.factor(name)
        if factor.effect == "strength":
            checks.append(Message("check.known" if one.known else "check.unknown", {"name": name}))
    checks.append(Message("check.orientation"))
    if unexplained:
        where = ", ".join(f"{p.position:.0f}" for p in unexplained[:5])
        checks.append(Message("check.unexplained", {"count": len(unexplained), "where": where}))
    else:
        checks.append(Message("check.nothing_unexplained"))
    position = model.mineral.main.position + shift
    for name, lookalike in model.mineral.lookalikes:
        if shift > 4.0 and abs(position - lookalike) < LOOKALIKE_REACH:
            checks.append(
                Message(
                    "check.lookalike",
                    {"name": name, "position": f"{position:.1f}", "other": f"{lookalike:g}"},
                )
            )
    return tuple(checks)


def _settings(model: Model, spectrum: Spectrum, resolution: float | None) -> dict[str, Any]:
    card = getattr(model, "card", {})
    return {
        "file": spectrum.meta.get("name", ""),
        "model": card.get("name", ""),
        "weights": getattr(model, "digest", "")[:12],
        "resolution": resolution if resolution else f"{model.mineral.resolution:g} (assumed)",
    }
