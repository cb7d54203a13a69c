"""Simulated measurements to try things on: three noise levels and one with a foreign band, and
one state through two instruments beside another.

``python -m spectra_vae.examples`` writes the files again.
"""

from __future__ import annotations

from importlib import resources

NAMES = ("clean", "noisy", "very-noisy", "foreign")
PAIRS = {"same": ("lab-532", "rasetti"), "other": ("lab-532", "rasetti-drier")}


def example(name: str) -> bytes:
    """The content of an example file."""
    return resources.files(__package__).joinpath(f"{name}.csv").read_bytes()
