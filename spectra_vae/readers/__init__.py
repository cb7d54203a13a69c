"""Reading measured spectra: one door that decides by content, one file a format."""

from .read import MAX_MEGABYTES, read_spectrum
from .selection import ColumnsError

__all__ = ["MAX_MEGABYTES", "ColumnsError", "read_spectrum"]
