"""Figures that the server makes: plain dicts, ten times faster than go.Figure."""

from .base import CONFIG
from .compare import comparison
from .neurons import in_order, sensitivity
from .overlaid import overlaid
from .pseudo import pseudo_spectra, scatter
from .restoration import restoration
from .scan import along, scan, signed
from .training import heat, kl, loss, overlay, sample, schedule

__all__ = [
    "CONFIG",
    "along",
    "comparison",
    "heat",
    "in_order",
    "kl",
    "loss",
    "overlaid",
    "overlay",
    "pseudo_spectra",
    "restoration",
    "sample",
    "scan",
    "scatter",
    "schedule",
    "sensitivity",
    "signed",
]
