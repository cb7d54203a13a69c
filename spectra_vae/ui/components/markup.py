"""Sentences with exponents and indices as markup: the font's own would stand too low."""

from __future__ import annotations

from typing import Any

from dash import html

_MARKS = {
    "cm⁻¹": ["cm", html.Sup("−1")],
    **{f"ν{k}": ["ν", html.Sub(str(k))] for k in range(1, 10)},
    "log₁₀": ["log", html.Sub("10")],
}


def rich(text: str) -> list[Any]:
    """A sentence in pieces, its exponents and indices as markup."""
    parts: list[Any] = [text]
    for plain, marked in _MARKS.items():
        parts = [
            piece
            for part in parts
            for piece in (_spliced(part, plain, marked) if isinstance(part, str) else [part])
        ]
    return parts


def _spliced(text: str, plain: str, marked: list[Any]) -> list[Any]:
    out: list[Any] = []
    for k, piece in enumerate(text.split(plain)):
        out += [*(marked if k else []), piece]
    return out


def upper_first(words: str) -> str:
    """A sentence's first letter; a symbol's (ν) stays as it is."""
    return words if "α" <= words[:1] <= "ω" else words[:1].upper() + words[1:]
