"""Where commands write."""

from __future__ import annotations

from pathlib import Path

from ..text.message import SpectraVaeError


def make_folder(folder: Path) -> None:
    """Make a folder, or say in a sentence that it can't be."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        raise SpectraVaeError("error.folder", name=str(folder)[:80]) from None
