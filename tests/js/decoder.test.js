import assert from "node:assert/strict";
import { test } from "node:test";
import { halfToFloat, parseModel, readOutput } from "../../assets/lib/decoder.js";
import { gypsum, stored } from "./model.js";

test("the page decodes what torch decodes, to 1e-5", () => {
  const model = gypsum();
  stored.codes.forEach((code, k) => {
    const spectrum = model.decode(code).filter((_, i) => i % stored.every === 0);
    assert.equal(spectrum.length, stored.spectra[k].length);
    spectrum.forEach((v, i) => assert.ok(Math.abs(v - stored.spectra[k][i]) < 1e-5, `code ${k}, point ${i}: ${v}`));
  });
});

test("the reference is the spectrum of the origin, and is kept", () => {
  const model = gypsum(), before = Array.from(model.reference);
  model.decode(model.origin.map(() => 2));
  assert.deepEqual(Array.from(model.reference), before);
  assert.deepEqual(Array.from(model.decode(model.origin)), before);
});

test("float16 as it is written", () => {
  const known = [[0x0000, 0], [0x3c00, 1], [0xc000, -2], [0x7bff, 65504], [0x0001, 2 ** -24], [0x0400, 2 ** -14], [0x3555, 0.333251953125]];
  for (const [bits, value] of known) assert.equal(halfToFloat(bits), value);
  assert.equal(halfToFloat(0xfc00), -Infinity);
  assert.ok(Number.isNaN(halfToFloat(0x7e00)));
});

// A model of one neuron and two points, all weights 1 and all biases 0, packed as the server packs it.
function packed() {
  const shapes = { "hidden.0": [[1, 1], [1]], residual: [[1, 1], [1]], out: [[2, 1], [2]] };
  const tensors = Object.entries(shapes).flatMap(([name, [weight, bias]]) =>
    [[`decoder.${name}.weight`, weight], [`decoder.${name}.bias`, bias]]);
  const sizes = tensors.map(([, shape]) => shape.reduce((a, b) => a * b));
  const halves = tensors.flatMap(([name], k) => Array(sizes[k]).fill(name.endsWith("weight") ? 0x3c00 : 0));
  const info = { tensors, origin: [0], wavenumber: [1, 2], neurons: [], mineral: { factors: {} } };
  const text = JSON.stringify(info), header = new TextEncoder().encode(text.padEnd(Math.ceil(text.length / 4) * 4));
  const head = new DataView(new ArrayBuffer(4));
  head.setUint32(0, header.length, true);
  return new Uint8Array([..."SVAE"].map((c) => c.charCodeAt(0)).concat(
    [...new Uint8Array(head.buffer)], [...header], halves.map((h) => h & 255), halves.map((h) => h >> 8))).buffer;
}

test("a packed model is read: low bytes, then high bytes", () => {
  const silu = (v) => v / (1 + Math.exp(-v)), h = silu(1), y = h + silu(h);
  assert.deepEqual(Array.from(parseModel(packed()).decode([1])), [y, y]);
});

test("two factors of whole numbers are read: direction by direction, with its power of two", () => {
  const numbers = [1, -2, 3, 300, /* columns of the weight: */ -1, 5, 70000, 4].map((n) => (n < 0 ? -2 * n - 1 : 2 * n));
  const bytes = new Uint8Array([0, 8, 16, 24].flatMap((shift) => numbers.map((n) => (n >> shift) & 255)));
  const read = readOutput(bytes, [2, 2], [-1, 2]);
  assert.deepEqual(Array.from(read["decoder.directions.weight"]), [0.5, -1, 12, 1200]);
  assert.deepEqual(Array.from(read["decoder.out.weight"]), [-1, 70000, 5, 4]);
});

test("what is no model is refused", () => {
  assert.throws(() => parseModel(new TextEncoder().encode("<!DOCTYPE html>").buffer), /not a model/);
});
