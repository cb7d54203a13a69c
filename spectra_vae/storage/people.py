"""What persons of a shared server call themselves, and the secret that signs who they are."""

from __future__ import annotations

import contextlib
import os
import secrets

from filelock import FileLock

from .models import home
from .words import rewrite, words_in

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
    return words_in(home() / NAMES)


def remember_name(person: str, name: str) -> None:
    """Who it is from now on."""

    def last(known: dict[str, str]) -> dict[str, str]:
        known.pop(person, None)
        return dict([*known.items(), (person, name)][-NAMES_LIMIT:])

    rewrite(home() / NAMES, last)
