"""Simulated measurements to try things on: three noise levels and one with a foreign band.

``python -m spectra_vae.examples`` writes the files again.
"""

from __future__ import annotations

from importlib import resources

NAMES = ("clean", "noisy", "very-noisy", "foreign")


def example(name: str) -> bytes:
    """The content of an example file."""
    return resources.files(__package__).joinpath(f"{name}.csv").read_bytes()
