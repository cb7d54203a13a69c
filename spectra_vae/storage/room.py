"""How much room the disk has where runs and minerals lie."""

from __future__ import annotations

import shutil

from .models import home

FULL_BYTES = 1024**2  # with less than that neither a state nor a record can be written


def free_bytes() -> int:
    """Of the disk that the home is on, or will be."""
    folder = home().absolute()
    there = next(place for place in (folder, *folder.parents) if place.exists())
    return shutil.disk_usage(there).free


def disk_is_full() -> bool:
    """Whether nothing can be written down any more."""
    return free_bytes() < FULL_BYTES
