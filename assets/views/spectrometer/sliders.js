// The sliders: one a neuron, its code on the track and what it means beside it.

import { byId, isPressed, lowered, minus, notice, NUMBER, spoken, t, texts, thousands, typed } from "../../lib/page.js";

/**
 * @typedef {object} Hand what moves the code
 * @property {(j: number) => number} code of neuron j
 * @property {(j: number, value: number) => void} move
 * @property {(j: number, value: number) => void} put moves, and lets go: one step to undo
 * @property {() => void} hold
 * @property {() => void} letGo
 */

const EFFECTS = ["strength", "width", "position", "scale", "counts"]; // the order of the sliders

const row = (j) => `
  <div class="slider-head">
    <label for="z-${j}"></label><span class="tag" hidden></span>
    <span class="caption index">#${j} · z <span class="now"></span></span>
    <span class="value"><input ${NUMBER} id="value-${j}"><span class="unit"></span></span>
  </div>
  <div class="track"><span class="span"></span><span class="tick"></span>
    <input type="range" id="z-${j}" step="any"></div>
  <div class="ends"><span></span><span class="middle"></span><span></span></div>
  <div class="caption help"></div>`;

const isQuiet = (neuron) => neuron.inert && !neuron.active;

export class Slider {
  /** @param {import("../../lib/decoder.js").Model} model @param {any} neuron @param {Hand} hand */
  constructor(model, neuron, hand) {
    this.model = model;
    this.neuron = neuron;
    this.hand = hand;
    this.map = model.mapOf(neuron);
    this.log = this.map?.effect === "counts";
    this.origin = model.origin[neuron.index];
    this.name = this.map ? spoken(this.map.label) : neuron.inert ? t("silent_name") : t("mixed_name");
    this.build();
    this.listen();
  }

  build() {
    const { neuron, map } = this, j = neuron.index;
    this.row = document.createElement("div");
    this.row.className = "slider " + (isQuiet(neuron) ? "muted" : `hue-${map ? map.hue : "instrument"}`);
    this.row.innerHTML = row(j);
    const get = (selector) => this.row.querySelector(selector);
    this.range = get("input[type=range]");
    this.number = get("[role=spinbutton]");
    this.bar = get(".span");
    this.out = get(".now");
    get("label").textContent = this.name;
    Object.assign(this.range, { min: neuron.low, max: neuron.high });
    this.number.setAttribute("aria-label", t("value_of", { name: `${this.name} #${j}` }));
    this.unit = map?.unit === "cm⁻¹" ? "cm⁻¹" : this.log ? t("counts") : "";
    get(".unit").innerHTML = this.unit === "cm⁻¹" ? " cm<sup>−1</sup>" : this.unit && " " + this.unit;
    this.laser = this.log ? new Laser(this) : null;
    if (this.laser) this.row.append(this.laser.element);
    get(".help").innerHTML = lowered(map ? this.about("help") : neuron.inert ? "" : t("help_mixed"));
    get(".tag").hidden = !!map || neuron.inert;
    get(".tag").textContent = get(".tag").hidden ? "" : t("entangled");
    this.writeEnds();
    get(".tick").style.left = 100 * this.share(this.origin) + "%";
  }

  writeEnds() {
    const { neuron, map, log } = this, ends = this.row.querySelectorAll(".ends span");
    const shown = (value) => (log ? thousands(Math.round(10 ** value)) : minus(value));
    const words = map
      ? ["low", "middle", "high"].map((end) => shown(map[end === "middle" ? "reference" : end]) + this.about(end))
      : [minus(neuron.low.toFixed(1)), "", minus(neuron.high.toFixed(1))];
    words.forEach((text, k) => (ends[k].textContent = text));
    ends[1].style.left = 100 * this.share(this.origin) + "%";
  }

