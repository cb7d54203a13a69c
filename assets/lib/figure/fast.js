// A frame while a slider moves: only SVG paths are rewritten. The one place that reads Plotly's
// internals (axis mappings, the paths of our traces); where they are not as expected, prepare()
// gives null and the figure is drawn by Plotly.react.

import { axisName, mainBand } from "./panels.js";

/** @typedef {import("./figure.js").Scene} Scene */

const FLAT = 0.04; // px off the straight between its neighbours: a point that nobody sees

/**
 * Points on the straight between their neighbours are left out: drawing them costs.
 * @param {{px: number[], zero: number, scale: number}} entry @param {number[]} values
 */
export function path({ px, zero, scale }, values) {
  const last = px.length - 1;
  let d = "", x = px[0], y = zero + scale * values[0], skipped = 0;
  for (let i = 0, here = y; i <= last; i++) {
    const next = i < last ? zero + scale * values[i + 1] : here;
    const straight = i && i < last ? y + ((next - y) * (px[i] - x)) / (px[i + 1] - x) : NaN;
    if (Math.abs(here - straight) < FLAT && skipped < 6) skipped++;
    else {
      d += (i ? "L" : "M") + px[i].toFixed(2) + "," + here.toFixed(2);
      [x, y, skipped] = [px[i], here, 0];
    }
    here = next;
  }
  return d;
}

/** @param {any} element Plotly's @param {import("./panels.js").Panel} panel */
function entryOf(element, kind, panel) {
  const group = element.querySelector(`.trace${CSS.escape(`${kind}-${panel.name}`)}`);
  if (!group) return null;
  const [x, y] = [panel.x, panel.y].map((name) => element._fullLayout[axisName(name)]);
  const part = kind === "noise" ? panel.points : panel.part;
  return { kind, part, px: part.x.map((v) => x.l2p(v)), scale: y.l2p(1) - y.l2p(0), zero: y.l2p(0),
    line: group.querySelector("path.js-line"), fill: kind === "curve" ? group.querySelector("path.js-fill") : null };
}

function bracketOf(element, { lens }) {
  const line = element.querySelector(".tracebracket")?.querySelector("path.js-line");
  const [x, y] = [lens.x, lens.y].map((name) => element._fullLayout[axisName(name)]);
  return line && { line, x: (v) => x.l2p(v), y: (v) => y.l2p(v) };
}

// Known answer: our path of what is drawn now must be Plotly's own, to half a pixel.
function asDrawn(entry, spectrum) {
  const start = /M([-\d.]+),([-\d.]+)/;
  const own = start.exec(path(entry, entry.part.y(spectrum))), its = start.exec(entry.line.getAttribute("d"));
  return !!its && [1, 2].every((k) => Math.abs(+own[k] - +its[k]) < 0.5);
}

/**
 * What rewrites the paths of a drawn figure, or null.
 * @param {any} element @param {Scene} scene @param {ArrayLike<number>} spectrum the drawn one
 * @returns {((spectrum: ArrayLike<number>, grey: ArrayLike<number> | null) => void) | null}
 */
export function prepare(element, { shown, panels, full }, spectrum) {
  try {
    const entries = ["curve", "noise"].flatMap((kind) => shown.map((panel) => entryOf(element, kind, panel)));
    const bracket = full ? null : bracketOf(element, panels);
    const known = entries.slice(0, shown.length).every(Boolean) && (full || bracket);
    if (!known || !asDrawn(entries[0], spectrum)) return null;
    const paths = entries.filter(Boolean);
    return (moved, grey) => {
      for (const entry of paths) rewrite(entry, entry.kind === "noise" ? grey : moved);
      if (bracket) rewriteBracket(bracket, mainBand(panels.main, moved));
    };
  } catch {
    return null;
  }
}

function rewrite(entry, values) {
  const { px, line, fill } = entry, d = path(entry, entry.part.y(values));
  line.setAttribute("d", d);
  const zero = entry.zero.toFixed(2);
  if (fill) fill.setAttribute("d", `${d}L${px[px.length - 1].toFixed(2)},${zero}L${px[0].toFixed(2)},${zero}Z`);
}

function rewriteBracket({ line, x, y }, band) {
  const level = y(band.height / 2).toFixed(2);
  line.setAttribute("d", `M${x(band.left).toFixed(2)},${level}L${x(band.right).toFixed(2)},${level}`);
}
