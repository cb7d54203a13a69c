"""Codes of measurements on their way between page and server: simulated, of files, checked."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from ....analysis.clusters import PseudoSpectra
from ....analysis.pseudo_spectra import pseudo_spectra
from ....model.posterior import Posterior
from ....simulation.instrument import Instrument
from ....simulation.simulate import simulate
from ....text.message import Message, SpectraVaeError, say
from ...components.naming import factor_name
from ...measurements import Measurement, checked, known_code, restored, unknown_factors
from ...models import ModelShelf
from ...restorations import FileGoneError, Restorations
from .needs import Needs

if TYPE_CHECKING:
    from ....measure.restore import Restoration

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
    # The training's spectrometer with one range for all: it leaves a window out of half of its
    # spectra, and nothing then tells states apart that differ only there (benchmarks/pseudo.py).
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


def of_preset(models: ModelShelf, name: str, asked: Any, spoken: str) -> Codes:
    m = models.mineral_of(name)
    preset = int(asked) if isinstance(asked, int) and 0 <= asked < len(m.presets) else 0
    names = (say(m.presets[preset].label, spoken),) * EACH
    return Codes(name, models.found(name, simulated, preset), names, ())


def named_files(given: Needs, model: str, asked: Any) -> list[Measurement | None]:
    """The files of a page's list, to be restored by ``model``; None for what is no file."""
    files = [one for one in asked if isinstance(one, dict)] if isinstance(asked, list) else []
    return [checked({**one, "model": model}, given.files) for one in files[:MOST_SPECTRA]]


def of_files(given: Needs, name: str, files: Sequence[Measurement | None], spoken: str) -> Codes:
    """Codes of files; what a file says nothing of stands where the mineral has it, and is told.

    Raises :class:`FileGoneError` where the page has to send a file again.
    """
    model = given.models.model(name)
    good, bad, means, stds = [], [], [], []
    for one in filter(None, files):
        r = _restored(given.restorations, one)
        if r is None or r.gone:  # a stranger's code would stand where the reference is
            bad.append(one.name)
            continue
        factors = [factor_name(model.mineral, f, spoken) for f in unknown_factors(r, model)]
        words = {"name": one.name, "factors": ", ".join(factors)}
        good.append(say(Message("pseudo.without", words), spoken) if factors else one.name)
        means.append(known_code(r, model))
        stds.append(r.code.std)
    plain = any(std is None for std in stds)
    mean = np.reshape(np.array(means, dtype=float), (len(good), len(model.neurons)))
    std = None if plain else np.reshape(np.array(stds, dtype=float), mean.shape)
    return Codes(name, Posterior(mean, std), tuple(good), tuple(bad))


def _restored(restorations: Restorations, one: Measurement) -> Restoration | None:
    """A file restored, or None where it was refused: one bad file must not stop the others."""
    try:
        return restored(restorations, one)
    except FileGoneError:
        raise
    except SpectraVaeError:
        return None
    except Exception as wrong:
        logging.getLogger("spectra_vae").exception("a file failed", exc_info=wrong)
        return None


def checked_codes(models: ModelShelf, given: Any) -> Codes | None:
    """Codes out of a store, or None: what a page sends may be anything."""
    try:
        name = given["model"]
        if models.known(name) != name:
            return None
        mean = np.array(given["mean"], dtype=float)
        std = None if given["std"] is None else np.array(given["std"], dtype=float)
        names, refused = (tuple(str(n)[:200] for n in given[k]) for k in ("names", "refused"))
    except (TypeError, KeyError, ValueError):
        return None
    shape = (len(names), len(models.model(name).neurons))
    sized = 0 < len(names) <= MOST_SPECTRA and mean.shape == shape
    if not sized or not np.isfinite(mean).all() or np.abs(mean).max() > 100:
        return None
    if std is not None and not (std.shape == shape and np.isfinite(std).all() and (std > 0).all()):
        return None
    return Codes(name, Posterior(mean, std), names, refused)


def clusters(models: ModelShelf, codes: Codes, k: Any) -> PseudoSpectra:
    count = int(k) if isinstance(k, str) and k.isdecimal() and len(k) < 3 else 1
    return pseudo_spectra(models.model(codes.model), codes.posterior, count)
