globalThis.search = "?axis=full&rows=sideways&neuron=3&against=bridge";
const { elements, visited } = await import("./dom.js");
elements["known-views"] = { textContent: JSON.stringify([
  { name: "spectrometer", path: "/", script: null, buttons: ["axis"] },
  { name: "neurons", path: "/neurons", script: null, buttons: ["rows"] },
]) };
import assert from "node:assert/strict";
import { test } from "node:test";

const { finiteNumbers, query, remember, takeButtons, takeOption, wholeBelow } = await import("../../assets/lib/address.js");
const { register } = await import("../../assets/lib/views.js");
const { said } = globalThis.dash_clientside;

// Buttons of a group, the first pressed.
function buttons(group, values) {
  values.forEach((value, k) => {
    let pressed = k === 0;
    elements[`${group}-${value}`] = Object.assign(new HTMLElement(), { group, dataset: { value },
      getAttribute: () => String(pressed), click: () => (pressed = true) });
  });
}
globalThis.HTMLElement = class {};

test("a view's state and its buttons stand in the address", () => {
  buttons("axis", ["windows", "full"]);
  register("spectrometer", { address: (chosen) => ({ z: "0,1,2", ...chosen }) });
  remember("spectrometer", {});
  assert.equal(visited.at(-1), "/?z=0,1,2");
  takeButtons("spectrometer");
  assert.equal(query.get("axis"), null, "taken once");
  remember("spectrometer", {});
  assert.equal(visited.at(-1), "/?z=0,1,2&axis=full");
});

test("what a view remembers is told, where it has no address of its own", () => {
  register("spectrometer", {});
  remember("neurons", { neuron: 1 });
  assert.equal(visited.at(-1), "/?axis=full", "of the view that is shown alone");
  remember("spectrometer", { run: "a b" });
  assert.equal(visited.at(-1), "/?run=a+b&axis=full");
});

test("a word that no button has is said and left", () => {
  elements.notice = {};
  takeButtons("neurons");
  const [id, { children }] = said.at(-1);
  assert.equal(id, "notice");
  assert.equal(children, "bad_word");
  assert.equal(query.get("rows"), null);
});

test("an option that is there is chosen, another one is said", () => {
  elements.against = { options: [{ value: "bridge" }] };
  takeOption("against", "against");
  assert.deepEqual(said.at(-1), ["against", { value: "bridge" }]);
  query.set("against", "nobody");
  takeOption("against", "against");
  assert.equal(said.at(-1)[0], "notice");
});

test("so many finite numbers, or none", () => {
  assert.deepEqual(finiteNumbers("0.5,-1,2e-3", 3), [0.5, -1, 0.002]);
  const wrong = ["1,2", "NaN,0,0", "1,2,3,4", "a,b,c", "1,NaN,2", "0,0,Infinity", "0,,0", "1e999,0,0", "<img>", ""];
  for (const given of wrong) assert.equal(finiteNumbers(given, 3), null, given);
});

test("a whole number below a limit, or none", () => {
  const given = ["0", "7", "8", "-1", "1.5", "", " ", "x", "80", "<b>", "1e0"];
  assert.deepEqual(given.map((text) => wholeBelow(text, 8)), [0, 7, null, null, null, null, null, null, null, null, 1]);
});
