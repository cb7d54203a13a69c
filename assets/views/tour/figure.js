// The tour's figure: the spectrum with what a step lays over it. The tour is gypsum's own.

import { color, t } from "../../lib/page.js";
import { SpectrumFigure } from "../../lib/figure/figure.js";

// Background of a simulated measurement and where cosmic rays hit it, beside the lens: always the same.
const background = (x) => 0.045 + 0.05 * Math.exp(-((x - 100) / 900));
const SPIKES = [[1215, 0.42], [3255, 0.11]];

const CRAMPED = 900, MARKED = 440; // px: a small projector's figure, the least that has room for marks

export class TourFigure extends SpectrumFigure {
  over = { grey: null, counts: 0, dirty: false, lookalikes: null };
  cramped = false;

  /** What lies over the curve. @param {{grey: any, counts: number, dirty: boolean, lookalikes: [string, number][] | null}} given */
  lay(given) {
    this.over = given;
    this.noise = given.grey ? { counts: given.counts } : null;
  }

  measured(spectrum) {
    const of = this.noise && this.over.grey === "reference" ? this.model.reference : spectrum;
    const out = super.measured(of), axis = this.model.wavenumber;
    if (!out || !this.over.dirty) return out;
    for (let i = 0; i < out.length; i++) out[i] += background(axis[i]);
    for (const [position, height] of SPIKES) out[axis.findIndex((x) => x >= position)] += height;
    return out;
  }

  fontSize() {
    return this.cramped ? 12 : super.fontSize();
  }

  draw(spectrum) {
    this.cramped = this.projected && this.element.clientWidth < CRAMPED;
    this.overlay.width.style.fontSize = this.cramped ? "12px" : "";
    return super.draw(spectrum);
  }

  traces(spectrum) {
    const all = super.traces(spectrum).map((one) => this.projected && one.uid.startsWith("reference") ? { ...one, line: { ...one.line, width: 2.5 } } : one);
    const mark = this.over.lookalikes;
    if (!mark || this.mode === "full") return all;
    const lines = mark.map(([name, position]) => ({
      type: "scatter", mode: "lines", uid: "mark-" + name, xaxis: "x3", yaxis: "y3", hoverinfo: "skip",
      x: [position, position], y: [this.bottom, this.top], line: { color: color("raw"), width: 1.25, dash: "3px,3px" } }));
    return [...lines, ...all];
  }

  layout(spectrum) {
    const layout = super.layout(spectrum);
    if (this.narrow() && this.mode !== "full") layout.yaxis.domain = [0.67, 1]; // the figure is low: room for words
    return layout;
  }

  annotations(spectrum) {
    const all = super.annotations(spectrum), mark = this.over.lookalikes;
    if (!mark || this.mode === "full" || this.width < MARKED) return all; // on a phone the caveat says where they stand
    const size = this.fontSize();
    return all.concat(mark.map(([name, position], k) => ({
      text: `${t("tour_" + name.replace(" ", "_"))} ${Math.round(position)}`, textangle: -90, showarrow: false,
      x: position, y: this.top * 0.98, xref: "x3", yref: "y3", yanchor: "top", xanchor: k ? "left" : "right",
      font: { size, color: color("ink-2") } })));
  }

  placeWidth(spectrum) {
    super.placeWidth(spectrum);
    if (this.over.lookalikes || this.narrow()) this.overlay.width.hidden = true; // no room: marks, a low lens
  }
}
