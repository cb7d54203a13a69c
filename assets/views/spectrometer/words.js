// Words and numbers beside the figure: the headline, the note under it, presets, the status.

import { byId, lowered, spoken, t, upperFirst } from "../../lib/page.js";

/** @typedef {import("./sliders.js").Slider} Slider @typedef {import("../../lib/decoder.js").Model} Model */

/** @param {Model} model @param {Slider[]} sliders */
function headline(model, sliders) {
  const { groups, label, main, bands } = model.mineral, mineral = spoken(label);
  const called = (key) => spoken(groups.find((group) => group.key === key).label);
  const brighter = sliders.some((one) => one.map?.effect === "scale" && Math.abs(one.value() - one.map.reference) > 0.02);
  const parts = {
    strength: (map, value) => t(brighter ? "headline_strength_relative" : "headline_strength", {
      value: `<b class="hue-${map.hue}">${value.toFixed(2)} ×</b>`, group: called(map.group), mineral,
      main: called(bands.find((band) => band.position === main).group) }),
    width: (map, value) => {
      const wide = map.widest ** ((map.reference - value) / (map.reference - map.low));
      return t("headline_width", { value: `<b class="hue-${map.hue}">${wide.toFixed(2)} ×</b>` });
    },
  };
  return sliders.filter(({ map }) => map && parts[map.effect]).map((one) => parts[one.map.effect](one.map, one.value()));
}

/** Words where the headline stands, until something moves. @param {string} words */
export function showHeadline(words) {
  byId("headline").textContent = words;
}

/** @param {Model} model @param {Slider[]} sliders @param {number} time ms that decoding took */
export function showWords(model, sliders, time) {
  const parts = headline(model, sliders);
  if (parts.length) byId("headline").innerHTML = parts.join(", ");
  else byId("headline").textContent = t("headline_" + model.card.supervision);
  const note = byId("virtual-note"), own = (name) => sliders.find(({ neuron, map }) => map && neuron.factor === name);
  const notes = model.mineral.notes.filter(({ factor }) => own(factor));
  const now = notes.find(({ factor, below }) => own(factor).value() < below), shown = now || notes[0];
  note.hidden = !shown;
  note.style.visibility = now ? "visible" : "hidden"; // keeps its room: nothing may jump while dragging
  const text = shown ? lowered(spoken(shown.text)) : "";
  if (note.innerHTML !== text) note.innerHTML = text;
  byId("spectrum-title").textContent = upperFirst(t("title", { mineral: spoken(model.mineral.label) }));
  byId("status").textContent = t("status", { time: time.toFixed(1), model: model.id, kind: t("kind_" + (model.card.solved ? "solved" : model.card.supervision)) });
}

/** A preset's code. @param {Model} model @param {Record<string, number>} factors */
function codeOf(model, factors) {
  const code = Float64Array.from(model.origin);
  for (const { factor, index, low, high } of model.neurons)
    if (factor in factors) code[index] = model.maps[factor].code(factors[factor], low, high);
  return code;
}

const randomCode = (model) => Float64Array.from(model.neurons, ({ inert, low, high, index }) =>
  inert ? model.origin[index] : low + Math.random() * (high - low));

/** @param {Model} model @param {(code: Float64Array) => void} glideTo */
export function buildPresets(model, glideTo) {
  const pill = (text, code) => {
    const button = document.createElement("button");
    button.className = "pill";
    button.textContent = text;
    button.addEventListener("click", () => glideTo(code()));
    return button;
  };
  const { presets } = model.mineral, controlled = model.neurons.some(({ factor }) => factor);
  const pills = (controlled ? presets : presets.slice(0, 1)).map(({ label, factors }) =>
    pill(upperFirst(spoken(label)), () => codeOf(model, factors)));
  const random = pill(t("preset_random"), () => randomCode(model));
  random.prepend(Object.assign(document.createElement("i"), { className: "icon icon-shuffle" }));
  byId("presets").replaceChildren(...pills, random);
}
