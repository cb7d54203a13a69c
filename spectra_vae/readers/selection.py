"""One intensity out of several: by name, by number, or a question to whoever asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np

from ..spectra.spectrum import Array, SpectrumError
from ..text.message import Message

LISTED_COLUMNS = 5  # names that a sentence holds
NAME_LENGTH = 40


class ColumnsError(SpectrumError):
    """Several intensities, and nothing says which: ``columns`` are what ``column`` may be."""

    def __init__(self, code: str, columns: Sequence[str], **params: object) -> None:
        self.columns = tuple(columns)
        told = ", ".join(shortened(name) for name in self.columns[:LISTED_COLUMNS])
        if len(self.columns) > LISTED_COLUMNS:
            told += ", …"
        super().__init__(code, columns=told, count=len(self.columns), **params)

    def __reduce__(self) -> tuple[Any, ...]:
        others = {k: v for k, v in self.message.params.items() if k not in ("columns", "count")}
        return partial(type(self), columns=self.columns, **others), (self.message.code,)


def key_of(column: str | int, labels: Mapping[int, str]) -> int:
    """The key in ``labels`` (number to name) of ``column``: its name, else its number.

    Names go first: where they are numbers themselves, "2" is the one called so.

    Raises
    ------
    ColumnsError
        There is none.
    """
    wanted = str(column).strip()
    named = [number for number, label in labels.items() if wanted == label]
    if named and not isinstance(column, int):
        return named[0]
    for number in labels:
        if wanted == str(number):
            return number
    same = [number for number, label in labels.items() if label.lower() == wanted.lower()]
    if len(same) == 1:
        return same[0]
    names = tuple(labels.values())
    raise ColumnsError("error.no_such_column", names, column=shortened(wanted))


def chosen(labels: Mapping[int, str], column: str | int | None) -> int:
    """The key of the asked spectrum in ``labels``; where nobody asks, of the only one.

    Raises
    ------
    ColumnsError
        Several and nothing says which, or not the asked one.
    """
    if column is not None:
        return key_of(column, labels)
    if len(labels) > 1:
        names = tuple(labels.values())
        raise ColumnsError("error.which_spectrum", names)
    return next(iter(labels))


def unique(names: Mapping[int, str]) -> dict[int, str]:
    """The names with their numbers where a name repeats itself; the number where there is none."""
    seen = list(names.values())
    return {
        number: f"{name} ({number})" if name and seen.count(name) > 1 else name or str(number)
        for number, name in names.items()
    }


def one_or_mean(spectra: Array, column: str | int | None) -> tuple[Array, tuple[Message, ...]]:
    """One intensity (N,) of ``spectra`` (M, N) on one axis: the asked one, else the mean.

    A map or a series is one sample measured many times, so its mean is what a file stands for.
    """
    count = len(spectra)
    if column is not None:
        number = key_of(column, {i: str(i) for i in range(1, count + 1)})
        fix = Message("fix.one_spectrum", {"number": number, "count": count})
        return spectra[number - 1].astype(np.float64), (fix,) if count > 1 else ()
    if count == 1:
        return spectra[0].astype(np.float64), ()
    mean: Array = spectra.mean(axis=0, dtype=np.float64)
    return mean, (Message("fix.mean", {"count": count}),)


def shortened(name: str) -> str:
    """A name that fits into a sentence."""
    return name[:NAME_LENGTH]
