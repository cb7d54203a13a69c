"""How alien is it: what in a measurement is not the mineral, where, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from ...text.message import Message, listed
from ..fitting.fit_result import Fits
from ..fitting.grid import has_scale
from .agreement import Agreement
from .doubled import Doubled
from .evidence import HALF_WAY, STEEP, evidence
from .lookalikes import transformed, weakened
from .presence import Presence
from .residual import SIGNIFICANT, WEAK, Peak
from .rivals import Rivalry, Suspects

Array = NDArray[np.float64]

ALIEN = 0.1  # of ν1: no orientation of the mineral adds a foreign band of this height
TRACE = 0.045  # of ν1: less of something else may lie in a real sample of the mineral
SEVERAL = 2  # foreign bands, and no fewer than there are of its own, make another mineral
SMALL = 0.85
LEAST_GAIN = 5.0  # σ: below, there is no mineral to be seen
HINT = 3.0  # σ: between, something may stand there
MISSHAPEN = 0.15  # of ν1's height: real samples leave 0.08 beside it
MISFIT = 0.35  # share of ν1's neighbourhood that may stay unexplained
# Why it may be undecided.
DOUBTS = ("why.not_covered", "why.hinted", "why.untold", "why.doubled", "why.unwitnessed")


@dataclass(frozen=True)
class Novelty:
    """``score``: 0 is Platonic, 1 nothing of the mineral; ``alien``: beyond the threshold.

    ``at`` [cm⁻¹]: where the strongest foreign structure stands; ``factor``: a factor whose code
    left its range; ``residual``: foreign height relative to ν1; ``kl``: per neuron, nats, from
    the encoder (None for a plain autoencoder); ``why``: sentences; ``percentile``: share of
    normal spectra that score lower (None: not calibrated).
    """

    score: float
    alien: bool
    at: float | None
    factor: str | None
    residual: float
    kl: tuple[float, ...] | None
    why: tuple[Message, ...]
    percentile: float | None = None

    @property
    def verdict(self) -> str:
        """``alien``, ``normal``, or ``undecided`` where the file lacks the strongest band, hints
        at one only, would not show the others, has it where another mineral's might be as well, or
        shows it twice: more than one phase.
        """
        if self.alien:
            return "alien"
        doubted = any(one.code in DOUBTS for one in self.why)
        return "undecided" if doubted else "normal"

    def to_dict(self) -> dict[str, Any]:
        return {
            "score": self.score,
            "alien": self.alien,
            "verdict": self.verdict,
            "at": self.at,
            "factor": self.factor,
            "residual": self.residual,
            "kl": None if self.kl is None else list(self.kl),
            "why": [one.to_dict() for one in self.why],
            "percentile": self.percentile,
        }


def standing_out(fits: Fits, width: Array, heights: Array, significances: Array) -> Array:
    """(B,) how far foreign structure stands out, 1 at the threshold.

    ``width`` (C,) of the filters, ``heights`` and ``significances`` (B, C) of what they found. A
    structure beyond the threshold stands out of the noise and of the mineral: the lesser counts.
    All else ends below it, in the order of the :func:`evidence` for one more band and, where that
    is certain, of its height.
    """
    unit = main_height(fits)
    certain, tall = significances / SIGNIFICANT, heights / (ALIEN * unit)[:, None]
    both = np.minimum(certain, tall).max(axis=1, initial=0.0)
    doubt = (evidence(width, heights, significances, unit) - HALF_WAY) / STEEP
    trace = np.where(certain >= 1, tall, 0.0).max(axis=1, initial=0.0)
    small = SMALL * expit(doubt) * (1 + np.minimum(trace, 1.0)) / 2
    return np.asarray(np.where(both >= 1, both, small))


def novelty(
    suspects: Suspects,
    standing: float,
    peaks: tuple[Peak, ...],
    agreement: Agreement,
    presence: Presence,
    two: Doubled | None,
    rival: Rivalry | None,
    kl: Array | None,
) -> Novelty:
    """Judge a fit by those of ``peaks`` that are foreign, by how well ν1 is explained, and by
    whether its other bands are there and agree.
    """
    fits, k = suspects.fits, suspects.k
    main = fits.grid.model.mineral.main
    foreign_peaks = tuple(p for p in peaks if p.foreign)
    strongest = max(foreign_peaks, key=lambda p: p.height, default=None)
    foreign = strongest.height / float(main_height(fits)[k]) if strongest else 0.0
    position = suspects.position or main.position + float(fits.main.shift[k])
    misfit = float(fits.misfit[k])
    faint = is_faint(fits, k)
    seen = bool(fits.on_main[k])
    hinted = faint and strongest is None and fits.significance[k] > HINT * _shared(fits, k)
    beside, place = (float(values[k]) for values in fits.beside)
    other = transformed(suspects, agreement)
    far = is_far(fits, k, agreement, foreign_peaks)
    why: list[Message] = []
    name: dict[str, Any] = {"main": main.name}
    if not seen:
        why.append(Message("why.not_covered", {"position": f"{main.position:.0f}"}))
    elif hinted:
        why.append(Message("why.hinted", {"position": f"{main.position:.0f}"}))
    elif faint:
        why.append(Message("why.no_main_band", {"position": f"{main.position:.0f}"}))
    elif misfit > MISFIT:
        share = f"{100 * misfit:.0f}"
        why.append(Message("why.misfit", {"percent": share, "position": f"{position:.0f}"}))
    elif beside > MISSHAPEN:
        words = {"position": f"{place:.0f}", "percent": f"{100 * beside:.0f}", **name}
        why.append(Message("why.misshapen", words))
    elif other:
        names = listed([Message("note.own", {"words": one.phase.label}) for one in other])
        told = {"names": names, "position": f"{position:.1f}", **name}
        told["group"] = weak.bands if (weak := weakened(fits, k)) else ""
        why.append(Message("why.transformed", told))
    elif agreement.wrong:
        why.append(Message("why.disagree", {"where": agreement.where}))
    elif far:
        why.append(Message("why.far", {"position": f"{position:.1f}", **name}))
    elif presence.absent:
        why.append(Message("why.absent", {"where": presence.where}))
    elif rival and rival.wins:
        words = {"name": rival.phase.label, "position": f"{position:.1f}", **name}
        why.append(Message("why.rival", words))
    elif two:
        places = {"low": f"{two.low:.1f}", "high": f"{two.high:.1f}"}
        why.append(Message("why.doubled", {**places, **name}))
    elif agreement.unwitnessed or (rival and rival.open):
        why.append(Message("why.unwitnessed", {"position": f"{position:.1f}", **name}))
    if strongest is not None:
        at = {"at": f"{strongest.position:.0f}", **name}
        if faint or not seen:
            why.append(Message("why.strongest", {"at": at["at"]}))
        else:
            # as a reader would divide: by ν1 as high as it is here, not in the reference state
            ratio = strongest.height / max(float(fits.explained[k].max()), 1e-300)
            tall = Message("why.foreign_tall", {**at, "times": f"{ratio:.1f}"})
            small = Message("why.foreign", {**at, "percent": f"{100 * ratio:.0f}"})
            why.append(tall if ratio > 2 else small)
    if not why:
        why.append(Message("why.untold" if presence.untold else _ordinary(peaks), name))
    # without its strongest band, who knows?
    gone = 1.0 if hinted or not seen else 2.0 if faint else 0.0
    another = agreement.wrong or presence.absent or other or far or (rival and rival.wins)
    doubt = 1.5 if another and seen and not faint else 0.0
    shape = _misshapen(fits, k) if seen and not faint else 0.0
    worst = max(standing, foreign / ALIEN, shape, gone, doubt)
    return Novelty(
        score=float(1 - 0.5 ** (worst**2)),
        alien=bool(worst > 1),
        at=strongest.position if strongest else (place if shape > 1 else None),
        factor=agreement.factor,
        residual=float(foreign),
        kl=None if kl is None else tuple(float(v) for v in kl),
        why=tuple(why),
    )


def _ordinary(peaks: tuple[Peak, ...]) -> str:
    """What is said of a file in which nothing is foreign."""
    doubts = {p.doubt for p in peaks} - {""}
    return "why.ordinary" if not doubts else "why.weak" if doubts == {WEAK} else "why.doubtful"


def is_another(
    fits: Fits,
    k: int,
    agreement: Agreement,
    presence: Presence,
    peaks: tuple[Peak, ...],
    rival: Rivalry | None,
) -> bool:
    """The strongest band has another shape or is far off, or the others are missing, stand
    elsewhere or are a rival's, or several are foreign and no more are the mineral's.
    """
    elsewhere = agreement.wrong or presence.absent or is_far(fits, k, agreement, peaks)
    elsewhere = elsewhere or bool(rival and rival.wins)
    unit = min(float(main_height(fits)[k]), float(fits.explained[k].max()))  # as wide as it is here
    tall = sum(p.height > ALIEN * unit for p in peaks)
    outnumbered = tall >= max(SEVERAL, len(agreement.agree))
    return elsewhere or outnumbered or _misshapen(fits, k) > 1


def _misshapen(fits: Fits, k: int) -> float:
    """How far the strongest band's shape is another's, 1 at the threshold."""
    return float(max(fits.misfit[k] / MISFIT, fits.beside[0][k] / MISSHAPEN))


def is_far(fits: Fits, k: int, agreement: Agreement, peaks: tuple[Peak, ...]) -> bool:
    """A shift that isn't believed, beside more than a trace of a band that is none of its own."""
    tallest = max((p.height for p in peaks), default=0.0)
    return agreement.factor is not None and bool(tallest > TRACE * main_height(fits)[k])


def is_faint(fits: Fits, k: int) -> bool:
    """Nothing of the mineral stands out of the noise."""
    uncertain = has_scale(fits.grid.model) and fits.gain[k] < LEAST_GAIN * fits.gain_std[k]
    return bool(uncertain or fits.significance[k] < LEAST_GAIN * _shared(fits, k))


def _shared(fits: Fits, k: int) -> float:
    """By how much a sum over many points is less certain, neighbours sharing their noise."""
    return float(np.sqrt(fits.correlation[k]))


def main_height(fits: Fits) -> Array:
    """(B,) the height to compare foreign bands with: ν1's in the reference state, at most.

    Without a neuron for the scale, the gain is shared with the code and means nothing.
    """
    if has_scale(fits.grid.model):
        return np.asarray(np.maximum(fits.gain, LEAST_GAIN * fits.gain_std))
    return np.asarray(np.maximum(fits.explained.max(axis=1), 1e-300))
