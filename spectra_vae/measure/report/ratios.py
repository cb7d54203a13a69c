"""Which areas of groups are compared with the strongest band's, and what the ratios are called."""

from __future__ import annotations

from ...minerals import Factor, Mineral


def measured_apart(mineral: Mineral) -> tuple[Factor, ...]:
    """Factors of one group whose area, and the strongest band's group's, have a stretch to be
    measured in.
    """
    main, spans = mineral.main.group, mineral.spans
    apart = (f for f in mineral.strengths if f.group != main)
    return tuple(f for f in apart if {f.group, main} <= spans.keys())


def ratio_of(mineral: Mineral, factor: Factor) -> str:
    """What the ratio of a factor's group over the strongest band's is called."""
    return "ratio" if factor == mineral.strengths[0] else f"ratio_{factor.group}"
