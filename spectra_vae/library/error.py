"""What a library refuses."""

from __future__ import annotations

from ..text.message import SpectraVaeError


class LibraryError(SpectraVaeError):
    """No table can be fitted, changed or kept; the text says why and what to do."""
