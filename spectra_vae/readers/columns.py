"""Which column is the axis and which the intensity: by their names, else by their numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from ..message import Message
from ..spectrum import Array, SpectrumError
from .names import NEVER, NO_AXIS, axis_rank, axis_unit, column_names, intensity_rank, is_counter
from .table import Dialect

NAME_LENGTH = 40


@dataclass(frozen=True)
class Columns:
    """The chosen columns; ``titles`` are the header lines that name them."""

    axis: int
    intensity: int
    names: tuple[str, str] | None = None
    unit: str | None = None  # 'cm', 'nm' or unknown
    titles: set[int] = field(default_factory=set)
    fixes: tuple[Message, ...] = ()


def choose(values: Array, header: Sequence[str], dialect: Dialect) -> Columns:
    """Choose from the rows ``values`` (rows, columns) below the lines ``header``.

    Raises
    ------
    SpectrumError
        No column can be the axis or the intensity.
    """
    live = [column for column in range(values.shape[1]) if not np.isnan(values[:, column]).all()]
    names, titles = column_names(header, dialect, live, values.shape[1])
    if names is None:
        return _by_order(values, live)
    axis = min(live, key=lambda column: axis_rank(names[column]))
    if axis_rank(names[axis]) == NO_AXIS:
        return _by_order(values, live, names, titles)
    if not steady(values[:, axis]) and steady(values[:, live[0]]):
        return _by_order(values, live)  # names that were split at the wrong places
    intensity = _best_intensity(names, [column for column in live if column != axis])
    chosen = (_short(names[axis]), _short(names[intensity]))
    fixes: tuple[Message, ...] = ()
    if len(live) > 2:
        params = {"axis": chosen[0], "intensity": chosen[1], "others": len(live) - 2}
        fixes = (Message("fix.columns", params),)
    return Columns(axis, intensity, chosen, axis_unit(names[axis]), titles, fixes)


def steady(column: Array) -> bool:
    """Whether a column rises or falls all the way; a few equal neighbours are allowed."""
    step = np.diff(column[np.isfinite(column)])
    one_way = (step >= 0).all() or (step <= 0).all()
    return bool(one_way and np.count_nonzero(step) >= len(step) / 2)


def counts_points(column: Array) -> bool:
    """Whether a column only numbers its rows: 0, 1, 2 … or 1, 2, 3 …"""
    return column[0] in (0, 1) and bool((np.diff(column) == 1).all())


def _by_order(
    values: Array,
    live: list[int],
    names: Sequence[str] | None = None,
    titles: set[int] | None = None,
) -> Columns:
    """First the axis, then the intensity, unless the numbers say otherwise."""
    free, fixes = _without_counter(values, live, names)
    axis = next((column for column in free if steady(values[:, column])), None)
    if axis is None and len(live) > 2:
        raise SpectrumError("error.which_axis", columns=len(live))
    if axis is None:
        axis = free[0]
    others = [column for column in free if column != axis]
    intensity = _best_intensity(names, others) if names else others[0]
    if len(live) > 2 or axis != live[0]:
        params = {"axis": axis + 1, "intensity": intensity + 1, "columns": values.shape[1]}
        fixes += (Message("fix.columns_by_order", params),)
    chosen = (_short(names[axis]), _short(names[intensity])) if names else None
    return Columns(axis, intensity, chosen, None, titles or set(), fixes)


def _without_counter(
    values: Array, live: list[int], names: Sequence[str] | None
) -> tuple[list[int], tuple[Message, ...]]:
    """The columns without a first one that only counts the points, and what to say of it."""
    first = live[0]
    if names and is_counter(names[first]):
        if len(live) == 2:
            raise SpectrumError("error.no_axis", column=_short(names[first]))
        return live[1:], (Message("fix.point_numbers"),)
    if not counts_points(values[:, first]):
        return live, ()
    if len(live) > 2 and steady(values[:, live[1]]):
        return live[1:], (Message("fix.point_numbers"),)
    return live, (Message("fix.counting_axis"),)


def _best_intensity(names: Sequence[str], columns: list[int]) -> int:
    """The best-named intensity. A lone column needs no good name, but dark it may not be."""
    free = [column for column in columns if axis_rank(names[column]) == NO_AXIS]
    if len(columns) == 1 and "dark" not in names[columns[0]].lower():
        return columns[0]
    best = min(free, key=lambda column: intensity_rank(names[column]), default=None)
    if best is None or intensity_rank(names[best]) == NEVER:
        listed = ", ".join(_short(names[column]) for column in columns[:5])
        raise SpectrumError("error.no_intensity", columns=listed)
    return best


def _short(name: str) -> str:
    return name[:NAME_LENGTH]
