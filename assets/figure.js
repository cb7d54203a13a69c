// The spectrum's figure: two linked windows and a lens on ν1, or the full axis, drawn by Plotly.
// While a slider moves only SVG paths are rewritten (fastDraw); that is the one place that reads
// Plotly's internals, and it steps aside for Plotly.react where they are not as expected.
(function () {
  "use strict";
  const sv = (window.spectraVae = window.spectraVae || {});
  const LEFT = [100, 1300], RIGHT = [3000, 3800], LENS = [984, 1032];
  const MAGNIFY = 6;
  const STEPS = [1.2, 1.6, 2.4, 3, 4];
  const DEPTHS = [0.05, 0.1, 0.2, 0.35, 0.5]; // of the top: how far the range goes below zero
  const FINER = 6; // points drawn for one of the model's where a band is narrow
  const FAINT = 0.002; // a lower band has no place, as in the table
  const REACH = 16; // cm⁻¹ either side of its place in the table where a band is looked for

  sv.color = (name) =>
    getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim();
  const fade = (hex, alpha) => {
    const part = (i) => parseInt(hex.slice(i, i + 2), 16);
    return `rgba(${part(1)},${part(3)},${part(5)},${alpha})`;
  };
  const dark = () => document.documentElement.dataset.bsTheme === "dark";
  const pale = (hue) => fade(hue, dark() ? 0.29 : 0.2);
  const hued = (text, name) => `<span style="color:${sv.color(name)}"><b>${text}</b></span>`;

  // The full axis is one curve: its fill has the water's hue from 2500 cm⁻¹ on.
  function twoHues() {
    const [sulfate, water] = ["sulfate", "water"].map((name) => pale(sv.color(name)));
    return { fillgradient: { type: "horizontal", start: 100, stop: 4900,
      colorscale: [[0, sulfate], [0.5, sulfate], [0.5, water], [1, water]] } };
  }

  // Points of a window, finer ones (Catmull–Rom) within `near`: straight lines would cut a
  // narrow band's top off and show corners in the lens.
  function sampler(axis, low, high, near = [0, 0]) {
    const x = [], at = [];
    for (let i = 0; i < axis.length; i++) {
      const fine = axis[i] >= near[0] && axis[i + 1] <= near[1] && i > 0 && i + 2 < axis.length;
      for (let f = 0; f < (fine ? FINER : 1); f++) {
        const here = f ? axis[i] + (f / FINER) * (axis[i + 1] - axis[i]) : axis[i];
        if (here >= low && here <= high) x.push(here), at.push([i, f / FINER]);
      }
    }
    const y = (s) =>
      at.map(([i, u]) => {
        if (!u) return s[i];
        const a = s[i - 1], b = s[i], c = s[i + 1], d = s[i + 2];
        return b + 0.5 * u * (c - a + u * (2 * a - 5 * b + 4 * c - d + u * (3 * (b - c) + d - a)));
      });
    return { x, y };
  }

  const around = (axis, at, reach) => sampler(axis, at - reach, at + reach, [at - reach - 4, at + reach + 4]);

  class SpectrumFigure {
    constructor(wrapper, texts) {
      this.element = wrapper.appendChild(Object.assign(document.createElement("div"), { className: "plot" }));
      this.width = wrapper.appendChild(Object.assign(document.createElement("div"), { className: "fwhm" }));
      this.stripe = wrapper.insertBefore(Object.assign(document.createElement("div"), { className: "band-mark", hidden: true }), this.element);
      this.texts = texts;
      this.mode = "windows";
      this.showReference = true;
      this.marked = null;
      this.noise = null;
      this.drawn = 0;
      this.ruler = document.createElement("canvas").getContext("2d");
      this.fast = false;
    }

    setModel(model) {
      this.model = model;
      const axis = model.wavenumber, { main, bands } = model.mineral;
      this.parts = {
        left: sampler(axis, ...LEFT, LENS),
        right: sampler(axis, ...RIGHT),
        main: around(axis, main, 60),
        lens: sampler(axis, ...LENS, [LENS[0] - 4, LENS[1] + 4]),
        full: sampler(axis, 100, 4000, LENS),
      };
      this.points = { left: sampler(axis, ...LEFT), right: this.parts.right, full: sampler(axis, 100, 4000) };
      this.near = new Map(bands.map((band) => [band.position, around(axis, band.position, REACH)]));
      let seed = 12345; // the same noise for the same laser: a slider must not make it flicker
      const random = () => ((seed = (seed * 1103515245 + 12345) % 2147483648), (seed + 1) / 2147483650);
      this.normals = Float32Array.from(axis, () =>
        Math.sqrt(-2 * Math.log(random())) * Math.cos(2 * Math.PI * random()));
    }

    names() {
      return this.mode === "full" ? ["full"] : ["left", "right", "lens"];
    }

    // Height of ν1 and where it is half of that, on the finer grid.
    mainBand(spectrum) {
      const x = this.parts.main.x, y = this.parts.main.y(spectrum);
      let top = 0;
      for (let i = 0; i < y.length; i++) if (y[i] > y[top]) top = i;
      const half = y[top] / 2;
      const cross = (direction) => {
        let i = top;
        while (y[i] > half && i > 0 && i < y.length - 1) i += direction;
        const p = y[i - direction] ?? y[i], q = y[i];
        return x[i] - (p === q ? 0 : (half - q) / (p - q)) * (x[i] - (x[i - direction] ?? x[i]));
      };
      return { height: y[top], left: cross(-1), right: cross(1) };
    }

    measured(spectrum) {
      if (!this.noise) return null;
      const counts = this.noise.counts, { readout } = this.model.counting;
      const out = new Float64Array(spectrum.length);
      for (let i = 0; i < out.length; i++)
        out[i] = spectrum[i] + this.normals[i] *
          Math.sqrt(Math.max(spectrum[i], 0) / counts + (readout / counts) ** 2);
      return out;
    }

    trace(uid, part, values, axes, style) {
      return {
        type: "scatter", mode: "lines", uid, x: part.x, y: part.y(values),
        xaxis: axes[0], yaxis: axes[1], hoverinfo: "skip",
        line: { simplify: false, ...style.line }, ...style.more,
      };
    }

    traces(spectrum) {
      const all = [];
      for (const name of this.names()) {
        const part = this.parts[name];
        const axes = { left: ["x", "y"], full: ["x", "y"], right: ["x2", "y2"], lens: ["x3", "y3"] }[name];
        const hue = sv.color(name === "right" ? "water" : "sulfate");
        if (this.grey && name !== "lens")
          all.push(this.trace("noise-" + name, this.points[name], this.grey, axes,
            { line: { color: sv.color("raw"), width: 1 } }));
        if (this.showReference)
          all.push(this.trace("reference-" + name, part, this.model.reference, axes,
            { line: { color: sv.color("raw"), width: 1.25, dash: "4px,3px", simplify: true } }));
        const fill = { fill: "tozeroy", fillcolor: pale(hue), ...(name === "full" ? twoHues() : {}) };
        const hover = { hoverinfo: "x+y", hovertemplate: "%{y:.3f}<extra></extra>" };
        all.push(this.trace("curve-" + name, part, spectrum, axes,
          { line: { color: sv.color("ink"), width: this.projected ? 3 : 1.75 }, more: { ...fill, ...hover } }));
      }
      if (this.mode !== "full") all.push(this.bracket(spectrum));
      return all;
    }

    bracket(spectrum) {
      const band = this.mainBand(spectrum);
      return {
        type: "scatter", mode: "lines", uid: "bracket", xaxis: "x3", yaxis: "y3", hoverinfo: "skip",
        x: [band.left, band.right], y: [band.height / 2, band.height / 2], cliponaxis: true,
        line: { color: sv.color("structure"), width: 2.5 },
      };
    }

    axis(extra) {
      const size = this.fontSize();
      return {
        fixedrange: true, zeroline: false, showgrid: false, ticks: "outside", ticklen: 4,
        tickcolor: sv.color("line-2"), linecolor: sv.color("line-2"), showline: true,
        tickfont: { size, color: sv.color("ink-3") }, ...extra,
      };
    }

    across(extra) { // the hover box has a digit more than the ticks, which would take its format
      return this.axis({ hoverformat: ".1f", ticktext: extra.tickvals && extra.tickvals.map(String), ...extra });
    }

    // Measured by draw(): asking the page while a slider moves would lay it out twice a frame.
    narrow() {
      return this.small;
    }

    fontSize() {
      return this.projected ? 19 : 12;
    }

    layout(spectrum) {
      const size = this.fontSize(), scale = size / 12;
      const { top, bottom } = this, full = this.mode === "full", narrow = this.narrow();
      const dtick = (narrow ? 0.5 : 0.25) * (top > 2 ? 2 : 1);
      const above = (share) => (share * top - bottom) / (top - bottom); // of the height over zero
      const place = narrow
        ? { left: [[0, 1], [0.58, 1]], lens: [[0.02, 0.4], [0, 0.4]], right: [[0.5, 1], [0, 0.4]] }
        : { left: [[0, 0.581], [0, 1]], lens: [[0.03, 0.405], [above(0.36), 0.955]], right: [[0.613, 1], [0, 1]] };
      const vertical = { showline: false, ticks: "", showgrid: true, gridcolor: sv.color("grid"), range: [bottom, top],
        zeroline: bottom < 0, zerolinecolor: sv.color("line-2"), zerolinewidth: 1 };
      const layout = {
        paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)", showlegend: false,
        margin: { l: 41 * scale, r: (full ? 16 : 38) * scale, t: 28 * scale, b: 42 * scale },
        font: { family: "Inter, system-ui, sans-serif", size, color: sv.color("ink-2") },
        width: this.element.clientWidth, height: this.element.clientHeight,
        hovermode: "x", dragmode: false, uirevision: "kept",
        hoverlabel: { bgcolor: sv.color("surface"), bordercolor: sv.color("line-2"),
          font: { color: sv.color("ink"), family: "Inter" } },
        xaxis: this.across({ range: full ? [100, 4000] : LEFT, domain: full ? [0, 1] : place.left[0],
          tickvals: full ? null : [100, 300, 500, 700, 900, 1100] }),
        yaxis: this.axis({ ...vertical, dtick, domain: full ? [0, 1] : place.left[1] }),
        annotations: this.annotations(spectrum, full, narrow),
        shapes: [],
      };
      if (full) return layout;
      layout.xaxis2 = this.across({ range: RIGHT, domain: place.right[0], anchor: "y2",
        tickvals: narrow ? [3000, 3400, 3800] : [3000, 3200, 3400, 3600, 3800] });
      layout.yaxis2 = this.axis({ ...vertical, range: [bottom / MAGNIFY, top / MAGNIFY], domain: place.right[1], dtick: dtick / 5, side: "right", anchor: "x2" });
      layout.xaxis3 = this.across({ range: LENS, domain: place.lens[0], anchor: "y3",
        tickvals: narrow ? [990, 1008, 1026] : [990, 1000, 1010, 1020, 1030] });
      layout.yaxis3 = this.axis({ ...vertical, showgrid: false, domain: place.lens[1], anchor: "x3", showticklabels: false });
      layout.shapes = [
        { type: "rect", xref: "x", yref: "y domain", x0: LENS[0], x1: LENS[1], y0: 0, y1: 1,
          fillcolor: sv.color("sunken"), line: { width: 0 }, layer: "below" },
        { type: "rect", xref: "paper", yref: "paper", x0: place.lens[0][0], x1: place.lens[0][1], y0: place.lens[1][0], y1: place.lens[1][1],
          line: { color: sv.color("line"), width: 1 }, fillcolor: sv.color("surface"), layer: "below" },
        ...(narrow ? [] : [0.581, 0.613]).flatMap((x) => [-3, 3].map((dx) => ({
          type: "line", xref: "paper", yref: "paper", xsizemode: "pixel", ysizemode: "pixel",
          xanchor: x, yanchor: 0, x0: dx - 3, x1: dx + 3, y0: -6, y1: 6,
          line: { color: sv.color("ink-3"), width: 1.2 } }))),
      ];
      return layout;
    }

    annotations(spectrum, full, narrow) {
      const size = this.fontSize(), t = this.texts, out = this.heads(full, narrow);
      const plain = { showarrow: false, font: { size, color: sv.color("ink-2") } };
      if (!full)
        out.push({ ...plain, text: `<b>ν<sub>1</sub></b> ${t.lens}`, x: narrow ? 0.02 : 0.04,
          y: narrow ? 0.4 : 0.945, xref: "paper", yref: "paper", xanchor: "left", yanchor: narrow ? "bottom" : "top",
          yshift: narrow ? 6 : 0 });
      out.push({ ...plain, text: t.shift, x: 0.5, y: 0, xref: "paper", yref: "paper",
        yanchor: "top", yshift: -22 * (size / 12), font: { size, color: sv.color("ink-3") } });
      const least = [0.02, 0.045, 0.07][narrow ? 2 : full + (this.element.clientWidth < 700)];
      const places = this.model.mineral.bands.filter((b) => b.height >= least)
        .map((band) => ({ band, at: this.place(band, spectrum) })).filter(({ at }) => at);
      for (const { band, at } of places) {
        const right = band.position > 1300, second = right && !full;
        const text = band.position === this.model.mineral.main
          ? `<b>${this.named(band)}</b> ${at.toFixed(0)}` : right ? at.toFixed(0) : `${this.named(band)}<br>${at.toFixed(0)}`;
        const under = !full && !narrow && band.position < LENS[0] - 48; // the lens and its scale
        const highest = (this.top * (under ? 0.18 : this.fill())) / (second ? MAGNIFY : 1);
        out.push({ ...plain, text, x: at, y: Math.min(this.heightNear(spectrum, band, at), highest),
          xref: second ? "x2" : "x", yref: second ? "y2" : "y", yanchor: "bottom", yshift: 3, xshift: this.aside(at, places, size, full) });
      }
      return out;
    }

    // What stands over the windows, as long as there is room for it.
    heads(full, narrow) {
      const size = this.fontSize(), t = this.texts, { mineral } = this.model;
      const width = this.element.clientWidth - ((full ? 57 : 79) * size) / 12;
      const head = (text, x, y, xanchor) => ({ text, x, y, xanchor, xref: "paper", yref: "paper", yanchor: "bottom",
        yshift: text.includes("<sub>") ? 4 : 6, showarrow: false, font: { size, color: sv.color("ink-3") } });
      const [sulfate, water] = [hued(t.sulfate, "sulfate"), hued(t.water, "water")];
      const unit = t.unit.replace("{mineral}", t["mineral_" + mineral.name] || mineral.name);
      const main = this.named(mineral.bands.find((band) => band.position === mineral.main));
      const left = [`${sulfate}, ${unit}`, `${sulfate}, ${main} = 1`, sulfate];
      const room = width * (full || narrow ? 1 : 0.581) - (full ? this.textWidth(water) : 0) - size;
      const first = head(this.longest(left, room), 0, 1, "left");
      if (full) return [first, head(water, 1, 1, "right")];
      const from = narrow ? 0.5 : 0.613, y = narrow ? 0.4 : 1;
      const times = "×" + MAGNIFY, short = hued(t.water.split(",")[0], "water");
      const [second, factor] = this.longest([[water, t.magnified], [water, times], [short, times]], width * (1 - from) - size);
      return [first, head(second, from, y, "left"), head(factor, 1, y, "right")];
    }

    // The first of the texts, or of the pairs, that is no wider than the room [px]; else the last.
    longest(texts, room) {
      const width = (text) => [text].flat().reduce((sum, part) => sum + this.textWidth(part), 0);
      return texts.find((text) => width(text) <= room) || texts[texts.length - 1];
    }

    textWidth(text) {
      this.ruler.font = `bold ${this.fontSize()}px Inter, system-ui, sans-serif`;
      return this.ruler.measureText(text.replace(/<[^>]+>/g, "")).width;
    }

    // Where a band's label stands, and what it says [cm⁻¹]: where the curve has a top there, to
    // the table's last digit; where it has none, the reference's place, or null without one.
    place(band, spectrum) {
      const { x, y } = this.near.get(band.position), curve = y(spectrum);
      const top = curve.indexOf(Math.max(...curve));
      if (!(top > 0 && top < x.length - 1 && curve[top] > FAINT)) return this.showReference ? band.position : null;
      return Math.abs(x[top] - band.position) < 1 ? band.position : x[top];
    }

    // How far a label steps aside [px] from neighbours that it would touch.
    aside(here, places, size, full) {
      const scale = (this.element.clientWidth - 79) / (full ? 3900 : this.narrow() ? 1200 : 2065); // px per cm⁻¹
      const room = 2.2 * size;
      return places.reduce((sum, { at }) => {
        const gap = (at - here) * scale;
        return gap && Math.abs(gap) < room ? sum - Math.sign(gap) * (room - Math.abs(gap)) / 2 : sum;
      }, 0);
    }

    // The highest of all that is drawn around a band.
    heightNear(spectrum, band, at) {
      const { x, y } = this.near.get(band.position);
      const drawn = [spectrum, this.showReference && this.model.reference, this.grey].filter(Boolean);
      return Math.max(0, ...drawn.flatMap((curve) => y(curve).filter((_, i) => Math.abs(x[i] - at) <= 9)));
    }

    // Up to which share of the range a curve may go: a label has room over it.
    fill() {
      return this.narrow() ? 0.86 : 0.95;
    }

    // Least and most of a curve in all windows, in the left one's unit.
    extent(curve, parts) {
      const all = this.names().flatMap((name) =>
        parts[name] ? parts[name].y(curve).map((v) => (name === "right" ? MAGNIFY * v : v)) : []);
      return [Math.min(...all), Math.max(...all)];
    }

    // The range that shows the whole curve, and as much of the noise below zero as leaves it its room.
    fit(spectrum) {
      const [low, high] = this.extent(spectrum, this.parts);
      this.top = STEPS.find((step) => high <= step * this.fill()) || Math.ceil(high / this.fill());
      const noise = this.grey ? -this.extent(this.grey, this.points)[0] / this.top : 0;
      const depth = 1.05 * Math.max(-low / this.top, Math.min(noise, DEPTHS[DEPTHS.length - 1] / 1.05));
      this.bottom = depth < 0.012 ? 0 : -this.top * (DEPTHS.find((d) => depth <= d) || depth); // less isn't seen
    }

    // The whole figure, exactly; at the start, on release, and when anything but the code changes.
    draw(spectrum) {
      this.small = this.element.clientWidth < 560;
      this.grey = this.measured(spectrum);
      this.fit(spectrum);
      const config = { displaylogo: false, showSendToCloud: false, displayModeBar: false, responsive: false };
      this.drawn++;
      return window.Plotly.react(this.element, this.traces(spectrum), this.layout(spectrum), config)
        .then(() => {
          this.fast = !sv.forceReact && this.prepareFast(spectrum);
          this.mark(this.marked);
          this.placeWidth(spectrum);
          this.labelWidth = this.width.offsetWidth;
        });
    }

    // ν1's width beside its bracket, in the lens.
    placeWidth(spectrum) {
      const full = this.element._fullLayout;
      this.width.hidden = this.mode === "full" || !full || !full.xaxis3;
      if (this.width.hidden) return;
      const band = this.mainBand(spectrum), x = full.xaxis3, y = full.yaxis3;
      this.width.innerHTML = `FWHM <b>${(band.right - band.left).toFixed(1)}</b> cm<sup>−1</sup>`;
      const middle = (x.l2p(band.left) + x.l2p(band.right)) / 2, half = y.l2p(band.height / 2);
      const beside = x.l2p(band.right) + 8, room = this.labelWidth || 98;
      let at = [beside, half - 10];
      if (this.narrow()) at = [0, 2];
      else if (beside + room > x._length) // no room there: under the bracket, inside the band
        at = [Math.min(Math.max(middle - room / 2, 2), x._length - room - 2), half + 4];
      this.width.style.transform = `translate(${x._offset + at[0]}px, ${y._offset + at[1]}px)`;
    }

    named(band) {
      return (this.texts["band_" + band.name] || band.name).replace(/^ν(\d)$/, "ν<sub>$1</sub>");
    }

    // The table's position of the band at x [cm⁻¹], or null.
    bandAt(x) {
      const band = this.model.mineral.bands.find(({ position }) => Math.abs(position - x) <= REACH);
      return band ? band.position : null;
    }

    // A stripe behind the band at that position [cm⁻¹], or none.
    mark(position) {
      this.marked = position;
      const full = this.element._fullLayout, right = position > LEFT[1] && this.mode !== "full";
      const axis = full && full[right ? "xaxis2" : "xaxis"], vertical = full && full[right ? "yaxis2" : "yaxis"];
      this.stripe.hidden = position === null || !axis;
      if (this.stripe.hidden) return;
      const [left, end] = [-REACH, REACH].map((reach) => axis.l2p(position + reach));
      Object.assign(this.stripe.style, { left: axis._offset + left + "px", width: end - left + "px",
        top: vertical._offset + "px", height: vertical._length + "px" });
    }

    // The figure with what stands over it in the page.
    pictured() {
      const { data, layout } = this.element, { l, t } = layout.margin;
      if (this.width.hidden) return { data, layout };
      const [, x, y] = /translate\(([-\d.]+)px, ([-\d.]+)px\)/.exec(this.width.style.transform).map(Number);
      const width = { text: this.width.innerHTML, x: 0, y: 1, xref: "paper", yref: "paper", xanchor: "left", yanchor: "top",
        xshift: x - l, yshift: t - y, showarrow: false, font: { ...layout.font, color: sv.color("structure") } };
      return { data, layout: { ...layout, annotations: [...layout.annotations, width] } };
    }

    // Reads Plotly's internals: axis mappings and the paths of our traces. False: not as expected.
    prepareFast(spectrum) {
      try {
        const full = this.element._fullLayout, axes = { left: ["xaxis", "yaxis"], full: ["xaxis", "yaxis"],
          right: ["xaxis2", "yaxis2"], lens: ["xaxis3", "yaxis3"] };
        this.paths = [];
        for (const kind of ["curve", "noise"])
          for (const name of this.names()) {
            const group = this.element.querySelector(`.trace${CSS.escape(kind + "-" + name)}`);
            if (!group) { if (kind === "curve") return false; continue; }
            const [xa, ya] = axes[name].map((a) => full[a]);
            const part = (kind === "noise" ? this.points : this.parts)[name];
            const px = part.x.map((x) => xa.l2p(x));
            const fill = kind === "curve" ? group.querySelector("path.js-fill") : null;
            this.paths.push({ kind, part, px, scale: ya.l2p(1) - ya.l2p(0), zero: ya.l2p(0),
              line: group.querySelector("path.js-line"), fill });
          }
        if (this.mode !== "full") {
          const group = this.element.querySelector(".tracebracket");
          const line = group && group.querySelector("path.js-line");
          if (!line) return false;
          const [xa, ya] = [full.xaxis3, full.yaxis3];
          this.bracketPath = { line, x: (v) => xa.l2p(v), y: (v) => ya.l2p(v) };
        }
        // Known answer: our path of what is drawn now must be Plotly's own, to half a pixel.
        const first = this.paths[0];
        if (!first.line) return false;
        const own = /M([-\d.]+),([-\d.]+)/.exec(this.path(first, spectrum));
        const its = /M([-\d.]+),([-\d.]+)/.exec(first.line.getAttribute("d"));
        return !!its && Math.abs(own[1] - its[1]) < 0.5 && Math.abs(own[2] - its[2]) < 0.5;
      } catch (error) {
        return false;
      }
    }

    // Points on the straight between their neighbours are left out: drawing them costs, none sees them.
    path(entry, spectrum) {
      const { px, zero, scale } = entry, values = entry.part.y(spectrum), last = px.length - 1;
      let d = "", x = px[0], y = zero + scale * values[0], skipped = 0;
      for (let i = 0, here = y; i <= last; i++) {
        const next = i < last ? zero + scale * values[i + 1] : here;
        const straight = i && i < last ? y + ((next - y) * (px[i] - x)) / (px[i + 1] - x) : NaN;
        if (Math.abs(here - straight) < 0.04 && skipped < 6) skipped++;
        else {
          d += (i ? "L" : "M") + px[i].toFixed(2) + "," + here.toFixed(2);
          [x, y, skipped] = [px[i], here, 0];
        }
        here = next;
      }
      return d;
    }

    // One frame while a slider moves.
    fastDraw(spectrum) {
      if (!this.fast) return this.draw(spectrum);
      const measured = this.measured(spectrum);
      for (const entry of this.paths) {
        const d = this.path(entry, entry.kind === "noise" ? measured : spectrum);
        entry.line.setAttribute("d", d);
        if (entry.fill) {
          const px = entry.px, zero = entry.zero.toFixed(2);
          entry.fill.setAttribute("d", `${d}L${px[px.length - 1].toFixed(2)},${zero}L${px[0].toFixed(2)},${zero}Z`);
        }
      }
      if (this.bracketPath && this.mode !== "full") {
        const band = this.mainBand(spectrum), { line, x, y } = this.bracketPath;
        const level = y(band.height / 2).toFixed(2);
        line.setAttribute("d", `M${x(band.left).toFixed(2)},${level}L${x(band.right).toFixed(2)},${level}`);
      }
      this.placeWidth(spectrum);
      this.drawn++;
      return null;
    }
  }

  sv.SpectrumFigure = SpectrumFigure;
})();
