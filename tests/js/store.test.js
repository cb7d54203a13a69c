import assert from "node:assert/strict";
import { test } from "node:test";

import { onceATurn, quicken } from "../../assets/lib/store.js";

/** A store that tells every listener of every change, as Redux does. */
function plainStore() {
  const listeners = new Set();
  return {
    change: () => listeners.forEach((tell) => tell()),
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

test("changes of one turn are told once, those of the next again", async () => {
  const store = plainStore();
  let told = 0;
  onceATurn(store.subscribe)(() => told++);
  for (let k = 0; k < 700; k++) store.change();
  assert.equal(told, 0);
  await null;
  assert.equal(told, 1);
  store.change();
  await null;
  assert.equal(told, 2);
});

test("who left is told no more, also of what happened before", async () => {
  const store = plainStore();
  let told = 0;
  const leave = onceATurn(store.subscribe)(() => told++);
  store.change();
  leave();
  store.change();
  await null;
  assert.equal(told, 0);
});

test("a store that is left on the page tells once a turn and stays what it is", async () => {
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
