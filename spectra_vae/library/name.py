"""What a mineral of one's own may be called."""

from __future__ import annotations

import re

from .error import LibraryError

WORD = re.compile(r"[^\W_]+(-[^\W_]+)*")
LONGEST = 60


def check_name(name: object) -> None:
    """A word of letters, digits and hyphens: it is a file's name and stands in an address.

    Raises
    ------
    LibraryError
        It is none.
    """
    if not isinstance(name, str) or len(name) > LONGEST or not WORD.fullmatch(name):
        raise LibraryError("error.library_name", name=" ".join(str(name).split())[:LONGEST])
