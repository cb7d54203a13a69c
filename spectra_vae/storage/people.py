"""What persons of a shared server call themselves, and the secret that signs who they are."""

from __future__ import annotations

import contextlib
import json
import os
import secrets

from filelock import FileLock

from ..vae.header import write_json
from .models import home

SECRET = "people.key"
NAMES = "people.json"
NAMES_LIMIT = 2_000  # the oldest go
SECRET_BYTES = 32


def signing_secret() -> bytes:
    """This home's own; only its owner can read it."""
    file = home() / SECRET
    file.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(file.with_suffix(".lock")):
        with contextlib.suppress(OSError):
            found = file.read_bytes()
            if len(found) == SECRET_BYTES:
                return found
        made, partial = secrets.token_bytes(SECRET_BYTES), file.with_suffix(".partial")
        partial.unlink(missing_ok=True)
        handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as new:
            new.write(made)
        partial.replace(file)
        return made


def names() -> dict[str, str]:
    """By person."""
    try:
        found = json.loads((home() / NAMES).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    if not isinstance(found, dict):
        return {}
    return {person: name for person, name in found.items() if isinstance(name, str)}


def remember_name(person: str, name: str) -> None:
    """Who it is from now on."""
    file = home() / NAMES
    with FileLock(file.with_suffix(".lock")):
        known = names()
        known.pop(person, None)
        latest = [*known.items(), (person, name)][-NAMES_LIMIT:]
        write_json(file, dict(latest))
