// The file that was restored last, behind the virtual curve: the server takes its background off
// and divides by its gain, as the mineral that the Spectrometer shows.

import { byId, isPressed, kept, set, t, thousands } from "../../lib/page.js";

/** @typedef {{name: string, digest?: string, example?: string, column?: string, resolution: number | null}} File */

const LONGEST = 24; // letters of a file's name on its button

/** @type {File | null} */
let file = null;
/** @type {any} what the server said last */
let told = null;
let asked = "";

/** What Restore shows, or what it showed before this page was made again. @param {any} selected */
export function take(selected) {
  if (selected?.digest || selected?.example) file = selected;
}

function before() {
  const there = kept("restore"), one = there?.files[there.chosen];
  if (one?.digest || one?.example) file = { ...one, resolution: there.resolution };
}

/** @param {any} answer */
export function learn(answer) {
  if (answer?.of === asked) told = answer;
}

/**
 * Its values on the model's axis, NaN where it has none; null while nobody wants or knows it.
 * @param {import("../../lib/decoder.js").Model} model @returns {Float64Array | null}
 */
export function curveOf(model) {
  if (!file) before();
  const button = byId("show-file");
  button.hidden = !file;
  if (!file) return null;
  const { name, digest, example, column, resolution } = file;
  button.lastChild.textContent = name.length > LONGEST ? name.slice(0, LONGEST - 1) + "…" : name;
  if (!isPressed("show-file")) return null;
  const of = [model.id, digest || example, column, resolution].join("\n");
  if (of !== asked) {
    [asked, told] = [of, null];
    set("behind-ask", { data: { of, name, digest, example, column, resolution, model: model.id } });
  }
  return told?.y ? Float64Array.from(told.y, (v) => v ?? NaN) : null;
}

/** Its gain, and how far the curve is from it. @param {ArrayLike<number>} spectrum @param {Float64Array | null} curve */
export function tell(spectrum, curve) {
  const place = byId("behind-words"), why = isPressed("show-file") ? told?.why : null;
  place.hidden = !curve && !why;
  place.textContent = why || "";
  if (!curve) return;
  let sum = 0, count = 0;
  for (let i = 0; i < curve.length; i++) {
    if (Number.isNaN(curve[i])) continue;
    sum += (curve[i] - spectrum[i]) ** 2;
    count++;
  }
  const percent = (100 * Math.sqrt(sum / Math.max(count, 1))).toFixed(1);
  place.textContent = t("behind_words", { name: told.name, gain: thousands(Number(told.gain)), percent });
}