  /** What is said of the factor there, by its effect; nothing where nothing is. @param {string} place low, middle, high or help */
  about(place) {
    const { factors, groups, bands, main, label } = this.model.mineral, { effect } = this.map;
    const key = `${place}_${effect}`;
    if (!(key in texts)) return "";
    const strongest = bands.find(({ position }) => position === main);
    const called = (name) => spoken(groups.find((group) => group.key === name)?.bands || { en: "" });
    return t(key, { mineral: spoken(label), main: strongest.name, over: called(strongest.group),
      bands: called(factors[this.neuron.factor].group) });
  }

  listen() {
    const { range, number, hand, neuron: { index } } = this;
    range.addEventListener("input", () => { hand.hold(); hand.move(index, +range.value); });
    range.addEventListener("change", hand.letGo);
    range.addEventListener("dblclick", () => hand.put(index, this.origin));
    range.addEventListener("keydown", (event) => this.onKey(event));
    number.addEventListener("change", () => this.onNumber());
    number.addEventListener("keydown", (event) => {
      if (!/^(Enter|ArrowUp|ArrowDown)$/.test(event.key)) return;
      number.blur(); // takes what was typed
      if (event.key === "Enter") return;
      this.onKey(event);
      this.show(true);
      number.focus();
    });
  }

  /** Of the track, 0 to 1. @param {number} value */
  share(value) {
    const { low, high } = this.neuron;
    return Math.min(Math.max((value - low) / (high - low), 0), 1);
  }

  /** @param {KeyboardEvent} event */
  onKey(event) {
    const { low, high, index } = this.neuron, step = ((high - low) / 100) * (event.shiftKey ? 10 : 1);
    const z = this.hand.code(index);
    const to = { ArrowRight: z + step, ArrowUp: z + step, ArrowLeft: z - step, ArrowDown: z - step,
      Home: low, End: high, 0: this.origin }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    this.hand.put(index, Math.min(Math.max(to, low), high));
  }

  onNumber() {
    const { map, neuron, number, log } = this, value = typed(number);
    const shortened = (end) => +(log ? 10 ** end : end).toPrecision(2);
    const low = shortened((map || neuron).low), high = shortened((map || neuron).high), slack = 1e-2 * (high - low);
    if (!(value >= low - slack && value <= high + slack)) // said, and brought to the nearest end
      notice(t("slider_takes", { name: this.name, low: minus(thousands(low)), high: thousands(high) }));
    if (Number.isFinite(value)) this.putFactor(log ? Math.log10(Math.max(value, 1e-3)) : value);
    this.show(true);
  }

  /** Moves the neuron to where it has that factor. @param {number} value */
  putFactor(value) {
    const { map, neuron: { low, high, index } } = this;
    const code = map ? map.code(value, low, high) : value;
    this.hand.put(index, Math.min(Math.max(code, low), high));
  }

  /** What the code means: its factor, or itself. */
  value() {
    const z = this.hand.code(this.neuron.index);
    return this.map ? this.map.value(z) : z;
  }

  /** The value in words, of as many digits as it has. @param {number} physical */
  words(physical) {
    const { map, log } = this;
    if (log) return (10 ** physical).toPrecision(3);
    const rounded = physical.toFixed(map?.unit === "cm⁻¹" ? 1 : 2);
    const home = map && Math.abs(physical - map.reference) < 5e-4 && +rounded !== map.reference; // 0.755 is no 0.76
    return home ? String(map.reference) : rounded;
  }

  /** @param {boolean} [always] though the code is the same */
  show(always) {
    const { range, number, bar, out, log } = this, value = this.hand.code(this.neuron.index);
    if (!always && !log && this.seen === value) return; // seven rows of eight rest during a drag
    const typing = document.activeElement === number;
    this.seen = typing ? null : value;
    range.value = value;
    out.textContent = minus((value > -0.005 ? "+" : "") + value.toFixed(2));
    const physical = this.value(), text = this.words(physical);
    if (!typing) number.value = log ? thousands(+text) : minus(text);
    number.setAttribute("aria-valuenow", +text);
    range.setAttribute("aria-valuetext", `${text} ${this.unitWords()}`.trim());
    this.laser?.show(10 ** physical, isPressed("show-measured"));
    const [a, b] = [this.share(this.origin), this.share(value)];
    bar.style.left = 100 * Math.min(a, b) + "%";
    bar.style.width = 100 * Math.abs(b - a) + "%";
  }

