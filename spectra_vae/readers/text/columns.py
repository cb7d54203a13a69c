"""Which column is the axis and which the intensity: by their names, else by their numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from ...spectra.spectrum import Array, SpectrumError
from ...text.message import Message
from ..selection import ColumnsError, key_of, shortened, unique
from .names import (
    NEVER_RANK,
    NO_AXIS,
    axis_rank,
    axis_unit,
    column_names,
    intensity_rank,
    is_counter,
)
from .table import Dialect


@dataclass(frozen=True)
class Layout:
    """What the columns are; all are counted from 0.

    ``intensities`` are those that may be the intensity, ``others`` all with numbers but the axis;
    ``titles`` are the header lines that name them.
    """

    axis: int
    others: tuple[int, ...]
    intensities: tuple[int, ...]
    width: int
    names: tuple[str, ...] | None = None
    by_name: bool = False  # the axis
    titles: set[int] = field(default_factory=set)
    fixes: tuple[Message, ...] = ()

    @property
    def unit(self) -> str | None:
        """The unit that the name of the axis promises."""
        return axis_unit(self.names[self.axis]) if self.names and self.by_name else None

    def label(self, column: int) -> str:
        """What a sentence calls a column: its name, or its number."""
        return (shortened(self.names[column]) if self.names else "") or str(column + 1)


@dataclass(frozen=True)
class Columns:
    """The chosen columns, with their names where there are any, and what to say of the choice."""

    axis: int
    intensity: int
    names: tuple[str, str] | None
    fixes: tuple[Message, ...]


def survey(values: Array, header: Sequence[str], dialect: Dialect) -> Layout:
    """What the columns of the rows ``values`` (rows, columns) below the lines ``header`` are.

    Raises
    ------
    SpectrumError
        No column can be the axis.
    """
    width = values.shape[1]
    live = [column for column in range(width) if not np.isnan(values[:, column]).all()]
    names, titles = column_names(header, dialect, live, width)
    if names is not None:
        axis = _named_axis(names, live)
        if axis is not None and not steady(values[:, axis]) and steady(values[:, live[0]]):
            names, axis, titles = None, None, set()  # they were split at the wrong places
    if names is not None and axis is not None:
        others = tuple(column for column in live if column != axis)
        waves = tuple(column for column in others if axis_rank(names[column]) == NO_AXIS)
        return Layout(axis, others, waves, width, tuple(names), True, titles)
    free, fixes = _without_counter(values, live, names)
    axis = _axis_by_order(values, free, len(live))
    others = tuple(column for column in free if column != axis)
    waves = tuple(c for c in others if not (steady(values[:, c]) or _constant(values[:, c])))
    named = tuple(names) if names else None
    return Layout(axis, others, waves or others, width, named, False, titles, fixes)


def settle(layout: Layout, column: str | int | None = None) -> Columns:
    """The axis with one intensity: the asked one, the best-named one, or the only one.

    Raises
    ------
    ColumnsError
        Several could be it, none can, or there is none of that name or number.
    """
    labels = unique({c + 1: layout.label(c) for c in layout.others})
    if column is not None:
        intensity = key_of(column, labels) - 1
    elif layout.names:
        intensity = _best_named(layout, labels)
    else:
        intensity = _only(layout.intensities, labels)
    told = (layout.label(layout.axis), labels[intensity + 1])
    fixes = layout.fixes
    if layout.by_name or (column is not None and len(layout.others) > 1):
        if len(layout.others) > 1:
            params = {"axis": told[0], "intensity": told[1], "others": len(layout.others) - 1}
            fixes += (Message("fix.columns", params),)
    elif layout.width > 2 or layout.axis:
        params = {"axis": layout.axis + 1, "intensity": intensity + 1, "columns": layout.width}
        fixes += (Message("fix.columns_by_order", params),)
    return Columns(layout.axis, intensity, told if layout.names else None, fixes)


def steady(column: Array) -> bool:
    """Whether a column rises or falls all the way; a few equal neighbours are allowed."""
    step = np.diff(column[np.isfinite(column)])
    one_way = (step >= 0).all() or (step <= 0).all()
    return bool(one_way and np.count_nonzero(step) >= len(step) / 2)


def counts_points(column: Array) -> bool:
    """Whether a column only numbers its rows: 0, 1, 2 … or 1, 2, 3 …"""
    return column[0] in (0, 1) and bool((np.diff(column) == 1).all())


def _constant(column: Array) -> bool:
    return bool(np.nanmin(column) == np.nanmax(column))


def _named_axis(names: Sequence[str], live: Sequence[int]) -> int | None:
    """The column whose name fits an axis best, or None."""
    best = min(live, key=lambda column: axis_rank(names[column]))
    return best if axis_rank(names[best]) < NO_AXIS else None


def _axis_by_order(values: Array, free: Sequence[int], live: int) -> int:
    """The first column that rises or falls all the way; of two columns the first."""
    axis = next((column for column in free if steady(values[:, column])), None)
    if axis is None and live > 2:
        raise SpectrumError("error.which_axis", columns=live)
    return free[0] if axis is None else axis


def _without_counter(
    values: Array, live: list[int], names: Sequence[str] | None
) -> tuple[list[int], tuple[Message, ...]]:
    """The columns without a first one that only counts the points, and what to say of it."""
    first = live[0]
    if names and is_counter(names[first]):
        if len(live) == 2:
            raise SpectrumError("error.no_axis", column=shortened(names[first]))
        return live[1:], (Message("fix.point_numbers"),)
    if not counts_points(values[:, first]):
        return live, ()
    if len(live) > 2 and steady(values[:, live[1]]):
        return live[1:], (Message("fix.point_numbers"),)
    return live, (Message("fix.counting_axis"),)


def _best_named(layout: Layout, labels: dict[int, str]) -> int:
    """The best-named intensity. A lone column needs no good name, but dark it may not be."""
    assert layout.names is not None
    if len(layout.others) == 1 and "dark" not in layout.names[layout.others[0]].lower():
        return layout.others[0]
    ranks = {column: intensity_rank(layout.names[column]) for column in layout.intensities}
    best = min(ranks.values(), default=NEVER_RANK)
    if best == NEVER_RANK:
        names = tuple(labels.values())
        raise ColumnsError("error.no_intensity", names)
    if list(ranks.values()).count(best) == 1:
        return next(column for column, rank in ranks.items() if rank == best)
    return _only([column for column, rank in ranks.items() if rank < NEVER_RANK], labels)


def _only(columns: Sequence[int], labels: dict[int, str]) -> int:
    if len(columns) > 1:
        names = tuple(labels[column + 1] for column in columns)
        raise ColumnsError("error.which_intensity", names)
    return columns[0]
