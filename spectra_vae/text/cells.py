"""Texts of others in tables: what a spreadsheet would take for a formula stays a text."""

from __future__ import annotations

import contextlib
import re
import unicodedata

FORMULA = ("=", "+", "-", "@", "\t", "\r")
_SEPARATORS = re.compile(r"([,;\t])")
_INVISIBLE = ("Cf", "Cc", "Zs")  # categories that a spreadsheet may skip


def cell(text: str) -> str:
    """``text`` for a table: what could be a formula gets an apostrophe.

    Also one behind blanks, or in full-width letters.
    """
    return f"'{text}" if _begins_a_formula(text) else text


def comment(key: str, value: object) -> str:
    """A ``#`` line above a table: one line, in whose parts nothing is a formula either."""
    line = " ".join(f"# {key}: {value}".split())
    first, *others = _SEPARATORS.split(line)
    return first + "".join(part if _is_number(part) else cell(part) for part in others) + "\n"


def _begins_a_formula(text: str) -> bool:
    if text.startswith(FORMULA):
        return True
    plain = unicodedata.normalize("NFKC", text)
    seen = next((c for c in plain if unicodedata.category(c) not in _INVISIBLE), "")
    return seen in ("=", "+", "-", "@", "−")


def _is_number(text: str) -> bool:
    with contextlib.suppress(ValueError):
        float(text)
        return True
    return False
