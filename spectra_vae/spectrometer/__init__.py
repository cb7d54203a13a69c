"""The virtual spectrometer: a trained model with its axis, its factors and what its neurons do."""

from .loading import load
from .virtual import VirtualSpectrometer

__all__ = ["VirtualSpectrometer", "load"]
