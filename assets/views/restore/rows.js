// What stands over a figure of rows as elements of the page: buttons for each row's height, for
// those who have no wheel, and a mark at the band that is under the pointer there or in its table.

import { append, byId, t } from "../../lib/page.js";
import { phone } from "../../lib/views.js";
import { rowsOf, stretch } from "./zoom.js";

const NOTCH = 2; // of a button
const NAMES = 102 / 140; // of the left margin, where the rows' names end
const UNDER = 2, ABOVE = 32, BESIDE = 84; // px: under a name; on a phone, over a row and beside its name
const REACH = 8, NEAR = 14; // cm⁻¹: half a mark; so near a band is the one that is meant

// ---- heights

function pair(_, k) {
  const place = Object.assign(document.createElement("div"), { className: "row-height" });
  for (const [by, symbol] of [[1 / NOTCH, "dash-lg"], [NOTCH, "plus-lg"]]) {
    const button = append(place, "button", { className: "quiet", type: "button" });
    Object.assign(button.dataset, { row: String(k), by: String(by) });
    append(button, "i", { className: `icon icon-${symbol}` });
  }
  return place;
}

/** Beside the rows, as they lie now. @param {HTMLElement} place @param {any} figure */
function placeHeights(place, figure) {
  const rows = figure.layout.meta?.rows || [], axes = rowsOf(figure), full = figure._fullLayout;
  if (place.childElementCount !== rows.length) place.replaceChildren(...rows.map(pair));
  rows.forEach((row, k) => {
    const one = /** @type {HTMLElement} */ (place.children[k]), axis = axes[k] && full[axes[k][0]];
    one.hidden = !row || !axis;
    if (one.hidden) return;
    const middle = axis._offset + axis._length / 2 + UNDER, left = full._size.l;
    const at = phone.matches ? [left + BESIDE, axis._offset - ABOVE] : [left * NAMES, middle];
    one.style.transform = `translate(${at[0]}px, ${at[1]}px)`;
    ["row_lower", "row_higher"].forEach((words, i) => {
      const button = /** @type {HTMLElement} */ (one.children[i]);
      button.title = t(words, { name: row.name });
      button.setAttribute("aria-label", button.title);
    });
  });
}

// ---- bands

const bandsOf = (table) => [...table.querySelectorAll("[data-band]")];

/**
 * The stripe behind a band, and its cells; null: none.
 * @param {{stripe: HTMLElement, figure: any, table: Element}} joined @param {number | null} position cm⁻¹
 */
function mark({ stripe, figure, table }, position) {
  for (const cell of bandsOf(table)) cell.classList.toggle("marked", position !== null && +cell.dataset.band === position);
  const full = figure._fullLayout, axes = Object.keys(full).filter((key) => /^xaxis\d*$/.test(key));
  const inside = ({ range }) => range[0] <= position && position <= range[1];
  const axis = position === null ? null : axes.map((key) => full[key]).find(inside);
  stripe.hidden = !axis;
  if (stripe.hidden) return;
  const [left, end] = [-REACH, REACH].map((reach) => Math.min(Math.max(axis.l2p(position + reach), 0), axis._length));
  const { t: top, h: tall } = full._size;
  Object.assign(stripe.style, { left: `${axis._offset + left}px`, width: `${end - left}px`, top: `${top}px`, height: `${tall}px` });
}

/** The table's band at x [cm⁻¹], or null. @param {Element} table @param {number} x */
function bandNear(table, x) {
  const positions = bandsOf(table).map((cell) => +cell.dataset.band), away = (position) => Math.abs(position - x);
  const nearest = positions.reduce((best, one) => (best === null || away(one) < away(best) ? one : best), null);
  return nearest !== null && away(nearest) <= NEAR ? nearest : null;
}

/** A column that is marked from the figure is in sight. @param {Element} table */
function follow(table) {
  const cell = table.querySelector(".marked"), scroll = cell?.closest(".band-scroll");
  if (!scroll) return;
  const [own, room] = [cell, scroll].map((one) => one.getBoundingClientRect());
  if (own.left < room.left || own.right > room.right) scroll.scrollLeft += own.left - room.left - room.width / 2;
}

function connect(joined) {
  const { figure, table } = joined;
  figure.on("plotly_hover", ({ points }) => {
    mark(joined, bandNear(table, points[0].x));
    follow(table);
  });
  figure.on("plotly_unhover", () => mark(joined, null));
  table.addEventListener("pointerover", ({ target }) => {
    const cell = target.closest("[data-band]");
    mark(joined, cell ? +cell.dataset.band : null);
  });
  table.addEventListener("pointerleave", () => mark(joined, null));
}

// ---- a figure, once it is there

/** @type {Set<string>} */
const attended = new Set();

/** Buttons and marks for the figure with that id. @param {string} id @param {string} beside of the table with its bands */
export function attend(id, beside) {
  if (attended.has(id)) return;
  attended.add(id);
  const heights = byId(`${id}-heights`), table = byId(beside), place = heights.parentElement; // Dash puts another graph there
  const begin = () => {
    const figure = place.querySelector(".js-plotly-plot");
    if (!figure?.on || !figure._fullLayout) return false;
    const joined = { stripe: byId(`${id}-mark`), figure, table };
    figure.on("plotly_afterplot", () => {
      placeHeights(heights, figure);
      mark(joined, null);
    });
    placeHeights(heights, figure);
    connect(joined);
    heights.addEventListener("click", ({ target }) => {
      const { row, by } = target.closest("button")?.dataset || {};
      if (row) stretch(figure, +row, +by);
    });
    return true;
  };
  if (begin()) return;
  const watch = new MutationObserver(() => begin() && watch.disconnect());
  watch.observe(place, { childList: true, subtree: true });
}
