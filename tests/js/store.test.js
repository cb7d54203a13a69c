import assert from "node:assert/strict";
import { test } from "node:test";

import { patient, quicken } from "../../assets/lib/store.js";

/** A store that tells every listener of every change, as Redux does. */
function plainStore() {
  const listeners = new Set();
  let state = { layout: {} };
  return {
    getState: () => state,
    change(part = {}) {
      state = { ...state, ...part };
      for (const tell of listeners) tell();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

test("changes of one turn are told once, those of the next again", async () => {
  const store = plainStore();
  let told = 0;
  patient(store)(() => told++);
  for (let k = 0; k < 700; k++) store.change();
  assert.equal(told, 0);
  await null;
  assert.equal(told, 1);
  store.change();
  await null;
  assert.equal(told, 2);
});

test("a new layout is told at once, each time", () => {
  const store = plainStore();
  let told = 0;
  patient(store)(() => told++);
  store.change({ layout: { value: 1 } });
  store.change();
  store.change({ layout: { value: 2 } });
  assert.equal(told, 2);
});

test("who left is told no more, also of what happened before", async () => {
  const store = plainStore();
  let told = 0;
  const leave = patient(store)(() => told++);
  store.change();
  leave();
  store.change({ layout: {} });
  await null;
  assert.equal(told, 0);
});

test("a store that is left on the page is patient and stays what it is", async () => {
  const page = {}, store = plainStore();
  quicken(page);
  page.store = store;
  assert.equal(page.store, store);
  let told = 0;
  page.store.subscribe(() => told++);
  store.change();
  store.change();
  await null;
  assert.equal(told, 1);
});
