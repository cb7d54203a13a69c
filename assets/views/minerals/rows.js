// A row of the list of minerals: name, formula, its reference as a small line, where its band is.

import { append } from "../../lib/page.js";

const SVG = "http://www.w3.org/2000/svg";
const WIDTH = 190, HEIGHT = 34, STEP = 1; // px; px between points
// cm⁻¹ of the line's two parts, and where they stand in it
const PARTS = [[100, 1800, 0, 150], [2700, 3800, 158, 190]];

/** @typedef {{name: string, label: string, formula: string, hue: string, own: boolean, bands: [number, number, number][]}} Known */

/** Where a wavenumber stands, px; null: in neither part. @param {number} at */
function along(at) {
  const part = PARTS.find(([low, high]) => at >= low && at <= high);
  return part ? part[2] + ((at - part[0]) / (part[1] - part[0])) * (part[3] - part[2]) : null;
}

/** @type {WeakMap<Known, string>} */
const lines = new WeakMap();

// The sum of its bands, highest point at the top; a band narrower than a pixel is as wide as one.
function path(one) {
  const known = lines.get(one);
  if (known) return known;
  const parts = PARTS.map(([low, high, from, to]) => {
    const unit = (high - low) / (to - from), heights = [];
    for (let x = from; x <= to; x += STEP) {
      const at = low + (x - from) * unit;
      let y = 0;
      for (const [position, height, width] of one.bands) {
        const u = (at - position) / Math.max(width, 1.2 * unit);
        if (u > -12 && u < 12) y += height / (1 + 4 * u * u);
      }
      heights.push([x, y]);
    }
    return heights;
  });
  const top = Math.max(...parts.flat().map(([, y]) => y), 1e-9), scale = (HEIGHT - 4) / top;
  const drawn = parts.map((points) =>
    "M" + points.map(([x, y]) => `${x} ${(HEIGHT - 2 - y * scale).toFixed(1)}`).join("L")).join("");
  lines.set(one, drawn);
  return drawn;
}

function picture(one, band) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", `0 0 ${WIDTH} ${HEIGHT}`);
  svg.setAttribute("aria-hidden", "true");
  const add = (name, values) => {
    const part = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(values)) part.setAttribute(key, String(value));
    svg.append(part);
  };
  const [low, high] = band ? [along(band[0] - band[1]), along(band[0] + band[1])] : [null, null];
  if (low !== null && high !== null)
    add("rect", { class: "asked", x: Math.min(low, (low + high) / 2 - 1), y: 0, width: Math.max(high - low, 2), height: HEIGHT });
  add("path", { d: path(one) });
  return svg;
}

/** A formula with its numbers lowered. @param {Element} place @param {string} formula */
function lowered(place, formula) {
  formula.split(/(?<=[A-Za-z)\]])(\d+)/).forEach((piece, k) =>
    piece && place.append(k % 2 ? Object.assign(document.createElement("sub"), { textContent: piece }) : piece));
}

/** @param {Known} one @param {{at: string | null, height: string | null}} hit @param {[number, number] | null} band @param {boolean} current */
export function row(one, hit, band, current) {
  const button = document.createElement("button");
  button.className = "mineral-row";
  button.dataset.mineral = one.name;
  if (current) button.setAttribute("aria-current", "true");
  const words = append(button, "span", { className: "words" });
  append(words, "span", { className: "name", textContent: one.label });
  lowered(append(words, "span", { className: "caption" }), one.formula);
  button.append(picture(one, band));
  const numbers = append(button, "span", { className: "numbers" });
  if (hit.at) append(numbers, "span", { textContent: hit.at });
  if (hit.height) append(numbers, "span", { className: "caption", textContent: `${hit.height} %` });
  if (!hit.at) append(numbers, "span", { className: `square hue-${one.hue}` });
  return button;
}
