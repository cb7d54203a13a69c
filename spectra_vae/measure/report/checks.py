"""What a restoration says of itself, in sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from ...text.message import Message
from ..detection.judged import Judged
from ..detection.lookalikes import neighbours
from ..detection.novelty import main_height
from ..detection.residual import DOUBTS, Peak
from ..fitting.orientation import Orientation
from .estimates import FAINT, Estimate, Row

Mask = NDArray[np.bool_]

VISIBLY = 1.2  # times as wide
LISTED = 5  # bands that a sentence names
COARSE = 3.0  # cm⁻¹ between points: a narrow band has as few of them as a cosmic spike


def _coarsest(x: NDArray[np.float64], spiked: Mask) -> float:
    """The largest step of an axis (N,) at one of its spiked points; 0 where there is none."""
    known = len(x) == len(spiked) and spiked.any()
    return float(np.gradient(x)[spiked].max()) if known else 0.0


def checks(
    left_out: tuple[Mask, Mask, Mask],
    joined: Sequence[float],
    one: Judged,
    found: Mapping[str, Estimate],
    crystal: Orientation | None,
    gone: str | None,
    row: Row,
    noise: bool,
) -> tuple[Message, ...]:
    """What was left out (clipped, spiked and dead points), where ranges were ``joined`` with a
    step [cm⁻¹], what is known, what stands out.

    ``gone``: why nothing is said of the mineral; then nothing is said of its crystals either.
    ``noise``: what is left over looks like nothing else.
    """
    (clipped, spiked, dead), step = left_out, _coarsest(row.fits.grid.x, left_out[1])
    told = [Message("check.clipped", {"count": int(clipped.sum())})] if clipped.any() else []
    if dead.any():
        told.append(Message("check.dead", {"count": int(dead.sum())}))
    if joined:
        where = ", ".join(f"{position:.0f}" for position in joined[:LISTED])
        told.append(Message("check.step", {"where": where}))
    spikes = {"count": int(spiked.sum())}
    if step > COARSE:
        told.append(Message("check.spikes_or_bands", {**spikes, "step": f"{step:.1f}"}))
    elif spiked.any():
        told.append(Message("check.spikes", spikes))
    if gone is None:
        for name, estimate in found.items():
            if row.mineral.factor(name) in row.mineral.strengths:
                code = "check.known" if estimate.known else "check.unknown"
                told.append(Message(code, {"name": row.named(name)}))
        told.append(_oriented(row, crystal))
    for peak in (p for p in one.peaks if p.group):
        words = {"group": row.mineral.group(peak.group).bands, "position": f"{peak.position:.0f}"}
        told.append(Message("check.stronger", words))
    for doubt in DOUBTS:
        if some := [p for p in one.peaks if p.doubt == doubt]:
            told.append(Message(f"check.{doubt}", {"count": len(some), "where": _places(some)}))
    if one.foreign:
        words = {"count": len(one.foreign), "where": _places(one.foreign)}
        told.append(Message("check.unexplained", words))
    elif not any(p.doubt for p in one.peaks):
        clear = "check.nothing_unexplained" if noise else "check.rough"
        fine = one.fine and step <= COARSE
        told.append(Message(clear if fine else "check.too_coarse"))
    for phase in neighbours(one.fits, one.foreign):
        words = {"name": phase.label, "other": f"{phase.position:.0f}"}
        told.append(Message("check.neighbour", words))
    told += _widened(row) if gone is None else []
    for like in one.lookalikes if gone != FAINT else ():
        words = {"name": like.phase.label, "position": f"{like.position:.1f}"}
        words |= {"other": f"{like.phase.position:g}", **row.main}
        told.append(Message("check.lookalike", words))
    if not row.calibration.scales:
        told.append(Message("check.not_calibrated"))
    return tuple(told)


def _places(peaks: Sequence[Peak]) -> str:
    """Where the strongest of some bands stand, cm⁻¹."""
    told = ", ".join(f"{p.position:.0f}" for p in peaks[:LISTED])
    return told + (", …" if len(peaks) > LISTED else "")


def _widened(row: Row) -> list[Message]:
    """What made the intervals wider than the noise alone would, if it did so visibly."""
    fits, k = row.fits, row.k
    shared, tension = float(np.sqrt(fits.correlation[k])), float(fits.tension[k])
    found = []
    if shared > VISIBLY:
        found.append(Message("check.shared_noise", {"times": f"{shared:.1f}"}))
    smoother = float(fits.smoother[k] ** -0.5)
    if smoother > VISIBLY:
        found.append(Message("check.structure", {"times": f"{smoother:.1f}"}))
    if tension > VISIBLY:
        size = np.where(fits.on_bands[k], np.abs(fits.left[k]), 0.0)
        worst = int(np.argmax(size / np.sqrt(fits.variance[k])))
        words = {
            "position": f"{fits.grid.x[worst]:.0f}",
            "percent": f"{100 * size[worst] / float(main_height(fits)[k]):.0f}",
            "times": f"{tension:.1f}",
            **row.main,
        }
        found.append(Message("check.tension", words))
    return found


def _oriented(row: Row, crystal: Orientation | None) -> Message:
    gained = float(row.fits.asked.gained[row.k])
    if crystal is None:
        return Message("check.orientation_none", {"bic": f"{max(-gained, 0):.0f}"})
    band = crystal.farthest
    words = {"ratio": f"{band.value:.2g}", "position": f"{band.position:.0f}"}
    return Message("check.orientation_fitted", {**words, "bic": f"{gained:.0f}"})
