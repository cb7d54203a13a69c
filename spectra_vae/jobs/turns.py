"""Fair turns: everybody's first job before anybody's second."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import zip_longest


def in_turns(waiting: Sequence[str], owners: Mapping[str, str], served: str = "") -> list[str]:
    """Jobs' ids in the order in which they start: round robin by owner.

    Parameters
    ----------
    waiting
        Ids; each owner's own stay in this order, and so do the owners, by their first.
    owners
        Whose they are; one that has none was handed back by a worker and goes before all others.
    served
        Who was served last, and comes last in a round.
    """
    handed_back = [job for job in waiting if job not in owners]
    by_owner: dict[str, list[str]] = {}
    for job in waiting:
        if job in owners:
            by_owner.setdefault(owners[job], []).append(job)
    if served in by_owner:
        by_owner[served] = by_owner.pop(served)
    rounds = zip_longest(*by_owner.values())
    return handed_back + [job for one in rounds for job in one if job is not None]
