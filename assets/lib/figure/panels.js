// The figure's panels: one to three windows side by side, a lens on the main band, or the full axis.
// Each is a stretch of the axis with its scales; which ones there are, the model's header says.

import { around, sampler } from "../sampler.js";

/**
 * @typedef {import("../sampler.js").Sampled} Sampled
 * @typedef {object} Panel
 * @property {string} name
 * @property {[number, number]} range cm⁻¹
 * @property {number} magnify how many times the first window's scale
 * @property {string} hue
 * @property {Record<string, string>} label by language
 * @property {string} x Plotly's axis: x, x2, x3
 * @property {string} y
 * @property {Sampled} part points of a smooth curve
 * @property {Sampled} points the model's own: noise is none finer
 */

const NAMES = ["left", "right", "third"];
export const GAP = 0.032; // between the windows, of the figure's width
export const REACH = 16; // cm⁻¹ either side of its place in the table where a band is looked for
const thousandth = (/** @type {number} */ share) => Math.round(1000 * share) / 1000;

/** @param {string} name "xaxis2" for "x2" */
export const axisName = (name) => name.replace(/^[xy]/, "$&axis");

/** @param {import("../decoder.js").Model} model */
export function panelsOf(model) {
  const axis = model.wavenumber, { windows, lens, main, bands } = model.mineral;
  const make = (/** @type {any} */ what) => {
    const [low, high] = what.range;
    return { magnify: 1, ...what, part: sampler(axis, low, high, what.near), points: sampler(axis, low, high) };
  };
  const number = (/** @type {number} */ k) => (k ? String(k + 1) : "");
  /** @type {Panel[]} */
  const shown = windows.map((/** @type {any} */ one, /** @type {number} */ k) =>
    make({ ...one, name: NAMES[k], range: [one.low, one.high], near: lens, x: "x" + number(k), y: "y" + number(k) }));
  const [{ hue, label }] = shown, last = number(Math.max(2, shown.length));
  const ends = [axis[0], axis[axis.length - 1]];
  return {
    windows: shown,
    /** @type {Panel} */
    lens: make({ name: "lens", range: lens, hue, label, near: [lens[0] - 4, lens[1] + 4], x: "x" + last, y: "y" + last }),
    /** @type {Panel} */
    full: make({ name: "full", range: ends, hue, label, near: lens, x: "x", y: "y" }),
    main: around(axis, main, 60),
    /** @type {Map<number, Sampled>} by a band's position in the table */
    near: new Map(bands.map((/** @type {any} */ band) => [band.position, around(axis, band.position, REACH)])),
  };
}

/** Which window a place of the axis belongs to, shown in it or not. @param {{range: [number, number]}[]} windows @param {number} position */
export function windowAt(windows, position) {
  const found = windows.findIndex(({ range }) => position <= range[1]);
  return found < 0 ? windows.length - 1 : found;
}

/** Where windows lie side by side, of the figure's width: one cm⁻¹ is equally wide in all. @param {{range: [number, number]}[]} windows */
export function domains(windows) {
  const spans = windows.map(({ range }) => range[1] - range[0]);
  const unit = (1 - GAP * (spans.length - 1)) / spans.reduce((a, b) => a + b, 0);
  let from = 0;
  return spans.map((span) => {
    const ends = [thousandth(from), thousandth(from + span * unit)];
    from += span * unit + GAP;
    return ends;
  });
}

/** How high the windows' main band is and where it is half of that, on the finer grid. @param {Sampled} near @param {ArrayLike<number>} spectrum */
export function mainBand({ x, y: sampled }, spectrum) {
  const y = sampled(spectrum);
  let top = 0;
  for (let i = 0; i < y.length; i++) if (y[i] > y[top]) top = i;
  const half = y[top] / 2;
  const cross = (/** @type {number} */ direction) => {
    let i = top;
    while (y[i] > half && i > 0 && i < y.length - 1) i += direction;
    const p = y[i - direction] ?? y[i], q = y[i];
    return x[i] - (p === q ? 0 : (half - q) / (p - q)) * (x[i] - (x[i - direction] ?? x[i]));
  };
  return { height: y[top], left: cross(-1), right: cross(1) };
}
