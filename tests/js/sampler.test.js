import assert from "node:assert/strict";
import { test } from "node:test";
import { around, catmullRom, sampler } from "../../assets/lib/sampler.js";

const axis = Array.from({ length: 50 }, (_, i) => 100 + 2 * i);

test("outside a narrow band's place the model's own points are drawn", () => {
  const { x, y } = sampler(axis, 110, 130);
  assert.deepEqual(x, [110, 112, 114, 116, 118, 120, 122, 124, 126, 128, 130]);
  assert.deepEqual(y(axis.map((v) => v * v)), x.map((v) => v * v));
});

test("within it there are six for one, and the model's own are kept", () => {
  const { x, y } = sampler(axis, 110, 130, [114, 120]), squares = axis.map((v) => v * v);
  assert.equal(x.filter((v) => v >= 114 && v < 120).length, 18);
  assert.equal(x.length, 11 + 15);
  assert.ok(x.every((v, i) => !i || v > x[i - 1]));
  const values = y(squares);
  for (const own of [114, 116, 118, 120]) assert.equal(values[x.indexOf(own)], own * own);
});

test("between points a parabola stays a parabola", () => {
  const { x, y } = around(axis, 140, 20), values = y(axis.map((v) => (v - 137) ** 2));
  x.forEach((v, i) => assert.ok(Math.abs(values[i] - (v - 137) ** 2) < 1e-9));
});

test("at the axis' ends, where a neighbour is missing, none is made up", () => {
  const { x, y } = around(axis, 100, 6);
  assert.ok(y(axis.map(() => 1)).every((v) => v === 1));
  assert.deepEqual(x.slice(0, 2), [100, 102]);
});

test("an interpolated point lies where its neighbours say", () => {
  assert.equal(catmullRom([0, 1, 2, 3], 1, 0.5), 1.5);
  assert.equal(catmullRom([0, 0, 1, 1], 1, 0.5), 0.5);
});
