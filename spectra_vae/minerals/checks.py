"""Reading one table of a TOML file field by field; what can't be meant gets a sentence."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any, NoReturn

from ..text.message import LANGUAGES, Label, Message
from .entries import Band, Range
from .mineral import Mineral, MineralError

WORD = re.compile(r"[^\W_]+(-[^\W_]+)*")
LONGEST_TEXT, LONGEST_NAME = 400, 60


def refuse(code: str, **params: Any) -> NoReturn:
    raise MineralError(code, **params)


class Reader:
    """The fields of one table, ``where`` it stands in the file; what nobody asked for is refused.

    Every method returns the field as what it is asked for, or the default where it isn't there.
    """

    def __init__(self, table: Any, where: Message) -> None:
        if not isinstance(table, Mapping):
            refuse("error.mineral_shape", where=where)
        self.table, self.where = table, where
        self._asked: set[str] = set()

    def has(self, name: str) -> bool:
        return name in self.table

    def finish(self) -> None:
        """Refuse what was not asked for."""
        for name in self.table:
            if name not in self._asked:
                refuse("error.mineral_field", where=self.where, name=_short(name))

    def text(self, name: str, default: str | None = None) -> str:
        value = self._take(name, default)
        if not isinstance(value, str) or len(value) > LONGEST_TEXT or not _printable(value):
            refuse("error.mineral_text", where=self.where, name=name)
        if default is None and not value.strip():
            refuse("error.mineral_text", where=self.where, name=name)
        return value

    def number(
        self,
        name: str,
        low: float = -1e9,
        high: float = 1e9,
        default: float | None = None,
    ) -> float:
        value = self._take(name, default)
        if (
            isinstance(value, bool)
            or not isinstance(value, int | float)
            or not math.isfinite(value)
        ):
            refuse("error.mineral_number", where=self.where, name=name, value=_short(value))
        if not low <= value <= high:
            limits = {"low": f"{low:g}", "high": f"{high:g}"}
            refuse(
                "error.mineral_limits", where=self.where, name=name, value=_short(value), **limits
            )
        return float(value)

    def numbers(self, name: str) -> dict[str, float]:
        """A table of numbers by name."""
        inner = Reader(self._take(name, None), self.where)
        return {key: inner.number(key) for key in inner.table}

    def maybe_index(self, name: str, count: int) -> int | None:
        """A whole number below ``count``."""
        value = self._take(name, -1)
        if isinstance(value, bool) or not isinstance(value, int) or not -1 <= value < count:
            refuse("error.mineral_index", where=self.where, name=name, value=_short(value))
        return None if value == -1 else value

    def choice(self, name: str, known: Sequence[str], default: str | None) -> str:
        value = self._take(name, default)
        if value not in known:
            told = {"value": _short(value), "known": ", ".join(known)}
            refuse("error.mineral_choice", where=self.where, name=name, **told)
        return str(value)

    def span(self, *names: str) -> Range:
        """Two numbers, low before high: of two fields, or a list of two in one."""
        if len(names) == 2:
            low, high = (self.number(n) for n in names)
        else:
            value = self._take(names[0], None)
            if not isinstance(value, list | tuple) or len(value) != 2:
                refuse("error.mineral_span", where=self.where, name=names[0])
            pair = Reader(dict(zip(("low", "high"), value, strict=True)), self.where)
            low, high = pair.number("low"), pair.number("high")
        if not low < high:
            refuse("error.mineral_span", where=self.where, name=names[0])
        return low, high

    def label(self, name: str, default: str | Mapping[str, str]) -> Label:
        """Words for every language: a table by language, or one text for all."""
        value = self._take(name, default)
        texts = {"en": value} if isinstance(value, str) else value
        inner = Reader(texts, self.where)
        words = {language: inner.text(language) for language in LANGUAGES if inner.has(language)}
        inner.finish()
        if not words:
            refuse("error.mineral_text", where=self.where, name=name)
        return Label(words)

    def tables(self, name: str, most: int, what: str) -> list[Reader]:
        """An array of tables; empty where there is none."""
        value = self._take(name, [])
        if not isinstance(value, list | tuple):
            refuse("error.mineral_shape", where=self.where)
        if len(value) > most:
            refuse("error.mineral_many", name=name, count=len(value), most=most)
        return self.wrapped(value, what)

    def table_of(self, name: str, what: str) -> Reader | None:
        value = self._take(name, {})
        return self.wrapped([value], what)[0] if value else None

    def wrapped(self, values: Sequence[Any], what: str) -> list[Reader]:
        """Readers of tables that stand in this one, each told where it is."""
        places = (Message(f"mineral_place.{what}", {"number": k + 1}) for k in range(len(values)))
        return [Reader(value, place) for value, place in zip(values, places, strict=True)]

    def _take(self, name: str, default: Any) -> Any:
        self._asked.add(name)
        if name not in self.table and default is None:
            refuse("error.mineral_missing", where=self.where, name=name)
        return self.table.get(name, default)


def check_name(name: str) -> None:
    """A word of letters, digits and hyphens: it is a file's name and stands in an address."""
    if len(name) > LONGEST_NAME or not WORD.fullmatch(name):
        refuse("error.mineral_word", name=_short(name))


def check_bands(bands: Sequence[Band], told: int | None) -> int:
    """The index of the strongest band: exactly one has the height 1."""
    if not bands:
        refuse("error.mineral_no_bands")
    places = [(b.position, b.width) for b in bands]
    if len(set(places)) < len(places):
        refuse("error.mineral_same_place")
    whole = [k for k, b in enumerate(bands) if b.height == 1]
    if len(whole) != 1 or told not in (None, whole[0]):
        refuse("error.mineral_height", count=len(whole))
    return whole[0]


def check_factors(m: Mineral) -> None:
    """Names once each, groups and presets that exist, effects that don't contradict."""
    keys = [g.key for g in m.groups]
    for kind, names in (("group", keys), ("factor", [f.name for f in m.factors])):
        for name in {n for n in names if names.count(n) > 1}:
            refuse("error.mineral_twice", kind=Message(f"mineral_place.a_{kind}"), name=name)
    for used in [*(b.group for b in m.bands), *(f.group for f in m.factors if f.group)]:
        if used not in keys:
            refuse("error.mineral_group", name=_short(used), known=", ".join(keys))
    for group in {f.group for f in m.factors if f.group} - {b.group for b in m.bands}:
        refuse("error.mineral_group", name=_short(group), known=", ".join(keys))
    if not m.visible:
        refuse("error.mineral_no_factors")
    for one in m.factors:
        rivals = [f for f in m.having(one.effect) if one.once or f.group == one.group]
        if len(rivals) > 1:
            refuse("error.mineral_once", effect=one.effect)
        if not (one.code(one.high) > 0 > one.code(one.low)):
            refuse("error.mineral_reference", where=one.name, low=one.low, high=one.high)
    for preset in m.presets:
        for name, value in preset.factors.items():
            factor = m.factor(name)
            if not factor.low <= value <= factor.high:
                told = {"value": f"{value:g}", "low": f"{factor.low:g}", "high": f"{factor.high:g}"}
                refuse("error.mineral_limits", where=preset.name, name=name, **told)


def _printable(text: str) -> bool:
    return all(c.isprintable() for c in text)


def _short(value: Any) -> str:
    return " ".join(str(value).split())[:60]
