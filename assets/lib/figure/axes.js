// The axes and where they stand: windows side by side with a break between them, the lens on a
// sheet of its own over the first, and the stretch it magnifies shaded behind the curve.

import { color } from "../page.js";
import { axisName, domains } from "./panels.js";

/** @typedef {import("./figure.js").Scene} Scene */

const MAGNIFIED = 6 / 5; // of a magnified window: its ticks stand as far apart as in the first, and a fifth more
const LENS_SPACE = { inset: 0.03, beside: 0.02, width: 0.375, low: 0.36, high: 0.955 }; // of the figure
const LENS_STEPS = [5, 10, 20, 50, 100, 200]; // cm⁻¹ between ticks
const LEAST_SPAN = 400; // cm⁻¹ of a window whose ticks stand 200 apart

/**
 * Where each panel stands, of the figure's width and height; narrow: the lens and the second
 * window under the first. The lens is where there is more room beside the main band, never over it.
 * @param {Scene} scene
 */
export function places({ panels: { windows }, model, narrow, top, bottom }) {
  if (narrow)
    return { windows: windows.map((_, k) => (k ? { x: below(k, windows.length), y: [0, 0.4] } : { x: [0, 1], y: [0.58, 1] })),
      lens: { x: [0.02, 0.4], y: [0, 0.4] } };
  const across = domains(windows), [[, end]] = across, [low, high] = windows[0].range;
  const main = (end * (model.mineral.main - low)) / (high - low), { inset, beside } = LENS_SPACE;
  const rooms = [main - beside - inset, end - inset - main - beside], right = rooms[1] > rooms[0];
  const wide = Math.min(LENS_SPACE.width, Math.max(...rooms)), from = right ? end - inset - wide : inset;
  const above = (LENS_SPACE.low * top - bottom) / (top - bottom); // of the height over zero
  return { windows: across.map((x) => ({ x, y: [0, 1] })),
    lens: { x: [from, from + wide], y: [above, LENS_SPACE.high] } };
}

// Where the windows after the first share the lower right of a narrow figure.
function below(k, count) {
  const share = 0.5 / (count - 1);
  return [0.5 + (k - 1) * share, k === count - 1 ? 1 : 0.46 + k * share];
}

// The hover box has a digit more than the ticks, which would take its format.
const across = (extra) => ({ hoverformat: ".1f", ticktext: extra.tickvals?.map(String), ...extra });

/** @param {number} size of letters, px */
const plain = (size) => ({
  fixedrange: true, zeroline: false, showgrid: false, ticks: "outside", ticklen: 4,
  tickcolor: color("line-2"), linecolor: color("line-2"), showline: true,
  tickfont: { size, color: color("ink-3") },
});

/** From low on, or the next hundred; the last window has its end, too. @param {[number, number]} range @param {boolean} last */
function ticks([low, high], last, narrow) {
  const step = (narrow && last ? 2 : 1) * (high - low < LEAST_SPAN ? 100 : 200);
  const first = 100 * Math.ceil(low / 100), span = high - first;
  const count = Math.floor((last ? span : span - 1) / step) + 1;
  return Array.from({ length: count }, (_, k) => first + k * step);
}

/** @param {[number, number]} range @param {number} main */
function lensTicks([low, high], main, narrow) {
  const span = high - low, aside = Math.round(0.375 * span);
  if (narrow) return [main - aside, main, main + aside].map(Math.round);
  const step = LENS_STEPS.find((one) => span / one <= 5) || LENS_STEPS[LENS_STEPS.length - 1];
  const first = Math.ceil(low / step) * step;
  return Array.from({ length: Math.floor((high - first) / step) + 1 }, (_, k) => first + step * k);
}

/** Plotly's axes by name. @param {Scene} scene @param {ReturnType<typeof places>} at */
function axes({ panels, model, full, narrow, size, top, bottom }, at) {
  const { windows, lens } = panels, dtick = (narrow ? 0.5 : 0.25) * (top > 2 ? 2 : 1);
  const vertical = { ...plain(size), showline: false, ticks: "", showgrid: true, gridcolor: color("grid"),
    range: [bottom, top], zeroline: bottom < 0, zerolinecolor: color("line-2"), zerolinewidth: 1 };
  const horizontal = (extra) => ({ ...plain(size), ...across(extra) });
  if (full)
    return { xaxis: horizontal({ range: panels.full.range, domain: [0, 1], tickvals: null }),
      yaxis: { ...vertical, dtick, domain: [0, 1] } };
  /** @type {Record<string, any>} */
  const out = {};
  windows.forEach((panel, k) => {
    const { range, magnify } = panel, last = k > 0;
    out[axisName(panel.x)] = horizontal({ range, domain: at.windows[k].x, tickvals: ticks(range, last, narrow),
      ...(last ? { anchor: panel.y } : {}) });
    out[axisName(panel.y)] = { ...vertical, dtick, domain: at.windows[k].y,
      ...(last ? { range: [bottom / magnify, top / magnify], dtick: (MAGNIFIED * dtick) / magnify, side: "right", anchor: panel.x,
        showticklabels: k === windows.length - 1 } : {}) };
  });
  out[axisName(lens.x)] = horizontal({ range: lens.range, domain: at.lens.x, anchor: lens.y,
    tickvals: lensTicks(lens.range, model.mineral.main, narrow) });
  out[axisName(lens.y)] = { ...vertical, showgrid: false, domain: at.lens.y, anchor: lens.x, showticklabels: false };
  return out;
}

/** The lens' sheet, what it magnifies, and the break between windows. @param {Scene} scene @param {ReturnType<typeof places>} at */
function shapes({ panels: { lens }, narrow }, at) {
  const { x, y } = at.lens;
  const ends = at.windows.flatMap(({ x }) => x), breaks = narrow ? [] : ends.slice(1, -1);
  return [
    { type: "rect", xref: "x", yref: "y domain", x0: lens.range[0], x1: lens.range[1], y0: 0, y1: 1,
      fillcolor: color("sunken"), line: { width: 0 }, layer: "below" },
    { type: "rect", xref: "paper", yref: "paper", x0: x[0], x1: x[1], y0: y[0], y1: y[1],
      line: { color: color("line"), width: 1 }, fillcolor: color("surface"), layer: "below" },
    ...breaks.flatMap((at) => [-3, 3].map((dx) => ({
      type: "line", xref: "paper", yref: "paper", xsizemode: "pixel", ysizemode: "pixel",
      xanchor: at, yanchor: 0, x0: dx - 3, x1: dx + 3, y0: -6, y1: 6,
      line: { color: color("ink-3"), width: 1.2 } }))),
  ];
}

/** Plotly's layout, without annotations. @param {Scene} scene @returns {any} */
export function layout(scene) {
  const { size, full, width, height } = scene, scale = size / 12, at = places(scene);
  return {
    paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)", showlegend: false,
    margin: { l: 41 * scale, r: (full ? 16 : 38) * scale, t: 28 * scale, b: 42 * scale },
    font: { family: "Inter, system-ui, sans-serif", size, color: color("ink-2") },
    width, height, hovermode: "x", dragmode: false, uirevision: "kept",
    hoverlabel: { bgcolor: color("surface"), bordercolor: color("line-2"), font: { color: color("ink"), family: "Inter" } },
    ...axes(scene, at),
    shapes: full ? [] : shapes(scene, at),
  };
}
