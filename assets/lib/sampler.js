// Points of a stretch of the axis, finer ones where a band is narrow: straight lines would cut
// its top off and show corners in the lens.

const FINER = 6; // points drawn for one of the model's where a band is narrow

/** Between s[i] and s[i + 1], u of the way (0 to 1). @param {ArrayLike<number>} s @param {number} i @param {number} u */
export function catmullRom(s, i, u) {
  const a = s[i - 1], b = s[i], c = s[i + 1], d = s[i + 2];
  return b + 0.5 * u * (c - a + u * (2 * a - 5 * b + 4 * c - d + u * (3 * (b - c) + d - a)));
}

/**
 * @typedef {{x: number[], y: (spectrum: ArrayLike<number>) => number[]}} Sampled
 * The wavenumbers drawn, and a spectrum's values there.
 */

/**
 * @param {ArrayLike<number>} axis cm⁻¹, ascending
 * @param {number} low @param {number} high ends of the stretch
 * @param {[number, number]} near where points are finer
 * @returns {Sampled}
 */
export function sampler(axis, low, high, near = [0, 0]) {
  /** @type {number[]} */
  const x = [];
  /** @type {[number, number][]} */
  const at = [];
  for (let i = 0; i < axis.length; i++) {
    const fine = axis[i] >= near[0] && axis[i + 1] <= near[1] && i > 0 && i + 2 < axis.length;
    for (let f = 0; f < (fine ? FINER : 1); f++) {
      const here = f ? axis[i] + (f / FINER) * (axis[i + 1] - axis[i]) : axis[i];
      if (here < low || here > high) continue;
      x.push(here);
      at.push([i, f / FINER]);
    }
  }
  return { x, y: (s) => at.map(([i, u]) => (u ? catmullRom(s, i, u) : s[i])) };
}

/** The stretch around a place, all of it fine. @param {ArrayLike<number>} axis @param {number} at @param {number} reach */
export const around = (axis, at, reach) =>
  sampler(axis, at - reach, at + reach, [at - reach - 4, at + reach + 4]);
