// The tour's map of what moves what.

import { axisName, domains } from "../../lib/figure/panels.js";
import { append, channels, color } from "../../lib/page.js";

const TICKS = 18; // px under the map of a phone

const largest = (row) => row.reduce((top, v) => Math.max(top, Math.abs(v)), 0);

// Rows: neurons; columns: wavenumbers; colour: what one unit of the neuron adds there. A row's
// full colour is its largest value at the origin, so that a row can fade while a slider moves.
export class SensitivityMap {
  constructor(place) {
    this.place = place;
    this.canvas = append(place, "canvas");
    this.labels = append(place, "div", { className: "map-labels" });
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
    const panels = figure.panels.windows, across = domains(panels);
    const windows = panels.map((panel, k) => {
      const axis = aligned && full[axisName(panel.x)], [from, to] = across[k].map((share) => share * (width - 30));
      return axis ? [panel.part, axis._offset, axis._length] : [panel.part, 28 + from, to - from];
    });
    const ratio = window.devicePixelRatio || 1, room = (height - (aligned ? 0 : TICKS)) / this.rows.length;
    this.canvas.width = Math.round(width * ratio);
    this.canvas.height = Math.round(height * ratio);
    const ctx = this.canvas.getContext("2d");
    ctx.scale(ratio, ratio);
    const colors = ramp();
    for (const [part, from, length] of windows) {
      const low = part.x[0], scale = length / (part.x[part.x.length - 1] - low);
      this.rows.forEach((row, j) => strongest(part, part.y(row), low, scale, length).forEach((v, px) => {
        const share = Math.sign(v) * Math.sqrt(Math.min(Math.abs(v) / Math.max(this.units[j], least), 1));
        ctx.fillStyle = colors[Math.round(128 + 127 * share)];
        ctx.fillRect(from + px, j * room + 1, 1.02, room - 2);
      }));
      ctx.strokeStyle = color("ink");
      ctx.lineWidth = 2;
      ctx.strokeRect(from, chosen * room + 1, length, room - 2);
    }
    this.label(model, chosen, windows, room, aligned ? nameOf : null);
  }

  label(model, chosen, windows, room, nameOf) {
    const [, left] = windows[0], [, right, length] = windows[windows.length - 1];
    const place = (text, x, row, align, more = "", high = room) => {
      const span = document.createElement("span");
      span.textContent = text;
      span.className = align + more;
      span.style.cssText = `top:${row * room}px;line-height:${high}px;left:${x}px`;
      return span;
    };
    const rows = model.neurons.flatMap(({ index }) => {
      const make = (text, x, align) => place(text, x, index, align, index === chosen ? " chosen" : "");
      const wide = nameOf ? [make(nameOf(index), right + 6, "start name"), make(largest(this.rows[index]).toFixed(3), right + length + 4, "start")] : [];
      return [make("#" + index, left - 6, "end"), ...wide];
    });
    const ticks = nameOf ? [] : windows.flatMap(([{ x }, from, width], k) => {
      const end = x.length - 1;
      const tick = (value, at, align) => place(value, at, model.neurons.length, align, "", TICKS);
      return [tick(Math.round(x[0]), from, "start"), tick(Math.round(x[end]) + (k === windows.length - 1 ? " cm⁻¹" : ""), from + width, "end")];
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
  const parse = (name) => channels(color(name));
  const [negative, none, positive] = ["negative", "sunken", "positive"].map(parse);
  return Array.from({ length: 256 }, (_, i) => {
    const share = (i - 128) / 127, end = share < 0 ? negative : positive, a = Math.min(Math.abs(share), 1);
    return `rgb(${none.map((v, k) => Math.round(v + a * (end[k] - v))).join(",")})`;
  });
}
