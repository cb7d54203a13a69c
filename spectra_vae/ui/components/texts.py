"""A table of the text files, in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ...text.message import Message, say


@dataclass(frozen=True)
class Texts:
    """``t = Texts("restore", "it")``: ``t("title")`` says ``restore.title`` in Italian."""

    table: str
    language: str

    def __call__(self, key: str, **params: Any) -> str:
        return say(Message(f"{self.table}.{key}", params), self.language)
