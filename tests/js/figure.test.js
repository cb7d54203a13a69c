import "./dom.js";
import assert from "node:assert/strict";
import { test } from "node:test";
import { calcite, gypsum } from "./model.js";

const { layout, places } = await import("../../assets/lib/figure/axes.js");
const { curves, deviation, normals } = await import("../../assets/lib/figure/curves.js");
const { path } = await import("../../assets/lib/figure/fast.js");
const { labels } = await import("../../assets/lib/figure/labels.js");
const { domains, mainBand, panelsOf, windowAt } = await import("../../assets/lib/figure/panels.js");

function scene(model, more = {}) {
  const panels = panelsOf(model), full = !!more.full;
  return { model, panels, full, shown: full ? [panels.full] : [...panels.windows, panels.lens], narrow: false, projected: false,
    showReference: true, grey: null, behind: null, size: 12, width: 1000, height: 500, top: 1.2, bottom: 0, fill: 0.95, ...more };
}

test("one cm⁻¹ is equally wide in both windows, with a gap between them", () => {
  const [[a, b], [c, d]] = domains([{ range: [100, 1300] }, { range: [3000, 3800] }]);
  assert.deepEqual([a, b, c, d], [0, 0.581, 0.613, 1]);
  assert.deepEqual(domains([{ range: [100, 1300] }]), [[0, 1]]);
});

test("a place belongs to the first window that reaches it, else to the last", () => {
  const { windows } = panelsOf(gypsum());
  assert.deepEqual([180, 1300, 1650, 3406, 3900].map((x) => windowAt(windows, x)), [0, 0, 1, 1, 1]);
});

test("gypsum's windows, lens and full axis are those of the model's header", () => {
  const model = gypsum(), { windows, lens, full } = panelsOf(model);
  assert.deepEqual(windows.map(({ name, range, magnify }) => [name, ...range, magnify]), [["left", 100, 1300, 1], ["right", 3000, 3800, 6]]);
  assert.deepEqual(lens.range, [984, 1032]);
  assert.deepEqual(full.range, [model.wavenumber[0], model.wavenumber[model.wavenumber.length - 1]]);
});

test("axes: their ranges, and the second window's scale", () => {
  const { xaxis, xaxis2, xaxis3, yaxis, yaxis2, shapes } = layout(scene(gypsum()));
  assert.deepEqual([xaxis.range, xaxis2.range, xaxis3.range], [[100, 1300], [3000, 3800], [984, 1032]]);
  assert.deepEqual(xaxis.tickvals, [100, 300, 500, 700, 900, 1100]);
  assert.deepEqual(xaxis2.tickvals, [3000, 3200, 3400, 3600, 3800]);
  assert.deepEqual(xaxis3.tickvals, [990, 1000, 1010, 1020, 1030]);
  assert.deepEqual([yaxis.range, yaxis2.range], [[0, 1.2], [0, 1.2 / 6]]);
  assert.equal(shapes.length, 2 + 4); // the lens' two sheets, the break's four strokes
});

test("a mineral of one window has one, and its lens away from its main band", () => {
  const one = scene(calcite()), drawn = layout(one);
  assert.equal(drawn.xaxis2, undefined);
  assert.deepEqual(drawn.xaxis.domain, [0, 1]);
  assert.deepEqual(drawn.xaxis3.range, [258, 306]);
  assert.ok(places(one).lens.x[0] > 0.5);
  const words = labels(one, one.model.reference).map(({ text }) => text).join("; ");
  assert.match(words, /carbonate/);
  assert.doesNotMatch(words, /sulfate|water|gypsum/);
});

test("traces: the reference and the curve in each panel, the bracket over all", () => {
  const windows = scene(gypsum()), grey = Float64Array.from(windows.model.reference);
  const names = (given) => curves(given, windows.model.reference).map(({ uid }) => uid);
  assert.deepEqual(names(windows), ["left", "right", "lens"].flatMap((p) => [`reference-${p}`, `curve-${p}`]).concat("bracket"));
  assert.deepEqual(names({ ...windows, showReference: false, grey }),
    ["noise-left", "curve-left", "noise-right", "curve-right", "curve-lens", "bracket"]);
  const [, full] = curves(scene(gypsum(), { full: true }), windows.model.reference);
  const { start, stop, colorscale } = full.fillgradient;
  assert.ok(Math.abs(start + colorscale[1][0] * (stop - start) - 2150) < 1e-9);
});

