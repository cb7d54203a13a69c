"""Reading measured spectra: one door that decides by content, one file a format."""

from .choice import ColumnsError
from .door import MAX_MEGABYTES, read_spectrum

__all__ = ["MAX_MEGABYTES", "ColumnsError", "read_spectrum"]
