// The strip under a figure: its two ends say which part of the file counts.

import { byId } from "../../lib/page.js";

const APART = 0.02; // of the file, that stays at the least

/** Both ends, kept apart; what is left out is greyed. @param {HTMLInputElement} moved */
function ends(moved) {
  const low = byId("crop-low"), high = byId("crop-high"), first = +low.min, last = +low.max, apart = APART * (last - first);
  if (moved === low) low.value = String(Math.min(+low.value, +high.value - apart));
  else high.value = String(Math.max(+high.value, +low.value + apart));
  const track = low.closest(".crop-track");
  track.style.setProperty("--low", `${(100 * (+low.value - first)) / (last - first)}%`);
  track.style.setProperty("--high", `${(100 * (last - +high.value)) / (last - first)}%`);
  const whole = +low.value <= first && +high.value >= last - 1e-6;
  return whole ? null : /** @type {[number, number]} */ ([+low.value, +high.value]);
}

document.addEventListener("input", (event) => {
  /** @type {any} */
  const { target } = event;
  if (/^crop-(low|high)$/.test(target.id)) ends(target);
});

/** The part of the file after an end was let go; undefined where it was something else. @param {any} event */
export function cropped(event) {
  const { target } = event;
  if (event.type === "change" && /^crop-(low|high)$/.test(target.id)) return ends(target);
  return event.type === "click" && target.closest("#crop-whole") ? null : undefined;
}
