"""What the rows of an identification's figure span, and which stretches of the axis they show."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ....spectra.spectrum import stretches
from ...components.phase_looks import there
from ...components.restoration_figure import Row, nice
from ...components.windows import Pane, Range, side_by_side, suffix

if TYPE_CHECKING:
    from ....identification.result import Identification

Array = NDArray[np.float64]

SHARES = {"measured": 32, "phases": 32, "unexplained": 12, "residual": 11}
UNKNOWN_SHARES = {"measured": 30, "unexplained": 24, "residual": 9, "nearest": 24}
GAP, NARROW_GAP = 1.5, 4.5  # between rows, in the same unit
AROUND = 60.0  # cm⁻¹ beside a band that is shown
NEAR = 250.0  # cm⁻¹: what is less far apart is one stretch
FEWEST = 11  # points of a stretch
MOST = 3  # stretches
MOST_LARGER = 1000.0  # that a row is drawn larger than the first


def curves(found: Identification, scale: float) -> dict[str, Array]:
    """The terms of the equation (N,), in ``scale`` of the file's unit."""
    phases = sum((p.curve for p in found.phases), np.zeros(len(found.wavenumber)))
    terms = {
        "measured": found.measured,
        "background": found.background,
        "phases": phases,
        "unexplained": found.restored - phases,
        "residual": found.residual,
        "fitted": found.background + found.restored,
    }
    return {name: values / scale for name, values in terms.items()}


def panes(found: Identification, full: bool) -> list[Pane]:
    """Where bands are, side by side; ``full``: the whole file."""
    x = found.wavenumber
    shown = [(float(x[0]), float(x[-1]))] if full else _where_bands_are(found)
    return list(zip(shown, side_by_side(shown), strict=True))


def axes_of(row: int, pane: int, shown: Sequence[Pane]) -> tuple[str, str]:
    """A row's axes in a pane, as Plotly writes them."""
    own = suffix(max(len(shown), 2) * row + pane)
    return f"x{own}", f"y{own}"


def can_be_cut(found: Identification) -> bool:
    """Is there anything that the whole axis shows and the stretches don't?"""
    return len(_where_bands_are(found)) > 1


def _where_bands_are(found: Identification) -> list[Range]:
    x = found.wavenumber
    wanted = [(b.position - AROUND, b.position + AROUND) for b in found.bands]
    for phase in found.phases:
        m = there(phase.mineral)
        wanted += [(w.low, w.high) for w in m.windows] if m else []
    if not found.phases:
        wanted += [(float(x[s][0]), float(x[s][-1])) for s in stretches(x)]
    joined: list[Range] = []
    for low, high in sorted((max(a, x[0]), min(b, x[-1])) for a, b in wanted):
        if high <= low:
            continue
        if joined and low - joined[-1][1] < NEAR:
            joined[-1] = joined[-1][0], max(joined[-1][1], high)
        else:
            joined.append((low, high))
    enough = [(a, b) for a, b in joined if ((x >= a) & (x <= b)).sum() >= FEWEST]
    while len(enough) > MOST:
        gaps = [b[0] - a[1] for a, b in pairwise(enough)]
        k = int(np.argmin(gaps))
        enough[k : k + 2] = [(enough[k][0], enough[k + 1][1])]
    if not enough:
        return [(float(x[0]), float(x[-1]))]
    ends = [(float(a), float(b)) for a, b in enough]
    if len(ends) == 1:  # what little is beyond isn't worth a cut
        return (
            [(float(x[0]), float(x[-1]))] if x[-1] - x[0] < 2 * (ends[0][1] - ends[0][0]) else ends
        )
    return ends


def rows(found: Identification, terms: dict[str, Array], narrow: bool) -> list[Row]:
    """Where each row lies and what it spans: the first as its points need, the others by factor."""
    shares = SHARES if found.phases else UNKNOWN_SHARES
    gap = NARROW_GAP if narrow else GAP
    total = sum(shares.values()) + gap * (len(shares) - 1)
    first = _span(np.concatenate([_usual(terms["measured"]), terms["fitted"]]))
    height = (first[1] - first[0]) * 1.16
    top, done = 1.0, []
    for name, share in shares.items():
        bottom = top - share / total
        low, high, factor = first[0] - 0.08 * height, first[0] + 0.92 * height, 1.0
        if name == "nearest":
            low, high = 0.0, 1.0
        elif name != "measured":
            part = share / shares["measured"]
            low, high, factor = _spanned(terms, name, height, part)
        done.append(Row(name, low, high, factor, bottom, top))
        top = bottom - gap / total
    return done


def _spanned(
    terms: dict[str, Array], name: str, height: float, part: float
) -> tuple[float, float, float]:
    """Low, high and factor of a row that takes a ``part`` of the first one's room."""
    noise = _span(_usual(terms["residual"]))
    needed = noise if name == "residual" else (0.0, float(np.max(terms[name], initial=0.0)))
    if name != "residual":  # not larger than what nobody sees in the noise
        needed = (0.0, max(needed[1], noise[1] - noise[0]))
    tall = max(needed[1] - needed[0], height / MOST_LARGER)
    factor = nice(part * height / (1.2 * tall))
    reach = part * height / factor
    if name == "residual":
        middle = (needed[0] + needed[1]) / 2
        return middle - reach / 2, middle + reach / 2, factor
    return -0.05 * reach, 0.95 * reach, factor


def _usual(values: Array) -> Array:
    """Without the few that stand far out, as spikes do."""
    low, high = np.quantile(values, [0.001, 0.999])
    room = 0.25 * (high - low)
    return np.asarray(values[(values >= low - room) & (values <= high + room)])


def _span(values: Array) -> tuple[float, float]:
    low, high = float(values.min()), float(values.max())
    return (low, high) if high > low else (low, low + max(abs(low), 1e-12))
