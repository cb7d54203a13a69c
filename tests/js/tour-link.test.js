import assert from "node:assert/strict";
import { test } from "node:test";
import { readLink } from "../../assets/views/tour/link.js";

const steps = [0, 1, 2].map((count) => ({ variants: Array(count).fill({}) }));
const asked = (text) => readLink(new URLSearchParams(text), steps);

test("a link begins at its step, its model and its place", () => {
  assert.deepEqual(asked("step=3&with=2&at=-1.5"), { index: 2, variant: 1, value: -1.5, right: true });
  assert.deepEqual(asked("step=2"), { index: 1, variant: 0, value: NaN, right: true });
  assert.deepEqual(asked(""), { index: 0, variant: 0, value: NaN, right: true });
});

test("what is wrong in a link stays at its default, and is known to be wrong", () => {
  for (const text of ["step=4", "step=0", "step=x", "step=1.5", "step=", "step=-1", "step=1e0", "with=1"])
    assert.deepEqual(asked(text), { index: 0, variant: 0, value: NaN, right: false }, text);
  assert.deepEqual(asked("step=3&with=3"), { index: 2, variant: 0, value: NaN, right: false });
  assert.deepEqual(asked("step=3&at=NaN"), { index: 2, variant: 0, value: NaN, right: false });
});

test("it is taken once, and nothing else is", () => {
  const query = new URLSearchParams("step=2&at=x&lang=it");
  readLink(query, steps);
  assert.equal(String(query), "lang=it");
});
