"""The kinds of jobs there are: every module in this folder is one, called ``TASK`` in it."""

from __future__ import annotations

import functools
import importlib
import pkgutil
from collections.abc import Mapping

from ...text.message import SpectraVaeError
from ..task import Task


def tasks() -> Mapping[str, Task]:
    """By kind."""
    return _tasks(tuple(__path__))


def task(kind: str) -> Task:
    """The task of a kind.

    Raises
    ------
    SpectraVaeError
        There is none: the record is of another version.
    """
    try:
        return tasks()[kind]
    except KeyError:
        raise SpectraVaeError("error.unknown_kind", kind=str(kind)[:80]) from None


@functools.cache
def _tasks(folders: tuple[str, ...]) -> Mapping[str, Task]:
    modules = (
        importlib.import_module(f"{__name__}.{found.name}")
        for found in pkgutil.iter_modules(folders)
    )
    return {module.TASK.kind: module.TASK for module in modules}
