"""What a detector or a program put into a spectrum that no light did: arrays in, masks out.

Cosmic rays, blocks of one repeated value, wild ends, and steps where two ranges were joined. Each
is told by what no band can be: narrower than the file's own bands, without any noise, or a jump
between two quiet stretches.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import maximum_filter1d

from .spectrum import gaps

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

SPIKE_SIGMA = 8.0  # of the noise that a spike is high
SPIKE_POINTS = 4  # that stand above half of a spike's height, at most
BASE_REACH = 7  # points either side of a top, the last of which are its base
BAND_REACH = 30  # points either side in which a band's own width is looked for
STEEPEST = 0.75  # of its height that a band may gain in one step, whatever its width
SLOPE = 1.43  # heights in a width: the steepest flank of a Gaussian or a Lorentzian
NARROWEST = 4.0  # cm⁻¹: the narrowest band worth restoring
SHARP_POINTS = 2.5  # of full width at half height: no optics make a band as sharp …
SHARPER = 0.5  # … and as narrow against the file's bands
EMPTY = 0.06  # of the height that may be left three points from the top of such a spike
CALM = 0.3  # of the height by which the base of any spike may bend
SHARE_KEPT = 0.05  # of a spike's height: lower points beside it are left in
LAG = 6  # points over which the noise of a file is looked at, beyond what smoothing joins

BLOCK_POINTS = 12  # fewer of one value are no block
BLOCK_CHANCE = 1e-6  # that the file's own rounding makes a block as long
BLOCKS_OF_ONE_VALUE = 3  # more, and it is a level of the file that comes back
MAX_BLOCKS = 0.5  # of a file: beyond, its zeros are how it was made

END_POINTS = 4  # that may be wild at an end
END_TIMES = 5.0  # as far as the next points move among themselves

STEP_POINTS = 24  # either side of a step that have to be quiet
STEP_SIGMA = 12.0  # of its own error that a step is high: measured noise alone makes 8
STEP_QUIET = 1.6  # times the file's noise that these points may scatter
STEP_SHARE = 0.7  # of a step's height that lies between two points
STEP_BENT = 0.5  # of a step's height that the level may bend there: a band's flank falls again


def texture(y: Array, sigma: Array) -> Array:
    """``sigma`` (B, N) as large as y (B, N) really scatters over some points.

    Interpolated and smoothed files look quiet from point to point and aren't.
    """
    bent = y[:, LAG:-LAG] - (y[:, : -2 * LAG] + y[:, 2 * LAG :]) / 2
    scatter = 1.4826 * np.median(np.abs(bent) / sigma[:, LAG:-LAG], axis=1) / np.sqrt(1.5)
    return np.asarray(sigma * np.maximum(scatter, 1.0)[:, None])


def spikes(x: Array, y: Array, sigma: Array, noise: Array) -> Mask:
    """(B, N) True at cosmic rays in y (B, N) on the axis x (N,).

    ``sigma`` (B, N) is the noise from point to point, ``noise`` that over some points: the same,
    or more where a file was smoothed, see :func:`texture`.

    Up to four points that no band can be: they gain three quarters of their height in one step,
    more than the flank of any band; or they are sharper than the optics of a spectrometer allow
    and much narrower than the file's own bands. Where points stand so far apart that a band rises
    in one step, nothing is a spike, nor beside a gap of the axis.
    """
    found = np.zeros(y.shape, dtype=bool)
    if y.shape[1] < 2 * BAND_REACH:
        return found
    rows, at = _tops(y, noise)
    ends = gaps(x)
    far = ((at[:, None] <= ends - BASE_REACH) | (at[:, None] > ends + BASE_REACH)).all(axis=1)
    rows, at = rows[far], at[far]
    if not len(rows):
        return found
    event = _above_chord(y, rows, at, BASE_REACH)
    tall = event[:, BASE_REACH] > SPIKE_SIGMA * noise[rows, at]
    rows, at, event = rows[tall], at[tall], event[tall]
    noise, spacing = noise[rows, at], np.gradient(x)[at]
    one_step = _in_one_step(event, noise) & (spacing <= STEEPEST * NARROWEST / SLOPE)
    before, after = np.maximum(at - BASE_REACH, 0), np.minimum(at + BASE_REACH, y.shape[1] - 1)
    sharp = _sharp(event, y[rows, after] - y[rows, before], sigma[rows, at], spacing)
    if sharp.any():
        narrow = _narrowest(y, rows, at, spacing, one_step | sharp)
        sharp &= _width(event) * spacing < SHARPER * narrow
    for k in np.flatnonzero(one_step | sharp):
        found[rows[k], _stretch(event[k], at[k], noise[k])] = True
    return found


def _tops(y: Array, noise: Array) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Rows and places of the local maxima of y (B, N) beside a step of many sigmas."""
    rising = np.diff(y, axis=1)
    steep = np.zeros(y.shape, dtype=bool)
    far = SPIKE_SIGMA / 2 * noise[:, 1:]  # a height may be gained in two steps
    steep[:, 1:], steep[:, :-1] = rising > far, -rising > far
    steep = maximum_filter1d(steep, 2 * SPIKE_POINTS + 1, axis=1)
    top = np.zeros(y.shape, dtype=bool)
    top[:, 1:-1] = (rising[:, :-1] >= 0) & (rising[:, 1:] < 0) & steep[:, 1:-1]
    top[:, :END_POINTS], top[:, -END_POINTS:] = False, False  # these are wild ends, or none
    rows, at = np.nonzero(top)
    around = y[rows, at - SPIKE_POINTS] + y[rows, at + SPIKE_POINTS]
    some = y[rows, at] - around / 2 > SPIKE_SIGMA / 2 * noise[rows, at]
    return rows[some], at[some]


