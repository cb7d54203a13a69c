"""Words by key in a small file of the home, that several processes write."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path

from filelock import FileLock

from ..vae.header import write_json


def words_in(file: Path) -> dict[str, str]:
    """What stands there; nothing where there is no such file, or another one."""
    try:
        found = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    if not isinstance(found, dict):
        return {}
    return {key: word for key, word in found.items() if isinstance(word, str)}


def rewrite(file: Path, change: Callable[[dict[str, str]], Mapping[str, str]]) -> None:
    """Write what ``change`` makes of what stands there; nobody else writes meanwhile."""
    with FileLock(file.with_suffix(".lock")):
        write_json(file, change(words_in(file)))
