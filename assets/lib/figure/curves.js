// What is drawn over an axis: the noisy measurement, the reference, the curve with its fill, and
// the bracket at half the main band's height. Each is a trace of Plotly's.

import { channels, color, isDark } from "../page.js";
import { mainBand } from "./panels.js";

/** @typedef {import("./figure.js").Scene} Scene @typedef {import("./panels.js").Panel} Panel */

const pale = (/** @type {string} */ hue) => `rgba(${channels(hue)},${isDark() ? 0.29 : 0.2})`;

/** @param {Panel} panel @param {{x: number[], y: Function}} part @param {ArrayLike<number>} values */
const line = (panel, kind, part, values, style, more = {}) => ({
  type: "scatter", mode: "lines", uid: `${kind}-${panel.name}`, x: part.x, y: part.y(values),
  xaxis: panel.x, yaxis: panel.y, hoverinfo: "skip", line: { simplify: false, ...style }, ...more,
});

/** @param {Scene} scene @param {Panel} panel */
const noise = ({ grey }, panel) =>
  line(panel, "noise", panel.points, grey, { color: color("raw"), width: 1 });

/** @param {Scene} scene @param {Panel} panel */
const file = ({ behind }, panel) => line(panel, "file", panel.points, behind, { color: color("ink-3"), width: 1 });

/** @param {Scene} scene @param {Panel} panel */
const reference = ({ model }, panel) => line(panel, "reference", panel.part, model.reference,
  { color: color("raw"), width: 1.25, dash: "4px,3px", simplify: true });

// The full axis is one curve: its fill takes each window's hue from where the window's part begins.
function fullFill({ windows, full }) {
  const [start, stop] = full.range, share = (x) => (x - start) / (stop - start);
  const hues = windows.map(({ hue }) => pale(color(hue)));
  const inner = windows.slice(1).flatMap(({ from }, k) => [[share(from), hues[k]], [share(from), hues[k + 1]]]);
  const colorscale = [[0, hues[0]], ...inner, [1, hues[hues.length - 1]]];
  return { fillgradient: { type: "horizontal", start, stop, colorscale } };
}

/** @param {Scene} scene @param {Panel} panel @param {ArrayLike<number>} spectrum */
function curve(scene, panel, spectrum) {
  const fill = { fill: "tozeroy", fillcolor: pale(color(panel.hue)), ...(panel.name === "full" ? fullFill(scene.panels) : {}) };
  const hover = { hoverinfo: "x+y", hovertemplate: "%{y:.3f}<extra></extra>" };
  return line(panel, "curve", panel.part, spectrum,
    { color: color("ink"), width: scene.projected ? 3 : 1.75 }, { ...fill, ...hover });
}

/** @param {Scene} scene @param {ArrayLike<number>} spectrum */
function bracket({ panels: { main, lens } }, spectrum) {
  const band = mainBand(main, spectrum);
  return {
    type: "scatter", mode: "lines", uid: "bracket", xaxis: lens.x, yaxis: lens.y, hoverinfo: "skip",
    x: [band.left, band.right], y: [band.height / 2, band.height / 2], cliponaxis: true,
    line: { color: color("structure"), width: 2.5 },
  };
}

/** All of them, the curve on top in each panel. @param {Scene} scene @param {ArrayLike<number>} spectrum @returns {any[]} */
export function curves(scene, spectrum) {
  const all = scene.shown.flatMap((panel) => [
    ...(scene.behind ? [file(scene, panel)] : []),
    ...(scene.grey && panel.name !== "lens" ? [noise(scene, panel)] : []),
    ...(scene.showReference ? [reference(scene, panel)] : []),
    curve(scene, panel, spectrum),
  ]);
  return scene.full ? all : [...all, bracket(scene, spectrum)];
}

// ---- a simulated measurement

const SEED = 12345; // the same noise for the same laser: a slider must not make it flicker

/** Standard normal numbers, always the same. @param {number} count */
export function normals(count) {
  let seed = SEED;
  const random = () => {
    seed = (seed * 1103515245 + 12345) % 2147483648;
    return (seed + 1) / 2147483650;
  };
  return Float32Array.from({ length: count }, () =>
    Math.sqrt(-2 * Math.log(random())) * Math.cos(2 * Math.PI * random()));
}

/** Its standard deviation on an intensity, at so many counts on the main band. @param {number} intensity @param {number} counts @param {number} readout */
export const deviation = (intensity, counts, readout) =>
  Math.sqrt(Math.max(intensity, 0) / counts + (readout / counts) ** 2);
