"""The views, one folder each. A folder whose package has a ``VIEW`` is one: nobody lists them."""

from __future__ import annotations

import pkgutil
from importlib import import_module
from typing import Any

from ..shell.view import View


def discovered() -> tuple[View[Any], ...]:
    """All views, in their places' order."""
    folders = (found.name for found in pkgutil.iter_modules(__path__) if found.ispkg)
    views: list[View[Any]] = [import_module(f"{__name__}.{name}").VIEW for name in folders]
    return tuple(sorted(views, key=lambda view: (view.place, view.name)))
