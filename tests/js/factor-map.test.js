import assert from "node:assert/strict";
import { test } from "node:test";
import { FactorMap } from "../../assets/lib/decoder.js";
import { gypsum, stored } from "./model.js";

const maps = Object.entries(gypsum().mineral.factors).map(([name, entry]) => new FactorMap(name, entry));
const span = ({ low, high }) => high - low;

for (const map of maps) {
  test(`${map.name}: as Python computes it, between the table's codes too`, () => {
    stored.factors.codes.forEach((z, k) =>
      assert.ok(Math.abs(map.value(z) - stored.factors.values[map.name][k]) < 1e-4 * span(map), `${z}`));
  });

  test(`${map.name}: there and back again`, () => {
    for (let z = -2.9; z < 3; z += 0.37) assert.ok(Math.abs(map.code(map.value(z), -3, 3) - z) < 2e-3, `${z}`);
    assert.equal(map.code(map.reference, -3, 3), 0);
    assert.ok(Math.abs(map.value(0) - map.reference) < 1e-6 * span(map));
  });

  test(`${map.name}: grows with the code and stops at the slider's ends`, () => {
    const values = Array.from({ length: 101 }, (_, k) => map.value(-5 + k / 10));
    assert.ok(values.every((v, k) => !k || v >= values[k - 1]));
    assert.equal(map.code(map.low - 1, -3, 3), -3);
    assert.equal(map.code(map.high + 1, -3, 3), 3);
    assert.equal(map.value(-50), map.value(-5));
  });
}