def _in_one_step(event: Array, noise: Array) -> Mask:
    """(C,) whether events (C, M) gain or lose most of their height in a step, and are short."""
    middle = event.shape[1] // 2
    height = event[:, middle]
    near = event[:, middle - SPIKE_POINTS : middle + SPIKE_POINTS + 1]
    steepest = np.abs(np.diff(near, axis=1)).max(axis=1)
    short = _run(event > height[:, None] / 2, middle) <= SPIKE_POINTS
    base = np.abs(event[:, [0, 1, 2, -3, -2, -1]]).max(axis=1)
    calm = base < CALM * height + 3 * noise
    return np.asarray(short & calm & (steepest > STEEPEST * height))


def _sharp(event: Array, slope: Array, noise: Array, spacing: Array) -> Mask:
    """(C,) whether events (C, M) are sharper than optics allow, and nothing is left beside them.

    ``slope`` (C,) is how far the chord below them rises or falls.
    """
    middle = event.shape[1] // 2
    beside = np.abs(event[:, [middle - 3, middle - 4, middle + 3, middle + 4]]).max(axis=1)
    width, height = _width(event), event[:, middle]
    empty = beside < EMPTY * height + 3 * noise
    alone = height - np.abs(slope) > height / 2  # not the shoulder of something larger
    return np.asarray((width < SHARP_POINTS) & (width * spacing < NARROWEST) & empty & alone)


def _narrowest(
    y: Array, rows: NDArray[np.intp], at: NDArray[np.intp], spacing: Array, left_out: Mask
) -> Array:
    """(C,) full width at half height, cm⁻¹, of the narrow ones among the row's other tops.

    A tenth of what the tops have in height may be narrower; infinitely narrow where there is none.
    """
    out = np.zeros(len(rows))
    wide = _above_chord(y, rows, at, BAND_REACH)
    height = np.where(left_out, 0.0, np.maximum(wide[:, BAND_REACH], 0.0))
    width = _run(wide > wide[:, BAND_REACH, None] / 2, BAND_REACH) * spacing
    for row in np.unique(rows[left_out]):
        mine = np.flatnonzero((rows == row) & (height > 0))
        if len(mine):
            mine = mine[np.argsort(width[mine])]
            weight = np.cumsum(height[mine])
            out[rows == row] = width[mine][np.searchsorted(weight, 0.1 * weight[-1])]
    return out


def _above_chord(y: Array, rows: NDArray[np.intp], at: NDArray[np.intp], reach: int) -> Array:
    """(C, 2 reach + 1) y around the points ``at``, above the chord between its two ends.

    An end is the middle one of its last three points.
    """
    index = np.clip(at[:, None] + np.arange(-reach, reach + 1), 0, y.shape[1] - 1)
    event = y[rows[:, None], index]
    left, right = (_middle(part)[:, None] for part in (event[:, :3], event[:, -3:]))
    along = np.clip(np.arange(2 * reach + 1) - 1, 0, 2 * reach - 2) / (2 * reach - 2)
    return np.asarray(event - left * (1 - along) - right * along)


def _middle(three: Array) -> Array:
    """(C,) the middle ones of three values (C, 3)."""
    return np.asarray(three.sum(axis=1) - three.max(axis=1) - three.min(axis=1))


def _run(inside: Mask, middle: int) -> NDArray[np.intp]:
    """(C,) how many points without a break are ``inside`` (C, M) around the middle one."""
    right = np.cumprod(inside[:, middle:], axis=1).sum(axis=1)
    left = np.cumprod(inside[:, middle::-1], axis=1).sum(axis=1)
    return np.asarray(right + left - 1)


def _width(event: Array) -> Array:
    """(C,) full width at half height of events (C, M), in points, between its points."""
    middle = event.shape[1] // 2
    share = event / np.maximum(event[:, middle, None], 1e-300)
    total = np.zeros(len(event))
    for side in (share[:, middle:], share[:, middle::-1]):
        inner = np.cumprod(side > 0.5, axis=1).sum(axis=1)
        inner = np.minimum(inner, side.shape[1] - 1)
        each = np.arange(len(side))
        above, below = side[each, inner - 1], np.minimum(side[each, inner], 0.5)
        total += inner - 1 + (above - 0.5) / np.maximum(above - below, 1e-300)
    return total


