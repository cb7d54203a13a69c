"""What factors do to bands: one file an effect, one class of factors in each.

A file in this folder is an effect of its name: nothing else has to know it. How to add one:
``docs/add-an-effect.md``.
"""

from __future__ import annotations

import functools
import importlib
import pkgutil
from collections.abc import Mapping

from ..factor import Factor

__all__ = ["effects"]


@functools.cache
def effects() -> Mapping[str, type[Factor]]:
    """Effect → its class of factors, by the files of this folder."""
    names = sorted(m.name for m in pkgutil.iter_modules(__path__))
    return {name: _class_in(name) for name in names}


def _class_in(name: str) -> type[Factor]:
    """The class of factors that a file of this folder defines."""
    module = importlib.import_module(f"{__name__}.{name}")
    classes = (v for v in vars(module).values() if isinstance(v, type) and issubclass(v, Factor))
    return next(c for c in classes if c.__module__ == module.__name__)
