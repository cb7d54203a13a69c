// Words and numbers beside the figure: the headline, the note under it, presets, the status.

import { byId, spoken, t, texts } from "../../lib/page.js";

/** @typedef {import("./sliders.js").Slider} Slider @typedef {import("../../lib/decoder.js").Model} Model */

const DRY = 0.6; // of the reference's strength: below, the real mineral would be another

/** @param {Model} model @param {Slider[]} sliders */
function headline(model, sliders) {
  const { groups, name, main, bands } = model.mineral;
  const told = (key) => spoken(groups.find((group) => group.key === key).label);
  const mineral = t("mineral_" + name) === "mineral_" + name ? name : t("mineral_" + name);
  const brighter = sliders.some((one) => one.map?.effect === "scale" && Math.abs(one.value() - one.map.reference) > 0.02);
  const parts = {
    strength: (map, value) => t(brighter ? "headline_strength_relative" : "headline_strength", {
      value: `<b class="${map.hue}">${value.toFixed(2)} ×</b>`, group: told(map.group), mineral,
      main: told(bands.find((band) => band.position === main).group) }),
    width: (map, value) => {
      const wide = map.widest ** ((map.reference - value) / (map.reference - map.low));
      return t("headline_width", { value: `<b class="${map.hue}">${wide.toFixed(2)} ×</b>` });
    },
  };
  return sliders.filter(({ map }) => map && parts[map.effect]).map((one) => parts[one.map.effect](one.map, one.value()));
}

/** @param {Model} model @param {Slider[]} sliders @param {number} time ms that decoding took */
export function showWords(model, sliders, time) {
  const parts = headline(model, sliders);
  if (parts.length) byId("headline").innerHTML = parts.join(", ");
  else byId("headline").textContent = t("headline_" + model.card.supervision);
  const text = texts["virtual_note_" + model.mineral.name];
  const strength = sliders.find(({ map }) => map?.effect === "strength"), note = byId("virtual-note");
  note.hidden = !strength || !text;
  note.style.visibility = strength && strength.value() < DRY ? "visible" : "hidden"; // keeps its room: nothing may jump while dragging
  if (text && note.innerHTML !== text) note.innerHTML = text;
  byId("status").textContent = t("status", { time: time.toFixed(1), model: model.id, kind: t("kind_" + model.card.supervision) });
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
  const named = (name) => {
    const key = "preset_" + (name === "reference" ? model.mineral.name : name).replace(/ /g, "_");
    return texts[key] || t("mineral_" + model.mineral.name);
  };
  const { presets } = model.mineral, controlled = model.neurons.some(({ factor }) => factor);
  const pills = (controlled ? presets : presets.slice(0, 1)).map(({ name, factors }) =>
    pill(named(name), () => codeOf(model, factors)));
  const random = pill(t("preset_random"), () => randomCode(model));
  random.prepend(Object.assign(document.createElement("i"), { className: "icon icon-shuffle" }));
  byId("presets").replaceChildren(...pills, random);
}
