// The page's small change: elements, words in its language, numbers as people read them, hues.

/** @type {Record<string, string>} */
export const texts = JSON.parse(document.getElementById("texts")?.textContent || "{}");

/** @param {string} id @returns {any} the element; null where there is none */
export const byId = (id) => document.getElementById(id);

/** @param {string} text @param {Record<string, any>} values for its {places} */
export const fill = (text, values) =>
  text.replace(/\{(\w+)\}/g, (_, name) => (name in values ? values[name] : ""));

/** The text of that key, or the key itself. @param {string} key @param {Record<string, any>} [values] */
export const t = (key, values = {}) => fill(key in texts ? texts[key] : key, values);

/** A label as the server sends it, in the page's language. @param {Record<string, string>} label */
export const spoken = (label) => label[document.documentElement.lang] || label.en;

/** ν1 with its index lowered, cm⁻¹ with its exponent raised. @param {string} text @returns {string} HTML */
export const lowered = (text) => text.replace(/ν(\d)/g, "ν<sub>$1</sub>").replace(/cm⁻¹/g, "cm<sup>−1</sup>");

/** Nought has no sign, and a minus is no hyphen. @param {string | number} text */
export const minus = (text) => String(text).replace(/-(?=0\.?0*$)/, "").replace(/-/g, "−");

/** @param {number} number */
export const thousands = (number) =>
  number.toLocaleString("en", { maximumFractionDigits: 20 }).replace(/,/g, "\u202f");

/** Properties of a Dash component. @param {any} id @param {Record<string, any>} props */
export const set = (id, props) => window.dash_clientside.set_props(id, props);

/** What a clientside callback answers when nothing changes. */
export const unchanged = () => window.dash_clientside.no_update;

/** The components that a clientside callback was called for. @returns {{prop_id: string, value: any}[]} */
export const triggered = () => window.dash_clientside.callback_context.triggered;

/** The last word of the pressed button's id, or the default. @param {any} otherwise */
export function pressedWord(otherwise = unchanged()) {
  const [button] = triggered();
  return button ? button.prop_id.split(".")[0].split("-").pop() : otherwise;
}

/** A quiet sentence under the header. @param {string} text */
export function notice(text) {
  if (byId("notice")) set("notice", { children: text });
  else setTimeout(() => notice(text), 100); // the page is still being made
}

/** @param {string} name of the query's part @param {string} given */
export const unknownWord = (name, given) => notice(t("bad_word", { name, given: given.slice(0, 40) }));

/** A sentence's first letter; a symbol's (ν) stays as it is. @param {string} words */
export const upperFirst = (words) => (/^[α-ω]/.test(words) ? words : words.slice(0, 1).toUpperCase() + words.slice(1));

/** A custom property of the stylesheet: #RRGGBB. @param {string} name */
export const color = (name) =>
  getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim();

/** Red, green and blue of #RRGGBB, 0 to 255. @param {string} hex */
export const channels = (hex) => [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16));

export const isDark = () => document.documentElement.dataset.bsTheme === "dark";

/** Is that button on? @param {string} id */
export const isPressed = (id) => byId(id)?.getAttribute("aria-pressed") === "true";

/** An element appended to another. @param {Element} place @param {string} tag @param {object} [props] @returns {any} */
export const append = (place, tag, props = {}) =>
  place.appendChild(Object.assign(document.createElement(tag), props));

/** Attributes of a box for a number. Not type="number": that one takes a comma only where the browser's own language writes one. */
export const NUMBER = 'type="text" inputmode="decimal" role="spinbutton" autocomplete="off"';

/** The number in such a box. @param {HTMLInputElement} input */
export const typed = (input) => parseFloat(input.value.replace(/\s/g, "").replace("−", "-").replace(",", "."));

/** What kept.js has kept of a view, or null. @param {string} name @returns {any} */
export function kept(name) {
  try {
    return JSON.parse(sessionStorage.getItem("kept-" + name));
  } catch {
    return null; // storage is switched off, or holds something else
  }
}
