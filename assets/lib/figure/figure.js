// The spectrum's figure: linked windows and a lens on the main band, or the full axis. Plotly
// draws it when it rests; while a slider moves its paths are rewritten (fast.js).

import { append, color } from "../page.js";
import { layout } from "./axes.js";
import { curves, deviation, normals } from "./curves.js";
import { prepare } from "./fast.js";
import { labels } from "./labels.js";
import { Overlay } from "./overlay.js";
import { mainBand, panelsOf, REACH } from "./panels.js";

/**
 * @typedef {object} Scene what the parts of a figure are given
 * @property {import("../decoder.js").Model} model
 * @property {ReturnType<typeof panelsOf>} panels
 * @property {import("./panels.js").Panel[]} shown
 * @property {boolean} full the full axis, not windows
 * @property {boolean} narrow
 * @property {boolean} projected
 * @property {boolean} showReference
 * @property {Float64Array | null} grey the simulated measurement
 * @property {Float64Array | null} behind a file's values on the model's axis, NaN where it has none
 * @property {number} size of letters, px
 * @property {number} width px
 * @property {number} height px
 * @property {number} top of the intensity, in the first window's unit
 * @property {number} bottom
 * @property {number} fill up to which share of the range a curve may go: a label has room over it
 */

const STEPS = [1.2, 1.6, 2.4, 3, 4]; // tops of the range
const DEPTHS = [0.05, 0.1, 0.2, 0.35, 0.5]; // of the top: how far the range goes below zero
const NARROW = 560; // px

export class SpectrumFigure {
  /** @param {HTMLElement} wrapper */
  constructor(wrapper) {
    this.element = append(wrapper, "div", { className: "plot" });
    this.overlay = new Overlay(wrapper, this.element);
    this.mode = "windows";
    this.showReference = true;
    this.projected = false;
    this.width = this.height = 0; // px
    /** @type {number | null} the position of the marked band */
    this.marked = null;
    /** @type {{counts: number} | null} */
    this.noise = null;
    /** @type {Float64Array | null} */
    this.grey = null;
    /** @type {Float64Array | null} */
    this.behind = null;
    this.drawn = 0;
    this.top = STEPS[0];
    this.bottom = 0;
    /** @type {ReturnType<typeof prepare>} */
    this.rewrite = null;
  }

  get fast() {
    return !!this.rewrite;
  }

  /** @param {import("../decoder.js").Model} model */
  setModel(model) {
    this.model = model;
    this.panels = panelsOf(model);
    this.normals = normals(model.wavenumber.length);
  }

  /** @returns {Scene} */
  scene() {
    const { model, panels, showReference, grey, behind, projected, top, bottom, width, height } = this;
    return { model, panels, shown: this.shown(), full: this.mode === "full", narrow: this.narrow(), projected, showReference, grey, behind,
      top, bottom, width, height, size: this.fontSize(), fill: this.fill() };
  }

  // For draw() alone: asking the page while a slider moves would lay it out twice a frame.
  measure() {
    [this.width, this.height] = [this.element.clientWidth, this.element.clientHeight];
  }

  /** Whether its element has another size than it was drawn in. */
  resized() {
    return this.width !== this.element.clientWidth || this.height !== this.element.clientHeight;
  }

  shown() {
    const { windows, lens, full } = this.panels;
    return this.mode === "full" ? [full] : [...windows, lens];
  }

  narrow() {
    return this.width < NARROW;
  }

  fontSize() {
    return this.projected ? 19 : 12;
  }

  fill() {
    return this.narrow() ? 0.86 : 0.95;
  }

  /** @param {ArrayLike<number>} spectrum */
  mainBand(spectrum) {
    return mainBand(this.panels.main, spectrum);
  }

  /** @param {ArrayLike<number>} spectrum */
  measured(spectrum) {
    if (!this.noise) return null;
    const { counts } = this.noise, { readout } = this.model.counting;
    const out = new Float64Array(spectrum.length);
    for (let i = 0; i < out.length; i++)
      out[i] = spectrum[i] + this.normals[i] * deviation(spectrum[i], counts, readout);
    return out;
  }

  // The range that shows the whole curve, and as much of the noise below zero as leaves it its room.
  fit(spectrum) {
    const extent = (curve, points, panels) => {
      const all = panels.flatMap((panel) => panel[points].y(curve).filter(Number.isFinite).map((v) => panel.magnify * v));
      return [Math.min(...all), Math.max(...all)];
    };
    const [low, drawn] = extent(spectrum, "part", this.shown());
    const high = this.behind ? Math.max(drawn, extent(this.behind, "points", [this.panels.full])[1]) : drawn;
    this.top = STEPS.find((step) => high <= step * this.fill()) || Math.ceil(high / this.fill());
    const windows = this.shown().filter(({ name }) => name !== "lens");
    const noise = this.grey ? -extent(this.grey, "points", windows)[0] / this.top : 0;
    const depth = 1.05 * Math.max(-low / this.top, Math.min(noise, DEPTHS[DEPTHS.length - 1] / 1.05));
    this.bottom = depth < 0.012 ? 0 : -this.top * (DEPTHS.find((d) => depth <= d) || depth); // less isn't seen
  }

  traces(spectrum) {
    return curves(this.scene(), spectrum);
  }

  layout(spectrum) {
    return { ...layout(this.scene()), annotations: this.annotations(spectrum) };
  }

  annotations(spectrum) {
    return labels(this.scene(), spectrum);
  }

  /** The whole figure, exactly; at the start, on release, and when anything but the code changes. */
  async draw(spectrum) {
    this.measure();
    this.grey = this.measured(spectrum);
    this.fit(spectrum);
    const config = { displaylogo: false, showSendToCloud: false, displayModeBar: false, responsive: false };
    this.drawn++;
    await window.Plotly.react(this.element, this.traces(spectrum), this.layout(spectrum), config);
    this.rewrite = prepare(this.element, this.scene(), spectrum);
    this.mark(this.marked);
    this.placeWidth(spectrum);
    this.overlay.measure();
  }

  /** One frame while a slider moves. */
  fastDraw(spectrum) {
    if (!this.rewrite) return this.draw(spectrum);
    this.rewrite(spectrum, this.measured(spectrum));
    this.placeWidth(spectrum);
    this.drawn++;
    return null;
  }

  placeWidth(spectrum) {
    this.overlay.placeWidth(this.scene(), spectrum);
  }

  /** The table's position of the band at x [cm⁻¹], or null. @param {number} x */
  bandAt(x) {
    const band = this.model.mineral.bands.find(({ position }) => Math.abs(position - x) <= REACH);
    return band ? band.position : null;
  }

  /** A stripe behind the band at that position [cm⁻¹], or none. @param {number | null} position */
  mark(position) {
    this.marked = position;
    this.overlay.mark(this.scene(), position);
  }

  /** The figure with what stands over it in the page. */
  pictured() {
    const { data, layout } = this.element;
    return { data, layout: { ...layout, annotations: [...layout.annotations, ...this.overlay.annotation(layout, color("structure"))] } };
  }
}
