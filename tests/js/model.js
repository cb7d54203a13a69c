// The shipped model as the tests need it: as the server packs it.

import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { parseModel } from "../../assets/lib/decoder.js";

const here = (path) => new URL(path, import.meta.url);

export const stored = JSON.parse(readFileSync(here("decoder.json"), "utf8"));

const { buffer, byteOffset, byteLength } = execFileSync("python", ["tests/js/fixture.py", "packed"],
  { cwd: here("../.."), env: { ...process.env, PYTHONPATH: "." }, maxBuffer: 2 ** 24 });
const packed = buffer.slice(byteOffset, byteOffset + byteLength);

export const gypsum = () => parseModel(packed);

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
