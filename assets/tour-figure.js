// The tour's figures: the spectrum with what a step lays over it, and the map of what moves what.
(function () {
  "use strict";
  const TICKS = 18; // px under the map of a phone
  const sv = (window.spectraVae = window.spectraVae || {});

  // Background of a simulated measurement and where cosmic rays hit it, beside the lens: always the same.
  const background = (x) => 0.045 + 0.05 * Math.exp(-((x - 100) / 900));
  const SPIKES = [[1215, 0.42], [3255, 0.11]];

  class TourFigure extends sv.SpectrumFigure {
    // What lies over the curve: {grey, counts, dirty, lookalikes}.
    overlay(given) {
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
      this.cramped = this.projected && this.element.clientWidth < 900; // a small projector
      this.width.style.fontSize = this.cramped ? "12px" : "";
      return super.draw(spectrum);
    }

    traces(spectrum) {
      const all = super.traces(spectrum), mark = this.over.lookalikes;
      if (!mark || this.mode === "full") return all;
      const lines = mark.map(([name, position]) => ({
        type: "scatter", mode: "lines", uid: "mark-" + name, xaxis: "x3", yaxis: "y3", hoverinfo: "skip",
        x: [position, position], y: [this.bottom, this.top], line: { color: sv.color("raw"), width: 1.25, dash: "3px,3px" } }));
      return [...lines, ...all];
    }

    layout(spectrum) {
      const layout = super.layout(spectrum);
      if (this.narrow() && this.mode !== "full") layout.yaxis.domain = [0.67, 1]; // the figure is low: room for words
      return layout;
    }

    annotations(spectrum, full, narrow) {
      const all = super.annotations(spectrum, full, narrow), mark = this.over.lookalikes;
      if (!mark || full || this.element.clientWidth < 440) return all; // on a phone the caveat says where they stand
      const size = this.fontSize();
      return all.concat(mark.map(([name, position], k) => ({
        text: `${this.texts["tour_" + name.replace(" ", "_")] || name} ${Math.round(position)}`, textangle: -90, showarrow: false,
        x: position, y: this.top * 0.98, xref: "x3", yref: "y3", yanchor: "top", xanchor: k ? "left" : "right",
        font: { size, color: sv.color("ink-2") } })));
    }

    placeWidth(spectrum) {
      super.placeWidth(spectrum);
      if (this.over.lookalikes || this.narrow()) this.width.hidden = true; // no room: marks, a low lens
    }
  }

  const largest = (row) => row.reduce((top, v) => Math.max(top, Math.abs(v)), 0);

  // Rows: neurons; columns: wavenumbers; colour: what one unit of the neuron adds there. A row's
  // full colour is its largest value at the origin, so that a row can fade while a slider moves.
  class SensitivityMap {
    constructor(place) {
      this.place = place;
      this.canvas = place.appendChild(document.createElement("canvas"));
      this.labels = place.appendChild(Object.assign(document.createElement("div"), { className: "map-labels" }));
    }

    // (latents, N) change of the spectrum per unit of each neuron, by central differences that are
    // within 0.1 % of the slope: the Neurons view prints the same numbers.
    static jacobian(model, z, step = 0.01) {
      return model.neurons.map(({ index }) => {
        const at = (value) => model.decode(z.map((v, j) => (j === index ? v + value : v)));
        const up = at(step).slice(), down = at(-step);
        return up.map((v, i) => (v - down[i]) / (2 * step));
      });
    }

    draw(model, z, chosen, figure, nameOf) {
      this.rows = SensitivityMap.jacobian(model, z);
      if (this.model !== model) this.units = SensitivityMap.jacobian(model, Array.from(model.origin)).map(largest);
      this.model = model;
      const least = 0.05 * Math.max(...this.units); // what is weaker is not blown up to full colour
      const { clientWidth: width, clientHeight: height } = this.place;
      const full = figure.element._fullLayout, aligned = figure.element.clientWidth > 560 && full && full.xaxis2;
      const windows = aligned
        ? [["left", full.xaxis], ["right", full.xaxis2]].map(([name, a]) => [name, a._offset, a._length])
        : [["left", 28, 0.581 * (width - 30)], ["right", 28 + 0.613 * (width - 30), 0.387 * (width - 30)]];
      const ratio = window.devicePixelRatio || 1, room = (height - (aligned ? 0 : TICKS)) / this.rows.length;
      this.canvas.width = Math.round(width * ratio);
      this.canvas.height = Math.round(height * ratio);
      const ctx = this.canvas.getContext("2d");
      ctx.scale(ratio, ratio);
      const colors = ramp();
      for (const [name, from, length] of windows) {
        const part = figure.parts[name], low = part.x[0], scale = length / (part.x[part.x.length - 1] - low);
        this.rows.forEach((row, j) => strongest(part, part.y(row), low, scale, length).forEach((v, px) => {
          const share = Math.sign(v) * Math.sqrt(Math.min(Math.abs(v) / Math.max(this.units[j], least), 1));
          ctx.fillStyle = colors[Math.round(128 + 127 * share)];
          ctx.fillRect(from + px, j * room + 1, 1.02, room - 2);
        }));
        ctx.strokeStyle = sv.color("ink");
        ctx.lineWidth = 2;
        ctx.strokeRect(from, chosen * room + 1, length, room - 2);
      }
      this.label(model, chosen, windows, room, aligned ? nameOf : null, figure.parts);
    }

    label(model, chosen, windows, room, nameOf, parts) {
      const [, left] = windows[0], [, right, length] = windows[1];
      const place = (text, x, row, align, more = "", high = room) => {
        const span = document.createElement("span");
        span.textContent = text;
        span.className = align + more;
        span.style.cssText = `top:${row * room}px;line-height:${high}px;left:${x}px`;
        return span;
      };
      const rows = model.neurons.flatMap(({ index }) => {
        const make = (text, x, align) => place(text, x, index, align, index === chosen ? " chosen" : "");
        const wide = nameOf ? [make(nameOf(index), right + 6, "start"), make(largest(this.rows[index]).toFixed(3), right + length + 4, "start")] : [];
        return [make("#" + index, left - 6, "end"), ...wide];
      });
      const ticks = nameOf ? [] : windows.flatMap(([name, from, width]) => {
        const { x } = parts[name], end = x.length - 1;
        const tick = (value, at, align) => place(value, at, model.neurons.length, align, "", TICKS);
        return [tick(Math.round(x[0]), from, "start"), tick(Math.round(x[end]) + (name === "right" ? " cm⁻¹" : ""), from + width, "end")];
      });
      this.labels.replaceChildren(...rows, ...ticks);
    }
  }

  // The value furthest from zero under each pixel.
  function strongest(part, values, low, scale, length) {
    const out = new Float64Array(Math.ceil(length)), filled = new Uint8Array(out.length);
    part.x.forEach((x, i) => {
      const px = Math.min(Math.floor((x - low) * scale), out.length - 1);
      if (!filled[px] || Math.abs(values[i]) > Math.abs(out[px])) out[px] = values[i];
      filled[px] = 1;
    });
    for (let px = 1; px < out.length; px++) if (!filled[px]) out[px] = out[px - 1];
    return Array.from(out);
  }

  // 256 colours from negative over nothing to positive.
  function ramp() {
    const parse = (name) => [1, 3, 5].map((i) => parseInt(sv.color(name).slice(i, i + 2), 16));
    const [negative, none, positive] = ["negative", "sunken", "positive"].map(parse);
    return Array.from({ length: 256 }, (_, i) => {
      const share = (i - 128) / 127, end = share < 0 ? negative : positive, a = Math.min(Math.abs(share), 1);
      return `rgb(${none.map((v, k) => Math.round(v + a * (end[k] - v))).join(",")})`;
    });
  }

  Object.assign(sv, { TourFigure, SensitivityMap });
})();
