// The spectrum as a file: its numbers, or a picture of what is on the screen.

import { byId, minus, t, thousands } from "../../lib/page.js";
import { plainWords, saveBlob, savePicture } from "../../lib/picture.js";

/** @typedef {{model: import("../../lib/decoder.js").Model, z: Float64Array, sliders: import("./sliders.js").Slider[], figure: import("../../lib/figure/figure.js").SpectrumFigure}} Shown */

/** @param {Shown} shown */
export function exportCsv({ model, z, sliders, figure }) {
  const spectrum = model.decode(z), noisy = figure.measured(spectrum);
  const digits = (value) => value.toPrecision(7);
  const lines = [
    `# model: ${model.id}`,
    `# z: ${Array.from(z).join(" ")}`,
    ...sliders.filter(({ map }) => map).map((one) => `# ${one.neuron.factor}: ${one.value().toFixed(5)}`),
    "wavenumber_cm-1,intensity" + (noisy ? ",simulated" : ""),
    ...model.wavenumber.map((x, i) => `${x},${digits(spectrum[i])}` + (noisy ? `,${digits(noisy[i])}` : "")),
  ];
  saveBlob("spectrum.csv", new Blob([lines.join("\n") + "\n"], { type: "text/csv" }));
}

/** @param {Shown} shown */
export function exportPicture({ model, z, sliders, figure }) {
  const { clientWidth, clientHeight } = figure.element;
  const told = [...byId("sliders").children].map((row) => sliders.find((one) => one.row === row)).filter((one) => one?.map);
  const factors = told.map((one) =>
    `${one.name} ${one.number.value}${plainWords(one.row.querySelector(".unit")).replace(/^(?=.)/, " ")}`);
  const counts = figure.noise && thousands(Math.round(figure.noise.counts));
  const lines = [
    `${t("model_named", { model: model.id })}, ${t("kind_" + model.card.supervision)}`,
    [factors.join(", "), figure.showReference && t("picture_dashed"), counts && t("picture_grey", { counts })].filter(Boolean).join("; "),
    `z: ${minus(Array.from(z, (v) => v.toFixed(2)).join(", "))}`,
  ];
  const head = `${byId("spectrum-title").textContent}: ${plainWords(byId("headline"))}`;
  return savePicture("spectrum.png", figure.pictured(), clientWidth, clientHeight, head, lines);
}
