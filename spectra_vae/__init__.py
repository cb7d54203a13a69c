"""spectra-vae: a virtual Raman spectrometer.

>>> import spectra_vae as sv
>>> vs = sv.load("gypsum")
>>> vs.generate(hydration=0.0)          # the virtual anhydrite
>>> vs.restore(sv.read_spectrum("measured.txt"))

Names are loaded when they are first used: importing the package imports neither numpy nor torch.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from .identification.identify import identify as identify
    from .identification.result import Identification as Identification
    from .library.draft import Draft as Draft
    from .library.error import LibraryError as LibraryError
    from .library.fit_mineral import fit_mineral as fit_mineral
    from .library.importing import Imported as Imported
    from .library.importing import import_library as import_library
    from .measure.compare import Comparison as Comparison
    from .measure.restore import Restoration as Restoration
    from .minerals import mineral as mineral
    from .minerals import minerals as minerals
    from .model.posterior import Posterior as Posterior
    from .readers import ColumnsError as ColumnsError
    from .readers import read_spectrum as read_spectrum
    from .runs.train import Run as Run
    from .runs.train import train as train
    from .simulation.instrument import Instrument as Instrument
    from .simulation.simulate import Dataset as Dataset
    from .simulation.simulate import pairs as pairs
    from .simulation.simulate import simulate as simulate
    from .spectra.spectrum import Spectrum as Spectrum
    from .spectra.spectrum import SpectrumError as SpectrumError
    from .spectrometer import VirtualSpectrometer as VirtualSpectrometer
    from .spectrometer import load as load
    from .storage.models import models as models
    from .text.message import SpectraVaeError as SpectraVaeError
    from .vae.config import TrainConfig as TrainConfig
    from .vae.schedule import Schedule as Schedule

_HOME = {
    "ColumnsError": "readers",
    "Comparison": "measure.compare",
    "Dataset": "simulation.simulate",
    "Draft": "library.draft",
    "Identification": "identification.result",
    "Imported": "library.importing",
    "Instrument": "simulation.instrument",
    "LibraryError": "library.error",
    "Posterior": "model.posterior",
    "Restoration": "measure.restore",
    "Run": "runs.train",
    "Schedule": "vae.schedule",
    "SpectraVaeError": "text.message",
    "Spectrum": "spectra.spectrum",
    "SpectrumError": "spectra.spectrum",
    "TrainConfig": "vae.config",
    "VirtualSpectrometer": "spectrometer",
    "fit_mineral": "library.fit_mineral",
    "import_library": "library.importing",
    "identify": "identification.identify",
    "load": "spectrometer",
    "mineral": "minerals",
    "minerals": "minerals",
    "models": "storage.models",
    "pairs": "simulation.simulate",
    "read_spectrum": "readers",
    "simulate": "simulation.simulate",
    "train": "runs.train",
}

__all__ = sorted(_HOME)  # noqa: PLE0605


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f".{_HOME[name]}", __name__), name)


def __dir__() -> list[str]:
    return [*globals(), *__all__]