test("labels stand on their bands and say where they are", () => {
  const given = scene(gypsum()), all = labels(given, given.model.reference);
  const at = (text) => all.find((one) => one.text.includes(text));
  assert.equal(at("1008").x, 1008);
  assert.equal(at("1008").xref, "x");
  assert.equal(at("3406").xref, "x2");
  assert.ok(at("414").y < 0.25, "under the lens");
  assert.ok(!all.some(({ text }) => text.includes("1650")), "too weak for a label");
});

test("the main band's width at half its height", () => {
  const x = Array.from({ length: 401 }, (_, i) => 980 + i * 0.15), near = { x, y: (s) => s };
  const lorentz = x.map((v) => 0.8 / (1 + ((v - 1008) / 3) ** 2));
  const { height, left, right } = mainBand(near, lorentz);
  assert.ok(Math.abs(height - 0.8) < 1e-3);
  assert.ok(Math.abs(right - left - 6) < 0.02);
  assert.ok(Math.abs((left + right) / 2 - 1008) < 0.02);
});

test("a path leaves out what lies on the straight, and keeps corners", () => {
  const px = Array.from({ length: 21 }, (_, i) => 10 * i), flat = px.map(() => 0), entry = { px, zero: 100, scale: -50 };
  assert.ok(path(entry, flat).split("L").length < 6);
  const corner = path(entry, flat.map((_, i) => (i === 10 ? 1 : 0)));
  assert.match(corner, /L90\.00,100\.00L100\.00,50\.00L110\.00,100\.00/);
  assert.ok(corner.startsWith("M0.00,100.00") && corner.endsWith("200.00,100.00"));
});

test("noise is the same each time, standard normal, and grows as counting does", () => {
  const values = normals(20000), mean = values.reduce((a, b) => a + b) / values.length;
  assert.deepEqual(normals(20000), values);
  assert.ok(Math.abs(mean) < 0.03);
  assert.ok(Math.abs(values.reduce((a, b) => a + b * b, 0) / values.length - 1) < 0.05);
  assert.ok(Math.abs(deviation(1, 100, 0) - 0.1) < 1e-12);
  assert.equal(deviation(-1, 100, 5), 0.05);
});

test("a band that has no room under the lens has its label beside it, not on it", () => {
  const model = gypsum(), tall = { ...model, mineral: { ...model.mineral, bands: model.mineral.bands.map((band) =>
    band.position < 450 ? { ...band, height: 0.5 } : band) } };
  const spectrum = Float64Array.from(model.wavenumber, (x) => 0.01 + 0.5 * Math.exp(-((x - 414) ** 2) / 50));
  const [label] = labels(scene(tall, { showReference: false }), spectrum).filter(({ text }) => text.includes("414"));
  assert.equal(label.xanchor, "left");
  assert.ok(label.xshift > 0 && label.y < 0.36);
});

test("a file lies behind the curve in every panel, and nothing of it is cut", () => {
  const model = gypsum(), behind = Float64Array.from(model.reference, (v, i) => (i < 40 ? NaN : 1.5 * v));
  const names = curves(scene(model, { behind }), model.reference).map(({ uid }) => uid);
  for (const panel of ["left", "right", "lens"]) assert.ok(names.indexOf(`file-${panel}`) < names.indexOf(`curve-${panel}`));
  assert.ok(labels(scene(model, { behind }), model.reference).every(({ y }) => Number.isFinite(y)));
});

test("the lens is never over the main band, wherever that stands", () => {
  const model = gypsum();
  for (const main of [150, 400, 690, 720, 984, 1200]) {
    const moved = scene({ ...model, mineral: { ...model.mineral, main } }), { windows, lens } = places(moved);
    const at = (windows[0].x[1] * (main - 100)) / 1200;
    assert.ok(at < lens.x[0] || at > lens.x[1], `${main}`);
    assert.ok(lens.x[1] - lens.x[0] > 0.2 && lens.x[0] > 0 && lens.x[1] < windows[0].x[1]);
  }
});
