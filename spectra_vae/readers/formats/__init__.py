"""One file a format: what it is called, how it is recognised, how it is read.

A format is known by its file standing in this folder; ``docs/add-a-file-format.md`` adds one.
"""

from __future__ import annotations

import pkgutil
from enum import IntEnum
from importlib import import_module
from typing import Protocol, cast

from ...spectra.spectrum import Spectrum


class Sureness(IntEnum):
    """How sure a format is of what it recognises: the surest is asked first."""

    SIGNATURE = 0  # first bytes that nothing else has
    CLUES = 1  # asked after what is refused by name, as a picture or an archive
    ANYTHING = 2  # takes whatever nobody else knows


class Format(Protocol):
    """What the file of a format offers."""

    LABEL: str
    SURENESS: Sureness

    def recognises(self, data: bytes, /) -> bool: ...

    def read(self, data: bytes, name: str, column: str | int | None, /) -> Spectrum: ...


def known() -> dict[str, Format]:
    """All formats by the names of their files, in the order in which they are asked."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__))
    found = {name: cast(Format, import_module(f"{__name__}.{name}")) for name in names}
    return dict(sorted(found.items(), key=lambda item: item[1].SURENESS))


def labels() -> dict[str, str]:
    """What the formats of instruments are called, by the names of their files; text isn't one."""
    return {name: one.LABEL for name, one in known().items() if one.SURENESS < Sureness.ANYTHING}
