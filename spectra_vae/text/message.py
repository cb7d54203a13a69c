"""Sentences as data: a code with parameters, worded in ``text`` in every language.

The library, the command line and the page all say the same thing: they carry a
:class:`Message` and word it where it is shown.
"""

from __future__ import annotations

import functools
import string
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib import resources
from typing import Any

from .formatting import thousands

LANGUAGES = ("en", "it")


@dataclass(frozen=True)
class Label:
    """Words that a table brings itself: language → text. A missing language speaks English."""

    texts: Mapping[str, str]

    def within(self, language: str) -> str:
        """In ``language``, else in English, else in the first there is."""
        return self.texts.get(language) or self.texts.get("en") or next(iter(self.texts.values()))

    def __str__(self) -> str:
        return self.within("en")


@dataclass(frozen=True)
class Message:
    """One sentence: ``code`` is its key in the text files, ``params`` fill its blanks."""

    code: str
    params: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return say(self)

    def to_dict(self) -> dict[str, Any]:
        spoken = Message | Label
        plain = {k: str(v) if isinstance(v, spoken) else v for k, v in self.params.items()}
        return {"code": self.code, "params": plain, "text": say(self)}


class SpectraVaeError(ValueError):
    """An error whose whole text is one helpful sentence."""

    def __init__(self, code: str, **params: Any) -> None:
        self.message = Message(code, params)
        super().__init__(str(self.message))

    def __reduce__(self) -> tuple[Any, ...]:
        """By its code: another process words it again."""
        return functools.partial(type(self), **self.message.params), (self.message.code,)


@functools.cache
def words(language: str) -> dict[str, str]:
    """All texts of one language, flat: ``section.key`` to text."""
    folder = resources.files("spectra_vae").joinpath("text", language)
    found: dict[str, str] = {}
    for file in folder.iterdir():
        for table, entries in tomllib.loads(file.read_text(encoding="utf-8")).items():
            found |= {f"{table}.{key}": text for key, text in entries.items()}
    return found


def say(message: Message | Label, language: str = "en") -> str:
    """The sentence in ``language``; an unknown language speaks English.

    A parameter that is itself a :class:`Message` or a :class:`Label` is worded in the same
    language.
    """
    if isinstance(message, Label):
        return message.within(language)
    texts = words(language if language in LANGUAGES else "en")
    params = {
        key: say(value, language) if isinstance(value, Message | Label) else value
        for key, value in message.params.items()
    }
    return _WORDING.vformat(texts[message.code], (), params)


def listed(items: Sequence[Message]) -> Message:
    """One or more of them, with commas between."""
    return functools.reduce(lambda a, b: Message("role.list", {"first": a, "rest": b}), items)


class _Wording(string.Formatter):
    """Fills the blanks of a sentence; whole numbers have their thousands apart."""

    def format_field(self, value: Any, format_spec: str) -> Any:
        if not format_spec and isinstance(value, int) and not isinstance(value, bool):
            return thousands(value)
        return super().format_field(value, format_spec)


_WORDING = _Wording()