  unitWords() {
    return this.row.querySelector(".unit").textContent;
  }
}

const UNITS = { power: "mW", time: "s" };
const lamp = { power: 10, time: 1 }; // as set, whichever model is shown

// Laser power × integration time → counts: two controls of the same neuron, under its slider.
class Laser {
  /** @param {Slider} slider of the counts */
  constructor(slider) {
    this.efficiency = slider.model.counting.efficiency;
    this.element = document.createElement("div");
    this.element.className = "laser";
    this.element.hidden = true;
    this.inputs = Object.entries(UNITS).map(([name, unit]) => {
      const label = document.createElement("label");
      label.innerHTML = `${t(name)}<input ${NUMBER} id="laser-${name}">${unit}`;
      const input = label.querySelector("input");
      input.addEventListener("change", () => {
        const value = typed(input);
        if (value > 0) lamp[name] = value;
        slider.putFactor(Math.log10(this.efficiency * lamp.power * lamp.time));
      });
      this.element.append(label);
      return { name, input };
    });
  }

  /** @param {number} counts @param {boolean} on is a measurement shown? */
  show(counts, on) {
    this.element.hidden = !on;
    lamp.time = counts / (this.efficiency * lamp.power);
    for (const { name, input } of this.inputs) {
      const value = String(+lamp[name].toPrecision(3));
      input.setAttribute("aria-valuenow", value);
      if (document.activeElement !== input) input.value = value;
    }
  }
}

/** All sliders of a model in the page, by neuron. @param {import("../../lib/decoder.js").Model} model @param {Hand} hand */
export function buildSliders(model, hand) {
  const rank = ({ factor }) => (factor ? EFFECTS.indexOf(model.maps[factor].effect) : EFFECTS.length);
  const quiet = model.neurons.filter(isQuiet), moving = model.neurons.filter((neuron) => !isQuiet(neuron));
  const order = [...moving.sort((a, b) => rank(a) - rank(b) || a.index - b.index), ...quiet];
  const sliders = order.map((neuron) => new Slider(model, neuron, hand));
  byId("sliders").replaceChildren(...sliders.slice(0, moving.length).map(({ row }) => row));
  byId("silent-sliders").replaceChildren(...sliders.slice(moving.length).map(({ row }) => row));
  byId("silent").hidden = quiet.length === 0;
  byId("silent-summary").textContent = t(quiet.length === 1 ? "silent_one" : "silent_many", {
    count: quiet.length, which: quiet.map(({ index }) => "#" + index).join(", ") });
  return sliders.sort((a, b) => a.neuron.index - b.neuron.index);
}

/** What each mixed neuron moves, in words. @param {Slider[]} sliders @param {Record<number, string>} shares by neuron */
export function showShares(sliders, shares) {
  for (const { neuron, row } of sliders) {
    const words = shares[neuron.index];
    if (words) row.querySelector(".help").innerHTML = lowered(words.replace(/ %/g, "\u00a0%"));
  }
}

/**
 * From one code to another in a moment, eased at both ends; at once where motion isn't wanted.
 * @param {Float64Array} z changed in place @param {ArrayLike<number>} target @param {number} time ms
 * @param {() => void} drawn after each step @param {() => void} done
 * @returns {() => void} stops it where it is
 */
export function glide(z, target, time, drawn, done) {
  const from = Array.from(z), start = performance.now();
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  let stopped = false;
  const step = () => {
    if (stopped) return;
    const u = still ? 1 : Math.min((performance.now() - start) / time, 1), ease = u * u * (3 - 2 * u);
    for (let j = 0; j < z.length; j++) z[j] = from[j] + ease * (target[j] - from[j]);
    drawn();
    if (u < 1) requestAnimationFrame(step);
    else done();
  };
  step();
  return () => {
    stopped = true;
  };
}
