// The address: its path is the view, its query the view's state. What it asks for is taken once,
// when the view is there; a word that isn't known is said.

import { byId, isPressed, set, unknownWord } from "./page.js";
import { buttonsOf, currentView, moduleOf, section } from "./views.js";

/** What the page was asked for; what has been taken is gone from it. */
export const query = new URLSearchParams(location.search);

/** @type {Record<string, Record<string, any>>} what each view wants in its address */
const state = {};

/** @param {string} name of the view @param {Record<string, any>} values */
export function remember(name, values) {
  state[name] = values;
  writeAddress();
}

export function writeAddress() {
  const view = currentView(), { address } = moduleOf(view);
  const chosen = chosenButtons(buttonsOf(view));
  const values = address ? address(chosen) : { ...state[view], ...chosen };
  const search = new URLSearchParams(values).toString().replace(/%2C/g, ",");
  history.replaceState(history.state, "", location.pathname + (search ? "?" + search : ""));
}

// Groups of buttons that stand at another than their first.
function chosenButtons(groups) {
  /** @type {Record<string, string>} */
  const out = {};
  for (const group of groups) {
    const [first, ...others] = document.querySelectorAll(`[data-group="${group}"]`);
    const chosen = others.find((button) => button.getAttribute("aria-pressed") === "true");
    if (first && chosen instanceof HTMLElement) out[group] = chosen.dataset.value;
  }
  return out;
}

/** Presses a button, unless it is as it should be. @param {string} id @param {boolean} [on] */
export function press(id, on = true) {
  if (byId(id) && isPressed(id) !== on) byId(id).click();
}

/** The parts of the query that a view's buttons tell. @param {string} view */
export function takeButtons(view) {
  for (const group of buttonsOf(view)) {
    const value = query.get(group), id = `${group}-${value}`;
    if (value && /^[a-z]+$/.test(value) && byId(id)) press(id);
    else if (value !== null) unknownWord(group, value);
    query.delete(group);
  }
}

/** A part of the query that names an option of a select. @param {string} key @param {string} id */
export function takeOption(key, id) {
  const value = query.get(key);
  query.delete(key);
  if (value === null) return;
  const known = [...byId(id).options].some((option) => option.value === value);
  if (value && known) set(id, { value });
  else if (value) unknownWord(key, value);
}

/** The example that a view is asked to open: its button is pressed. @param {string} view */
export function takeExample(view) {
  const example = query.get("example");
  query.delete("example");
  if (!example) return;
  const named = (id) => id === `example-${example}` || id.includes(`"${example}"`);
  const buttons = section(view).querySelectorAll(`#${view}-empty button`);
  const button = [...buttons].find(({ id }) => named(id));
  if (button) button.click();
  else unknownWord("example", example);
}

/** Numbers between commas; null where they aren't so many, or one of them isn't finite. @param {string} given @param {number} count */
export function finiteNumbers(given, count) {
  const numbers = given.split(",").map((v) => (v.trim() === "" ? NaN : Number(v)));
  return numbers.length === count && numbers.every(Number.isFinite) ? numbers : null;
}

/** A whole number of the query below a limit; null where there is none, or none such. @param {string} given @param {number} limit */
export function wholeBelow(given, limit) {
  const number = given.trim() === "" ? NaN : Number(given);
  return Number.isInteger(number) && number >= 0 && number < limit ? number : null;
}
