// What somebody asks of a file's phases: one that must be in it, one that isn't looked for.

import { byId } from "../../lib/page.js";
import { cropped } from "./crop.js";

/** @typedef {{given: string[], without: string[], only: boolean, crop: [number, number] | null, baseline: string}} Wish */
/** @type {Wish} */
const PLAIN = { given: [], without: [], only: false, crop: null, baseline: "automatic" };
const without = (/** @type {string[]} */ list, /** @type {string} */ name) => list.filter((one) => one !== name);

/**
 * The wish after a click or a choice in the card of phases; null where it asks for nothing.
 * @param {Event} event @param {Wish | undefined} before @returns {Wish | null}
 */
export function wished(event, before) {
  /** @type {any} */
  const { target } = event, wish = { ...PLAIN, ...before };
  const crop = cropped(event);
  if (crop !== undefined) return { ...wish, crop };
  if (event.type === "change") {
    if (target.id === "only-given") return { ...wish, only: target.checked };
    if (target.id !== "add-phase" || !target.value) return null;
    return { ...wish, given: [...wish.given, target.value], without: without(wish.without, target.value) };
  }
  const lock = target.closest("[data-lock]")?.dataset.lock, away = target.closest("[data-without]")?.dataset.without;
  if (lock) {
    const on = wish.given.includes(lock), given = on ? without(wish.given, lock) : [...wish.given, lock];
    return { ...wish, given, only: wish.only && given.length > 0 };
  }
  if (away) return { ...wish, given: without(wish.given, away), without: [...wish.without, away] };
  const baseline = target.closest('[data-group="identify-baseline"]')?.dataset.value;
  if (baseline) return { ...wish, baseline };
  if (target.closest("#wish-automatic")) return { ...PLAIN, crop: wish.crop, baseline: wish.baseline };
  return null;
}

/** The phase whose estimates are shown is marked. @param {Element} button */
export function mark(button) {
  for (const one of byId("phases-card").querySelectorAll("[data-phase]")) {
    one.setAttribute("aria-pressed", String(one === button));
    one.parentElement.classList.toggle("chosen", one === button);
  }
}
