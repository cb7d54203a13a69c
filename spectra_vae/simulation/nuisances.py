"""What nature, instruments and their software do to a spectrum: one switch each."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np

from ..text.message import SpectraVaeError

MOST_BANDS = 20
LARGEST = 100.0


class NuisanceError(SpectraVaeError):
    """A switch that doesn't exist, or an amount that makes no sense."""


@dataclass(frozen=True)
class Nuisances:
    """Switches of the dirty simulator; everything is off by default.

    An *amount* is a standard deviation or a largest value and concerns every spectrum, a
    *probability* says how many spectra are concerned, a *number* counts bands. They stand in the
    order in which light meets them. Each draws from a generator of its own, so that one switch
    doesn't change what another one does.

    Parameters
    ----------
    position
        Amount: σ of each band's own offset, cm⁻¹.
    width
        Amount: σ of the natural logarithm of each band's own width; areas are kept.
    mixing
        Probability that every band gets a mixing of its own, .2 to 1; areas and FWHM are kept.
    orientation
        Probability that a crystal's orientation changes the bands' heights, as
        :class:`~.instrument.Instrument` does it, which then needs no orientation of its own.
    unlisted
        Number of weak bands that the table lacks: .5 to 4 % of the main one's height, FWHM 6 to 20
        cm⁻¹, half of them beside known bands, half anywhere. They are the mineral's own.
    foreign
        Number of bands that the mineral can't have: .2 to 1 of the main one's height, FWHM 6 to 18
        cm⁻¹ at the table's resolution, mixing 0 to 1, at least 25 cm⁻¹ from the mineral's bands.
    second
        Amount: the share of a second phase in the summed band area, each at its reference.
    offset
        Amount: σ of the axis' constant error, cm⁻¹.
    stretch
        Amount: σ of the axis' relative error.
    bend
        Probability that an axis was filled linearly in cm⁻¹ between its ends where the detector's
        points are even in nm; in stretches of at most 1400 cm⁻¹, as one exposure records them.
    resolution
        Probability that the instrument's resolution is another one, FWHM 2 to 20 cm⁻¹
        (log-uniform); where it is coarser than the table's, the slit's share is convolved in.
    triangle
        Probability that the slit function of a coarser instrument is a triangle, not a Gaussian.
    response
        Amount: σ of the logarithm of the response's tilt (middle to end) and of its curvature.
    etalon
        Amount: largest relative height of ripples in the response, period 40 to 200 cm⁻¹.
    spikes
        Amount: mean number of cosmic rays beside the instrument's own, 1 to 4 points wide,
        anywhere, ends included.
    clipping
        Probability that the detector is full at .4 to .95 of the way from the lowest to the highest
        reading, cosmic rays apart.
    interpolation
        Probability that only every 2nd to 4th point was measured, no coarser than the resolution
        (but for every 2nd), and the rest filled in, by straight lines or a cubic spline.
    smoothing
        Probability of a running mean or a Savitzky–Golay filter.
    stitching
        Probability of a seam between two ranges: a factor (σ .1) and an offset (σ .1 of the
        strongest band) between them; in half of these the ranges overlap by up to 60 cm⁻¹, where
        their points alternate.
    blocks
        Probability that one block of points, at an end or inside but not at the strongest band,
        holds one repeated value: zero, or the last one before it.
    quantising
        Probability that values are rounded to 2⁻⁷ to 2⁻¹² of the highest.
    """

    position: float = 0.0
    width: float = 0.0
    mixing: float = 0.0
    orientation: float = 0.0
    unlisted: int = 0
    foreign: int = 0
    second: float = 0.0
    offset: float = 0.0
    stretch: float = 0.0
    bend: float = 0.0
    resolution: float = 0.0
    triangle: float = 0.0
    response: float = 0.0
    etalon: float = 0.0
    spikes: float = 0.0
    clipping: float = 0.0
    interpolation: float = 0.0
    smoothing: float = 0.0
    stitching: float = 0.0
    blocks: float = 0.0
    quantising: float = 0.0

    def __post_init__(self) -> None:
        for name in SWITCHES:
            _check(name, getattr(self, name))

    def only(self, *names: str) -> Nuisances:
        """These switches as they stand, the others off."""
        for name in names:
            if name not in SWITCHES:
                known = ", ".join(SWITCHES)
                raise NuisanceError("error.unknown_nuisance", name=str(name)[:80], known=known)
        return Nuisances(**{name: getattr(self, name) for name in names})

    def without(self, *names: str) -> Nuisances:
        """All switches as they stand but these, which are off."""
        return self.only(*(name for name in SWITCHES if name not in names))


SWITCHES = tuple(field.name for field in fields(Nuisances))
SHARES = (
    *("mixing", "orientation", "second", "bend", "resolution", "triangle", "clipping"),
    *("interpolation", "smoothing", "stitching", "blocks", "quantising"),
)
NUMBERS = ("unlisted", "foreign")


def _check(name: str, value: object) -> None:
    most = 1.0 if name in SHARES else MOST_BANDS if name in NUMBERS else LARGEST
    kinds = (int, np.integer) if name in NUMBERS else (int, float, np.number)
    fits = isinstance(value, kinds) and not isinstance(value, bool)
    if not fits or not 0 <= value <= most:  # type: ignore[operator]
        raise NuisanceError(
            "error.limits", name=name, value=str(value)[:40], low=0, high=f"{most:g}"
        )


CLEAN = Nuisances()
# What measurements of one mineral, pure and normal, are like. Sizes of the bands' scatter: three
# measured gypsums; axes: public collections (a sixth of whose files is off by more than 2 cm⁻¹).
NATURE = Nuisances(
    position=1.0,
    width=0.2,
    mixing=1.0,
    orientation=1.0,
    unlisted=3,
    offset=1.0,
    stretch=3e-4,
    bend=0.02,
    resolution=0.7,
    triangle=0.3,
    response=0.15,
    etalon=0.01,
    spikes=0.5,
    clipping=0.03,
    interpolation=0.3,
    smoothing=0.3,
    stitching=0.1,
    blocks=0.03,
    quantising=0.2,
)
