// The one slider of a step: made, moved by hand and keys, and shown where it stands.

import { lowered } from "../../lib/page.js";
import { signed } from "./numbers.js";

/**
 * Builds the slider into its place; `hand` gives its id, where it stands, and what a move and a rest do.
 *
 * @param {Element} place
 * @param {any} slider its range, words and hue; gets its elements
 * @param {{ id: string, at: () => number, move: (to: number) => void, settle: () => void }} hand
 */
export function buildSlider(place, slider, { id, at, move, settle }) {
  place.innerHTML = `<div class="slider hue-${slider.hue}">
    <div class="slider-head"><label for="${id}"></label>
      <span class="caption index"></span><span class="value"><b></b></span></div>
    <div class="track"><span class="span"></span><span class="tick"></span>
      <input type="range" id="${id}"></div>
    <div class="ends"><span></span><span></span></div></div>`;
  const get = (/** @type {string} */ selector) => /** @type {any} */ (place.querySelector(selector));
  get("label").innerHTML = lowered(slider.name);
  place.querySelectorAll(".ends span").forEach((span, k) => (span.textContent = slider.ends[k]));
  const input = get("input"), { low, high, by, start } = slider;
  Object.assign(input, { min: low, max: high, step: by || "any" });
  Object.assign(slider, { input, index: get(".index"), out: get(".value b"), bar: get(".span") });
  slider.share = (/** @type {number} */ v) => (100 * (v - low)) / (high - low);
  get(".tick").style.left = slider.share(start) + "%";
  input.addEventListener("input", () => move(+input.value));
  input.addEventListener("change", settle);
  input.addEventListener("dblclick", () => { move(start); settle(); });
  input.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
    const far = by ? by * (event.shiftKey ? 5 : 1) : ((high - low) / 100) * (event.shiftKey ? 10 : 1);
    const up = at() + far, down = at() - far;
    const keys = { ArrowRight: up, ArrowUp: up, ArrowLeft: down, ArrowDown: down, Home: low, End: high, 0: start };
    const to = /** @type {Record<string, number>} */ (keys)[event.key];
    if (to === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    move(to);
    settle();
  });
}

/**
 * @param {any} slider
 * @param {number} value where it stands
 */
export function showSlider(slider, value) {
  const { input, index, out, bar, neuron, start, words, share } = slider;
  input.value = value;
  input.setAttribute("aria-valuetext", words(value));
  out.textContent = words(value);
  index.textContent = neuron ? `#${neuron.index}` + (neuron.factor ? ` · z ${signed(value, 2)}` : "") : "";
  const [a, b] = [share(start), share(value)];
  bar.style.left = Math.min(a, b) + "%";
  bar.style.width = Math.abs(b - a) + "%";
}

/**
 * Eight bars: what each neuron tells, the chosen one filled.
 *
 * @param {{ index: number, kl?: number }[]} neurons
 * @param {number} chosen
 */
export function told(neurons, chosen) {
  const most = Math.max(...neurons.map(({ kl }) => kl || 0));
  return neurons.map(({ index, kl = 0 }) =>
    `<span class="${index === chosen ? "chosen" : ""}"><i style="height:${(100 * kl) / most}%"></i>
      <b>${kl < 0.01 ? kl.toFixed(3) : kl.toFixed(1)}</b>#${index}</span>`).join("");
}
