"""Codes of measurements on their way between page and server: simulated, of files, checked."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ....analysis.clusters import PseudoSpectra
from ....analysis.pseudo_spectra import pseudo_spectra
from ....model.posterior import Posterior
from ....simulation.instrument import Instrument
from ....simulation.simulate import simulate
from ....text.message import Message, SpectraVaeError, say
from ...services import Services
from ...uploads import checked, known_code, unknown_factors

EACH = 12  # simulated measurements of each preset
COUNTS = 1_000.0
MOST_SPECTRA = 200


@dataclass(frozen=True, eq=False)
class Codes:
    """Refined codes as the page sends them back: of a model, with a name each."""

    model: str
    posterior: Posterior
    names: tuple[str, ...]
    refused: tuple[str, ...]


def simulated(vs: Any, preset: int) -> Posterior:
    """Codes of EACH simulated measurements of a preset, at COUNTS, as the fit refines them."""
    m = vs.mineral
    state = {f.name: f.reference for f in m.visible}
    # The training's spectrometer with one range for all: it leaves the OH bands out of half of its
    # spectra, and nothing then tells the virtual anhydrite from gypsum (benchmarks/pseudo.py).
    device = replace(vs.config.instrument, ranges=Instrument().ranges).at(COUNTS)
    data = simulate(
        m,
        EACH,
        device,
        seed=preset,
        factors={**state, **m.presets[preset].factors},
        wavenumber=vs.wavenumber,
    )
    found: Posterior = vs.refined(data.dirty)
    return found


def of_preset(services: Services, name: str, given: Any, spoken: str) -> Codes:
    m = services.mineral_of(name)
    preset = given if isinstance(given, int) and 0 <= given < len(m.presets) else 0
    names = (say(m.presets[preset].label, spoken),) * EACH
    return Codes(name, services.found(name, simulated, preset), names, ())


def of_files(services: Services, name: str, given: Any, spoken: str) -> Codes:
    """Codes of files; what a file says nothing of stands where the mineral has it, and is told."""
    model = services.model(name)
    files = [one for one in (checked({**f, "model": name}) for f in _dicts(given)) if one]
    good, bad, means, stds = [], [], [], []
    for one in files[:MOST_SPECTRA]:
        try:
            r = services.restored(name, one.content, one.name)
        except Exception as wrong:  # one bad file must not stop the others
            if not isinstance(wrong, SpectraVaeError):
                logging.getLogger("spectra_vae").exception("a file failed", exc_info=wrong)
            r = None
        if r is None or r.gone:  # a stranger's code would stand where the reference is
            bad.append(one.name)
            continue
        factors = [say(Message(f"factor.{f}"), spoken) for f in unknown_factors(r, model)]
        words = {"name": one.name, "factors": ", ".join(factors)}
        good.append(say(Message("pseudo.without", words), spoken) if factors else one.name)
        means.append(known_code(r, model))
        stds.append(r.code.std)
    plain = any(std is None for std in stds)
    mean = np.reshape(np.array(means, dtype=float), (len(good), len(model.neurons)))
    std = None if plain else np.reshape(np.array(stds, dtype=float), mean.shape)
    return Codes(name, Posterior(mean, std), tuple(good), tuple(bad))


def _dicts(given: Any) -> list[dict[str, Any]]:
    return [one for one in given if isinstance(one, dict)] if isinstance(given, list) else []


def checked_codes(services: Services, given: Any) -> Codes | None:
    """Codes out of a store, or None: what a page sends may be anything."""
    try:
        name = given["model"]
        if services.known(name) != name:
            return None
        mean = np.array(given["mean"], dtype=float)
        std = None if given["std"] is None else np.array(given["std"], dtype=float)
        names, refused = (tuple(str(n)[:200] for n in given[k]) for k in ("names", "refused"))
    except (TypeError, KeyError, ValueError):
        return None
    shape = (len(names), len(services.model(name).neurons))
    sized = 0 < len(names) <= MOST_SPECTRA and mean.shape == shape
    if not sized or not np.isfinite(mean).all() or np.abs(mean).max() > 100:
        return None
    if std is not None and not (std.shape == shape and np.isfinite(std).all() and (std > 0).all()):
        return None
    return Codes(name, Posterior(mean, std), names, refused)


def clusters(services: Services, codes: Codes, k: Any) -> PseudoSpectra:
    count = int(k) if isinstance(k, str) and k.isdecimal() and len(k) < 3 else 1
    return pseudo_spectra(services.model(codes.model), codes.posterior, count)