def _stretch(event: Array, at: int, noise: float) -> slice:
    """Where a spike's own points stand, from its event (M,) and the place of its top."""
    middle = len(event) // 2
    high = event > max(SHARE_KEPT * float(event[middle]), 3 * noise)
    left = int(np.cumprod(high[middle::-1])[: SPIKE_POINTS + 1].sum())
    right = int(np.cumprod(high[middle:])[: SPIKE_POINTS + 1].sum())
    return slice(max(at - left + 1, 0), at + right)


def constant_blocks(y: Array) -> Mask:
    """(N,) True in blocks of one repeated value that the rounding of y (N,) doesn't explain.

    The highest value is left out: a full detector repeats it, see ``saturation``.
    """
    nowhere = np.zeros(len(y), dtype=bool)
    equal = np.diff(y) == 0
    if not equal.any():
        return nowhere
    first = np.concatenate([[0], np.flatnonzero(~equal) + 1])
    length = np.diff(np.concatenate([first, [len(y)]]))
    long = (length >= BLOCK_POINTS) & (y[first] != y.max())
    if not long.any():
        return nowhere
    for run in np.flatnonzero(long):
        same = (y[first] == y[first[run]]) & (length >= BLOCK_POINTS / 3)
        others = length[length < length[run] / 2]
        tie = max(float((others - 1).sum() / max(others.sum(), 1)), 1 / len(y))
        rare = len(y) * tie ** (length[run] - 1.0) < BLOCK_CHANCE
        long[run] = rare and same.sum() <= BLOCKS_OF_ONE_VALUE
    blocks = np.repeat(long, length)
    return blocks if blocks.mean() <= MAX_BLOCKS else nowhere


def wild_ends(y: Array, sigma: Array) -> Mask:
    """(N,) True at up to four first or last points of y (N,) that jump away from all that follows.

    A band that the range cuts also ends high, but its next points climb, too.
    """
    wild = np.zeros(len(y), dtype=bool)
    if len(y) < 4 * END_POINTS:
        return wild
    for way in (slice(None), slice(None, None, -1)):
        turned = y[way]
        moves = np.abs(np.diff(turned[: 4 * END_POINTS]))
        if moves[:END_POINTS].max() <= SPIKE_SIGMA * sigma[way][0]:
            continue
        for count in range(END_POINTS, 0, -1):
            calm = max(float(moves[count : count + 2 * END_POINTS].max()), float(sigma[way][count]))
            if (
                moves[count - 1] > END_TIMES * calm
                and moves[count - 1] > SPIKE_SIGMA * sigma[way][0]
            ):
                wild[way][:count] = True
                break
    return wild


def steps(x: Array, y: Array, sigma: Array, left_out: Mask) -> list[tuple[int, float]]:
    """Where ranges were joined with a step: the first index beyond it, and how high y (N,) steps.

    Between two points, the level changes by far more than its error, and both sides are quiet:
    no band stands there. No step is looked for beside points ``left_out`` (N,) and beside gaps of
    the axis x (N,).
    """
    found = list[tuple[int, float]]()
    jumps = _jumps(y, sigma)
    ends = gaps(x) if jumps else np.arange(0)
    for k in jumps:
        near = slice(k - STEP_POINTS, k + STEP_POINTS)
        beside = ((ends >= near.start) & (ends < near.stop)).any()
        if beside or left_out[near].any() or (found and k - found[-1][0] < STEP_POINTS):
            continue
        height, error, rough, bent = _step(y[near], float(np.mean(sigma[near])))
        certain = abs(height) > STEP_SIGMA * error and bent < STEP_BENT * abs(height)
        if rough < STEP_QUIET and certain:
            found.append((k, height))
    return found


def _jumps(y: Array, sigma: Array) -> list[int]:
    """Where y (N,) jumps in one step by most of what its means over some points differ."""
    half, first, end = STEP_POINTS // 4, STEP_POINTS, len(y) - STEP_POINTS
    if end <= first:
        return []
    total = np.concatenate([[0.0], np.cumsum(y)])
    before, here, after = (total[first + s : end + s] for s in (-half, 0, half))
    change = np.abs(after - 2 * here + before) / half
    jump = np.abs(y[first:end] - y[first - 1 : end - 1])
    certain = change > STEP_SIGMA * sigma[first:end] / np.sqrt(half)
    return [first + int(k) for k in np.flatnonzero(certain & (jump > STEP_SHARE * change))]


def _step(y: Array, sigma: float) -> tuple[float, float, float, float]:
    """Height and error of a step in the middle of y (2 M,), how y scatters, in sigmas, and by how
    much its slopes on both sides differ over M points.
    """
    m = len(y) // 2
    along = np.arange(len(y)) - (m - 0.5)
    beyond = (along > 0).astype(float)
    columns = np.stack([np.ones_like(along), along / m, beyond, beyond * along / m], axis=1)
    inverse = np.linalg.inv(columns.T @ columns)
    found = inverse @ (columns.T @ y)
    left = y - columns @ found
    rough = float(np.sqrt(left @ left / (len(y) - 4))) / max(sigma, 1e-300)
    return float(found[2]), sigma * float(np.sqrt(inverse[2, 2])), rough, abs(float(found[3]))
