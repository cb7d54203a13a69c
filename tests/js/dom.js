// As much of a browser as the scripts touch when they are imported, and the elements of a test.
// Import this before any of them.

const quiet = () => {};

/** @type {Record<string, any>} by id */
export const elements = {};
/** @type {string[]} what the page's address became */
export const visited = [];

const canvas = { getContext: () => ({ measureText: (text) => ({ width: 6 * text.length }) }) };
const element = () => ({ ...canvas, style: {}, dataset: {}, classList: { toggle: quiet, add: quiet, contains: () => false },
  addEventListener: quiet, append: quiet, replaceChildren: quiet, appendChild: (one) => one });

export const texts = { unit: "intensity, strongest {mineral} band = 1", magnified: "this window {times}", lens: "lens", shift: "shift" };
elements.texts = { textContent: JSON.stringify(texts) };

Object.assign(globalThis, {
  window: globalThis,
  document: {
    documentElement: { ...element(), lang: "en" },
    cookie: "",
    getElementById: (id) => elements[id] ?? null,
    createElement: element,
    addEventListener: quiet,
    querySelector: () => null,
    querySelectorAll: (selector) => Object.values(elements).filter((one) => selector === `[data-group="${one.group}"]`),
  },
  location: { pathname: "/", search: globalThis.search ?? "" },
  history: { state: null, replaceState: (_state, _title, url) => visited.push(url) },
  matchMedia: () => ({ matches: false, addEventListener: quiet }),
  getComputedStyle: () => ({ getPropertyValue: (name) => (name === "--water" ? "#0A5BC4" : "#14181D") }),
  addEventListener: quiet,
  dash_clientside: { no_update: Symbol("nothing"), said: [], set_props: (id, props) => globalThis.dash_clientside.said.push([id, props]) },
});
globalThis.localStorage = { getItem: () => null, setItem: quiet };
