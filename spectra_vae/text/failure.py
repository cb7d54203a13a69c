"""What is said of a file that failed in a way nobody foresaw."""

from __future__ import annotations

import logging

from .message import SpectraVaeError

LENGTH = 120


def unexpected(file: str, wrong: Exception) -> SpectraVaeError:
    """The sentence for a fault of the program's own; one bad file must not stop the others."""
    logging.getLogger("spectra_vae").debug("a file failed", exc_info=wrong)
    kind = type(wrong).__name__
    text = " ".join(str(wrong).split())
    why = (f"{kind}: {text}" if text else kind)[:LENGTH]
    return SpectraVaeError("error.file_failed", name=file[-80:], why=why)
