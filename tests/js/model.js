// The shipped model as the tests need it: its header as the server sends it, its weights on disk.

import { readFileSync } from "node:fs";
import { halfToFloat, Model } from "../../assets/lib/decoder.js";

const here = (path) => new URL(path, import.meta.url);

export const stored = JSON.parse(readFileSync(here("decoder.json"), "utf8"));

/** Tensors of a safetensors file: header length, header, numbers. */
function readSafetensors(path) {
  const { buffer, byteOffset, byteLength } = readFileSync(path);
  const bytes = buffer.slice(byteOffset, byteOffset + byteLength);
  const length = Number(new DataView(bytes).getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(bytes, 8, length)));
  delete header.__metadata__;
  return Object.fromEntries(Object.entries(header).map(([name, { dtype, data_offsets: [from, to] }]) => {
    const data = bytes.slice(8 + length + from, 8 + length + to);
    return [name, dtype === "F16" ? Float32Array.from(new Uint16Array(data), halfToFloat) : new Float32Array(data)];
  }));
}

export const gypsum = () =>
  new Model(stored.header, readSafetensors(here("../../spectra_vae/models/gypsum/model.safetensors")));

/** A made-up mineral of one window, its main band at the left. */
export const calcite = () => {
  const model = gypsum();
  const band = (name, position, height) => ({ name, position, height, width: 6, group: "carbonate" });
  const label = { en: "carbonate", it: "carbonato" };
  model.mineral = { ...model.mineral, name: "calcite", label: { en: "calcite", it: "calcite" }, main: 282, lens: [258, 306],
    bands: [band("lattice", 282, 1), band("ν4", 712, 0.1), band("ν1", 1086, 0.9)],
    windows: [{ low: 100, high: 1300, from: 100, magnify: 1, hue: "carbonate", label }],
    groups: [{ key: "carbonate", hue: "carbonate", label }, { key: "lattice", hue: "lattice", label: { en: "lattice", it: "reticolo" } }] };
  return model;
};
