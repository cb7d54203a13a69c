"""A pure spectrum becomes a band table with doubts.

``fit_mineral(spectrum, name)`` drafts it, ``draft.save()`` keeps it in the home.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence

from ..spectra.given import check_resolution
from ..spectra.spectrum import Spectrum, SpectrumError
from .band_search import Found, OnLook, search
from .baseline import AUTOMATIC, BASELINES, NONE
from .draft import Draft
from .error import LibraryError
from .measurement import COARSEST, Measurement, prepare
from .name import check_name
from .parts import DRAFT_FILES
from .result import drafted

RESOLUTION = 4.0  # cm⁻¹, assumed


def fit_mineral(
    spectrum: Spectrum | Sequence[Spectrum],
    name: str,
    resolution: float | None = None,
    baseline: str = AUTOMATIC,
    on_look: OnLook = lambda _: None,
) -> Draft:
    """The band table of a pure substance.

    Parameters
    ----------
    spectrum
        A measurement of the pure substance, or several: they get one table, an axis offset, gain,
        background and heights each.
    name
        What the mineral will be called: a word of letters, digits and hyphens.
    resolution
        FWHM [cm⁻¹] of the instrument at which the widths hold; None assumes 4 and says so.
    baseline
        What is taken off: ``automatic``, a ``stiffer`` or a ``softer`` curve, or ``none``.
    on_look
        Called with the bands so far, and what they miss, as the search goes on.

    Returns
    -------
    Draft
        ``mineral``, ``misfit``, ``noise``, ``doubts``; nothing is kept before ``save()``.

    Raises
    ------
    SpectrumError
        No spectrum, a resolution that is none, or hardly a usable point.
    LibraryError
        Nothing stands out of the noise, too many files, a name or a baseline that is none.

    >>> from spectra_vae.minerals import mineral
    >>> x = np.arange(150.0, 1300.0)
    >>> noise = np.random.default_rng(0).normal(0, 0.002, len(x))
    >>> pure = Spectrum(x, mineral("calcite").spectrum(x) + noise)
    >>> round(fit_mineral(pure, "mine").mineral.main.position)
    1086
    """
    check_name(name)
    spectra = _several(spectrum)
    check_resolution(resolution, COARSEST)
    if baseline not in BASELINES:
        listed = ", ".join(BASELINES)
        raise LibraryError("error.baseline", value=str(baseline)[:40], known=listed)
    found = search(prepared(spectra, baseline), float(resolution or RESOLUTION), baseline, on_look)
    if not len(found.state.bands):
        raise LibraryError("error.no_bands")
    return draft_of(found, name, resolution)


def prepared(spectra: Sequence[Spectrum], baseline: str) -> list[Measurement]:
    """The measurements of a fit with that baseline."""
    return [prepare(one, from_zero=baseline == NONE) for one in spectra]


def draft_of(found: Found, name: str, resolution: float | None) -> Draft:
    """Today's draft of what a search found at a resolution [cm⁻¹]; None: the usual one."""
    date = datetime.date.today().isoformat()
    return drafted(found, name, float(resolution or RESOLUTION), resolution is not None, date)


def _several(given: object) -> list[Spectrum]:
    listed = given if isinstance(given, list | tuple) else [given]
    for one in listed:
        if not isinstance(one, Spectrum):
            raise SpectrumError("error.not_spectrum", kind=type(one).__name__)
    if not listed:
        raise LibraryError("error.no_files")
    if len(listed) > DRAFT_FILES:
        raise LibraryError("error.too_many_files", count=len(listed), limit=DRAFT_FILES)
    return list(listed)
