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
    from .catalogue import models as models
    from .instrument import Instrument as Instrument
    from .measure.compare import Comparison as Comparison
    from .measure.restore import Restoration as Restoration
    from .message import SpectraVaeError as SpectraVaeError
    from .minerals import mineral as mineral
    from .minerals import minerals as minerals
    from .posterior import Posterior as Posterior
    from .readers import ColumnsError as ColumnsError
    from .readers import read_spectrum as read_spectrum
    from .runs import Run as Run
    from .runs import train as train
    from .simulate import Dataset as Dataset
    from .simulate import pairs as pairs
    from .simulate import simulate as simulate
    from .spectrum import Spectrum as Spectrum
    from .spectrum import SpectrumError as SpectrumError
    from .vae.config import TrainConfig as TrainConfig
    from .vae.schedule import Schedule as Schedule
    from .virtual import VirtualSpectrometer as VirtualSpectrometer
    from .virtual import load as load

_HOME = {
    "ColumnsError": "readers",
    "Comparison": "measure.compare",
    "Dataset": "simulate",
    "Instrument": "instrument",
    "Posterior": "posterior",
    "Restoration": "measure.restore",
    "Run": "runs",
    "Schedule": "vae.schedule",
    "SpectraVaeError": "message",
    "Spectrum": "spectrum",
    "SpectrumError": "spectrum",
    "TrainConfig": "vae.config",
    "VirtualSpectrometer": "virtual",
    "load": "virtual",
    "mineral": "minerals",
    "minerals": "minerals",
    "models": "catalogue",
    "pairs": "simulate",
    "read_spectrum": "readers",
    "simulate": "simulate",
    "train": "runs",
}

__all__ = sorted(_HOME)  # noqa: PLE0605


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(f".{_HOME[name]}", __name__), name)


def __dir__() -> list[str]:
    return [*globals(), *__all__]
