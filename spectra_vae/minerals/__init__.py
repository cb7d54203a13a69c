"""Minerals as band tables: one TOML file each, read into frozen data.

>>> mineral("gypsum").spectrum(range(100, 4000), hydration=0).shape
(3900,)
"""

from __future__ import annotations

import sys
from types import ModuleType

from .entries import HYDROUS, Band, Group, Lens, Phase, Preset, Window
from .factor import Array, Factor
from .mineral import NEAR_MAIN, Mineral, MineralError
from .reference import Reference
from .scattering import Scattering
from .store import DEFAULT, home, mineral, minerals, read_mineral, unreadable_minerals
from .table import parse, to_table

__all__ = [
    "DEFAULT",
    "HYDROUS",
    "NEAR_MAIN",
    "Band",
    "Factor",
    "Group",
    "Lens",
    "Mineral",
    "MineralError",
    "Phase",
    "Preset",
    "Reference",
    "Scattering",
    "Window",
    "default_axis",
    "home",
    "mineral",
    "minerals",
    "parse",
    "read_mineral",
    "to_table",
    "unreadable_minerals",
]


def default_axis() -> Array:
    """The wavenumbers (N,), cm⁻¹, of the mineral that is loaded where nobody asks for another."""
    return mineral(DEFAULT).axis


class _Callable(ModuleType):
    """``sv.minerals`` is this package once anything imported it, and must still be a function."""

    __call__ = staticmethod(minerals)


sys.modules[__name__].__class__ = _Callable
