"""What was found, written on the file's own axis and in its own unit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from importlib.metadata import version
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ..library.axis_doubt import even_axis
from ..library.identify.axes import unbent
from ..library.identify.foreign import OF_TALLEST, apart
from ..library.identify.templates import Templates
from ..measure.mixture.fitted import Fit
from ..measure.mixture.fractions import Z90, fractions
from ..measure.mixture.phases import misfit_of
from ..measure.mixture.shaped import shaped
from ..minerals import mineral
from ..spectra.spectrum import Spectrum
from ..text.message import Message
from .bands import measured_bands, peaks
from .found import Found
from .limits import limits
from .mass import masses, which_shares
from .rest import is_noise
from .result import Identification, Match, Phase
from .why import listed, sentence, why

if TYPE_CHECKING:
    from ..measure.report.restoration import Restoration

Array = NDArray[np.float64]

BENDS = 40.0  # cm⁻¹ over which a background's height is its own
FAR = 3.0  # cm⁻¹: an axis that is farther off is told


def assembled(found: Found, templates: Templates, resolution: float | None) -> Identification:
    """The whole answer."""
    found, done = _shaped(found)
    spectrum = found.spectrum
    scan, thin = done.scan, found.measurement.x
    x, y = spectrum.wavenumber, spectrum.intensity
    right = x if found.laser is None else _on(unbent(thin, found.laser), thin, x)
    curves = done.at(right) * scan.unit
    restored = curves.sum(axis=0)
    under = (scan.under + scan.basis @ done.mixture.background) * scan.unit
    background = np.interp(x, thin, under) + found.measurement.zero
    margin = np.interp(x, thin, _margin(done) * scan.unit)
    seen = measured_bands(done, (scan.x, thin))
    phases = _phases(found, curves, right, resolution)
    candidates = tuple(
        Match(c.single.part.name, c.score, why(c, k == 0 and found.verdict != "unknown", seen))
        for k, c in enumerate(found.candidates)
    )
    noise = is_noise(done)
    share = 0.0 if found.evidence is None or not phases else max(found.evidence.area, 0.0)
    return Identification(
        wavenumber=x,
        measured=y,
        background=background,
        restored=restored,
        lower=restored - margin,
        upper=restored + margin,
        residual=y - background - restored,
        residual_is_noise=noise,
        phases=phases,
        candidates=candidates,
        verdict=found.verdict,
        sentence=sentence(found, seen),
        explained_share=share,
        unexplained=peaks(done, seen),
        bands=seen,
        limits=limits(found.fit, templates.parts, (c.mineral for c in candidates)),
        checks=tuple(_checks(found, phases, noise)),
        settings={
            "file": spectrum.meta.get("name", ""),
            "minerals": len(templates.parts),
            "resolution": resolution if resolution else "unknown",
            "version": version("spectra-vae"),
        },
        read={
            **spectrum.read_as(),
            "format": str(spectrum.meta.get("format", "")),
            "fixes": [fix.to_dict() for fix in spectrum.fixes],
        },
    )


def _shaped(found: Found) -> tuple[Found, Fit]:
    """Its fit with every band's own shape, where two may have stood for one of a mineral."""
    done = shaped(found.fit, OF_TALLEST)
    fewer = apart(done)
    if fewer is done:
        return found, done
    return replace(found, fit=fewer), shaped(fewer, OF_TALLEST)


def _margin(done: Fit) -> Array:
    """(N,) half of the 90 % interval of the bands' sum: what the fit doesn't know of them, how far
    their line shape is off, what the background may still hold and what no table lists.
    """
    scan = done.scan
    shape = (misfit_of(done) if len(done.mixture.parts) else 0.0) * done.bands
    under = scan.noise * np.sqrt(scan.shared * scan.step / BENDS)
    return np.asarray(Z90 * np.sqrt(done.spread**2 + shape**2 + under**2 + OF_TALLEST**2))


def _on(right: Array, thin: Array, x: Array) -> Array:
    """The unbent wavenumbers of a file's own points x (n,)."""
    moved = np.interp(x, thin, right - thin)
    return np.asarray(x + moved)


def _phases(
    found: Found, curves: Array, right: Array, resolution: float | None
) -> tuple[Phase, ...]:
    """Strongest first."""
    done = found.fit
    m = done.mixture
    shares = fractions(done) if len(m.minerals) else []
    weights = masses(done)
    position = m.placed(done.scan)[0]
    some = []
    for p in m.minerals:
        part, mine = m.parts[p], m.owner == p
        strongest = int(part.height.argmax())
        at = np.interp(position[mine][strongest], done.scan.x, found.measurement.x)
        alone = found.spectrum
        if not mine.all() or found.laser is not None:
            others = curves[~mine].sum(axis=0)
            alone = Spectrum(right, alone.intensity - others, dict(alone.meta))
        some.append(
            Phase(
                mineral=part.name,
                fraction=shares[p].value,
                low=shares[p].low,
                high=shares[p].high,
                mass=weights[p],
                shift=float(at - part.position[strongest]),
                curve=curves[mine].sum(axis=0),
                perhaps=part.name in found.perhaps,
                restore=_restoring(part.name, alone, resolution),
            )
        )
    return tuple(sorted(some, key=lambda one: -one.fraction))


def _restoring(name: str, alone: Spectrum, resolution: float | None) -> Callable[[], Restoration]:
    """How the phase is restored from what is left of the file without all others."""

    def restore() -> Restoration:
        from ..spectrometer import load

        return load(name).restore(alone, resolution)

    return restore


def _checks(found: Found, phases: Sequence[Phase], noise: bool) -> list[Message]:
    """What to hold against the answer; ``noise``: nothing else is left over."""
    checks = []
    if found.laser is not None:
        doubt = even_axis(found.spectrum)
        most = doubt[0] if doubt else 0.0
        checks.append(
            Message("identify.unbent", {"most": f"{most:.0f}", "laser": f"{found.laser:.0f}"})
        )
    if found.verdict != "unknown":
        checks += [_tied(found, *pair) for pair in found.tied.items()]
        checks += [_on_one_band(name) for name in found.perhaps]
    offset, stretch = (float(v) for v in found.fit.mixture.file[:2])
    if found.verdict != "unknown" and abs(offset) + abs(stretch) > FAR:
        checks.append(Message("identify.axis", {"offset": f"{offset:+.1f}".replace("-", "−")}))
    if len(phases) > 1:
        checks.append(which_shares(phases))
    if not noise:
        checks.append(Message("identify.rough"))
    return checks


def _on_one_band(name: str) -> Message:
    return Message("identify.one_band", {"mineral": mineral(name).label})


def _tied(found: Found, name: str, others: tuple[str, ...]) -> Message:
    names = listed([mineral(one).label for one in others])
    low, high = found.measurement.x[0], found.measurement.x[-1]
    ends = {"low": f"{low:.0f}", "high": f"{high:.0f}"}
    return Message("identify.tied", {"first": mineral(name).label, "others": names, **ends})
