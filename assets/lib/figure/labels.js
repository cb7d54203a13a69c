// The words in the figure: names of bands with their places, heads over the windows, the axis.

import { color, lowered, spoken, t, texts } from "../page.js";
import { places } from "./axes.js";
import { GAP, windowAt } from "./panels.js";

/** @typedef {import("./figure.js").Scene} Scene */

const NUMBER = /^\d+$/; // the name of a band that has none but its place
const FAINT = 0.002; // a lower band has no place, as in the table
const LEAST = { narrow: 0.07, full: 0.045, wide: 0.02 }; // heights of bands that have a label
const BESIDE = 0.7; // of a letter's size: a label beside a band that has no room over it
const SMALL = 700; // px: a figure with room for as few labels as the full axis has

/** @param {any} mineral @param {{name: string}} band */
const named = ({ groups }, band) => {
  const group = groups.find(({ key }) => key === band.name); // named as its group: in words
  return lowered(group ? spoken(group.label) : texts[`band_${band.name}`] || band.name);
};

const mainOf = (mineral) => named(mineral, mineral.bands.find((band) => band.position === mineral.main));

const ruler = document.createElement("canvas").getContext("2d");

function textWidth(text, size) {
  ruler.font = `bold ${size}px Inter, system-ui, sans-serif`;
  return ruler.measureText(text.replace(/<[^>]+>/g, "")).width;
}

// The first of the texts, or of the pairs, that is no wider than the room [px]; else the last.
function longest(texts, room, size) {
  const width = (text) => [text].flat().reduce((sum, part) => sum + textWidth(part, size), 0);
  return texts.find((text) => width(text) <= room) || texts[texts.length - 1];
}

const hued = (text, hue) => `<span style="color:${color(hue + "-text")}"><b>${text}</b></span>`;

/** What stands over the windows, as long as there is room for it. @param {Scene} scene */
function heads(scene) {
  const { full, narrow, size, panels: { windows }, model: { mineral } } = scene, at = places(scene);
  const width = scene.width - ((full ? 57 : 79) * size) / 12;
  const head = (text, x, y, xanchor) => ({ text, x, y, xanchor, xref: "paper", yref: "paper", yanchor: "bottom",
    yshift: text.includes("<sub>") ? 4 : 6, showarrow: false, font: { size, color: color("ink-3") } });
  const [name, ...others] = windows.map(({ label, hue }) => hued(spoken(label), hue));
  const unit = t("unit", { mineral: spoken(mineral.label) }), main = mainOf(mineral);
  const second = others[others.length - 1];
  const share = full || narrow ? 1 : at.windows[0].x[1];
  const room = width * share - (full && second ? textWidth(second, size) : 0) - size;
  const first = head(longest([`${name}, ${unit}`, `${name}, ${main} = 1`, name], room, size), 0, 1, "left");
  if (!second) return [first];
  if (full) return [first, head(second, 1, 1, "right")];
  return [first, ...windows.slice(1).flatMap(({ label, hue, magnify }, k) => {
    const [from, to] = at.windows[k + 1].x, y = narrow ? 0.4 : 1;
    const times = magnify === 1 ? "" : "×" + magnify, short = hued(spoken(label).split(",")[0], hue);
    const pairs = [[others[k], times && t("magnified", { times })], [others[k], times], [short, times]];
    const [words, factor] = longest(pairs, width * (to - from) - size, size);
    return [head(words, from, y, "left"), ...(times ? [head(factor, to, y, "right")] : [])];
  })];
}

// Where a band's label stands, and what it says [cm⁻¹]: where the curve has a top there, to the
// table's last digit; where it has none, the reference's place, or null without one.
function place({ panels, showReference }, band, spectrum) {
  const { x, y } = panels.near.get(band.position), curve = y(spectrum);
  const top = curve.indexOf(Math.max(...curve));
  if (!(top > 0 && top < x.length - 1 && curve[top] > FAINT)) return showReference ? band.position : null;
  return Math.abs(x[top] - band.position) < 1 ? band.position : x[top];
}

// How far a label steps aside [px] from neighbours that it would touch.
function aside({ full, narrow, size, width, panels }, here, all) {
  const spans = panels.windows.map(({ range }) => range[1] - range[0]);
  const span = full ? panels.full.range[1] - panels.full.range[0] : narrow ? spans[0] : spans.reduce((a, b) => a + b) / (1 - GAP * (spans.length - 1));
  const scale = (width - 79) / span, room = 2.2 * size; // px per cm⁻¹, px
  return all.reduce((sum, { at }) => {
    const gap = (at - here) * scale;
    return gap && Math.abs(gap) < room ? sum - (Math.sign(gap) * (room - Math.abs(gap))) / 2 : sum;
  }, 0);
}

// The highest of all that is drawn around a band.
function heightNear({ panels, model, showReference, grey, behind }, spectrum, band, at) {
  const { x, y } = panels.near.get(band.position);
  const drawn = [spectrum, showReference && model.reference, grey, behind].filter(Boolean);
  return Math.max(0, ...drawn.flatMap((curve) => y(curve).filter((v, i) => Math.abs(x[i] - at) <= 9 && v > 0)));
}

// Does a place of the first window lie under the lens and its scale?
function underLens(scene, position) {
  if (scene.full || scene.narrow) return false;
  const at = places(scene), [low, high] = scene.panels.windows[0].range;
  const share = (((position - low) / (high - low)) * at.windows[0].x[1]);
  return share < at.lens.x[1] && share > at.lens.x[0] - 0.03;
}

// Words that would stand over others' leave their band's name out, or aren't written: the main
// band's come first, then those of taller bands.
function apart(scene, labels) {
  const { size, narrow, full, top, bottom } = scene, at = places(scene);
  const span = (shares, room) => (shares[1] - shares[0]) * room;
  const width = scene.width - (79 * size) / 12, height = scene.height - (70 * size) / 12;
  const box = ({ text, x, y, xshift = 0, xanchor, yanchor }, { index, range, magnify }) => {
    const across = full ? [0, 1] : at.windows[index].x, up = full ? [0, 1] : at.windows[index].y;
    const lines = text.split("<br>"), half = Math.max(...lines.map((line) => textWidth(line, size))) / 2;
    const middle = across[0] * width + span(across, width) * ((x - range[0]) / (range[1] - range[0])) + xshift + (xanchor === "left" ? half : 0);
    const foot = up[0] * height + span(up, height) * ((y * magnify - bottom) / (top - bottom)) + (yanchor === "bottom" ? 3 : -size);
    return [middle - half, middle + half, foot, foot + 1.3 * size * lines.length];
  };
  const meet = (a, b) => a[0] < b[1] && b[0] < a[1] && a[2] < b[3] && b[2] < a[3];
  /** @type {number[][]} */
  const taken = [], kept = [];
  for (const { label, panel, main } of [...labels].sort((a, b) => +b.main - +a.main || b.height - a.height)) {
    const forms = narrow ? [label.text] : [label.text, label.text.split("<br>").pop()];
    const form = forms.find((text) => main || !taken.some((other) => meet(box({ ...label, text }, panel), other)));
    if (form === undefined) continue;
    taken.push(box({ ...label, text: form }, panel));
    kept.push({ ...label, text: form });
  }
  return kept.sort((a, b) => a.x - b.x);
}

/** @param {Scene} scene @param {ArrayLike<number>} spectrum */
function bandLabels(scene, spectrum, plain) {
  const { model: { mineral }, panels, full, narrow, top, width } = scene, { windows } = panels;
  const least = narrow ? LEAST.narrow : full ? (width < SMALL ? LEAST.narrow : LEAST.full) : width < SMALL ? LEAST.full : LEAST.wide;
  const all = mineral.bands.filter((band) => band.height >= least)
    .map((band) => ({ band, at: place(scene, band, spectrum) })).filter(({ at }) => at);
  return apart(scene, all.map(({ band, at }) => {
    const index = windowAt(windows, band.position), panel = windows[full ? 0 : index];
    const where = { index, range: full ? panels.full.range : panel.range, magnify: full ? 1 : panel.magnify };
    const put = (label) => ({ label, panel: where, main, height: band.height * where.magnify });
    const place = at.toFixed(0), main = band.position === mineral.main;
    const text = NUMBER.test(band.name) ? (main ? `<b>${place}</b>` : place)
      : main ? `<b>${named(mineral, band)}</b> ${place}`
      : index && panel.magnify > 1 ? place : `${named(mineral, band)}<br>${place}`;
    const highest = (top * (underLens(scene, band.position) ? 0.18 : scene.fill)) / panel.magnify;
    const height = heightNear(scene, spectrum, band, at), own = { ...plain, text, x: at, xref: panel.x, yref: panel.y };
    if (underLens(scene, band.position) && height > highest) // no room over it: beside its top half
      return put({ ...own, y: highest, yanchor: "middle", xanchor: "left", xshift: BESIDE * scene.size });
    return put({ ...own, y: Math.min(height, highest), yanchor: "bottom", yshift: 3, xshift: aside(scene, at, all) });
  }));
}

/** Plotly's annotations. @param {Scene} scene @param {ArrayLike<number>} spectrum @returns {any[]} */
export function labels(scene, spectrum) {
  const { full, narrow, size, model: { mineral } } = scene;
  const plain = { showarrow: false, font: { size, color: color("ink-2") } };
  const main = mainOf(mineral), { x, y } = places(scene).lens;
  const lens = { ...plain, text: `<b>${main}</b> ${t("lens")}`, x: narrow ? 0.02 : x[0] + 0.01,
    y: narrow ? y[1] : y[1] - 0.01, xref: "paper", yref: "paper", xanchor: "left",
    yanchor: narrow ? "bottom" : "top", yshift: narrow ? 6 : 0 };
  const axis = { ...plain, text: t("shift"), x: 0.5, y: 0, xref: "paper", yref: "paper", yanchor: "top",
    yshift: -22 * (size / 12), font: { size, color: color("ink-3") } };
  return [...heads(scene), ...(full ? [] : [lens]), axis, ...bandLabels(scene, spectrum, plain)];
}
