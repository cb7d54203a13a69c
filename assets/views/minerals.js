// Minerals: the list with its sparklines is drawn here, so that a search costs a few milliseconds;
// what is chosen and what is asked for stand in the address.

import { query, remember } from "../lib/address.js";
import { append, byId, set, t } from "../lib/page.js";
import { nameInputs } from "../lib/uploads.js";
import { section } from "../lib/views.js";
import { row } from "./minerals/rows.js";

const FIELDS = { search: "minerals-search", at: "minerals-at", within: "minerals-within" };
const UNDO = 10e3; // ms
let chosen = "", hue = "", asked = false, given = null;

/** What the address asks for, once. */
export function opened() {
  nameInputs(section("minerals"));
  if (asked) return;
  asked = true;
  for (const [key, id] of Object.entries(FIELDS)) {
    const value = query.get(key);
    query.delete(key);
    if (value) set(id, { value: value.slice(0, 80) });
  }
  const wanted = query.get("mineral");
  query.delete("mineral");
  if (wanted) set("minerals-chosen", { data: wanted.slice(0, 80) });
}

export function address() {
  const values = chosen ? { mineral: chosen } : {};
  for (const [key, id] of Object.entries(FIELDS)) {
    const value = byId(id)?.value;
    if (value && !(key === "within" && !byId(FIELDS.at).value)) values[key] = value;
  }
  return values;
}

function list(known, hits, now) {
  chosen = now;
  if (!known || !hits) return null;
  const place = byId("minerals-rows"), of = new Map(known.map((one) => [one.name, one]));
  const focused = place.contains(document.activeElement) && document.activeElement.getAttribute("data-mineral");
  place.replaceChildren();
  const own = known.filter((one) => one.own).length;
  for (const pill of section("minerals").querySelectorAll("[data-hue] .caption"))
    pill.textContent = String(known.filter((one) => one.hue === pill.parentElement.dataset.hue).length);
  byId("minerals-count").textContent = t(own ? "minerals_count_own" : "minerals_count", { count: known.length, own });
  if (hits.asked) heading(place, t("minerals_fit", { count: hits.fit.length }), t("minerals_fit_what"));
  const sorted = [...known].sort((a, b) => Number(b.own) - Number(a.own)); // one's own first
  const order = hits.ordered ? hits.fit : sorted.map(({ name }) => hits.fit.find((hit) => hit.name === name)).filter(Boolean);
  rows(place, order, of, hits, now);
  if (!hits.fit.length) nothing(place, hits, of);
  if (hits.near.length) {
    heading(place, t("minerals_near"), t("minerals_near_what"));
    rows(place, hits.near, of, hits, now);
  }
  if (focused) place.querySelector(`[data-mineral="${CSS.escape(focused)}"]`)?.focus();
  remember("minerals", {});
  if (given !== now) place.querySelector("[aria-current]")?.scrollIntoView({ block: "nearest" });
  given = now;
  return null;
}

function rows(place, hits, of, { asked: band }, now) {
  const items = append(place, "ul");
  for (const hit of hits) {
    const one = of.get(hit.name);
    if (one) append(items, "li").append(row(one, hit, band, now === hit.name));
  }
}

function heading(place, words, beside) {
  const line = append(place, "div", { className: "mineral-heading" });
  append(line, "b", { textContent: words });
  append(line, "span", { className: "caption", textContent: beside });
}

function nothing(place, { nearest, asked: band }, of) {
  const one = nearest && of.get(nearest.name);
  const words = band && one
    ? t("minerals_none_at", { at: band[0], within: band[1], name: one.label, nearest: nearest.at })
    : t("minerals_none");
  append(place, "p", { className: "caption mineral-none", textContent: words });
}

// ---- one's own

const act = (what) => set("minerals-action", { data: { ...what, n: Date.now() } });
let forgotten = 0;

function forget() {
  clearTimeout(forgotten);
  set("minerals-undo", { hidden: true });
}

// At once, and back again within ten seconds.
function remove() {
  const name = chosen, place = byId("minerals-undo");
  act({ what: "remove", name });
  append(Object.assign(place, { textContent: "" }), "span", { textContent: t("minerals_removed", { name }) });
  append(place, "button", { className: "act small", textContent: t("minerals_undo") }).dataset.undo = name;
  set("minerals-undo", { hidden: false });
  clearTimeout(forgotten);
  forgotten = setTimeout(forget, UNDO);
  place.querySelector("button").focus();
}

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("#view-minerals button");
  if (!button) return;
  if (button.dataset.mineral) set("minerals-chosen", { data: button.dataset.mineral });
  else if (button.dataset.hue) {
    hue = hue === button.dataset.hue ? "" : button.dataset.hue;
    for (const other of section("minerals").querySelectorAll("[data-hue]"))
      other.setAttribute("aria-pressed", String(other.dataset.hue === hue));
    set("minerals-hue", { data: hue });
  } else if (button.id === "minerals-clear") {
    for (const id of [FIELDS.search, FIELDS.at]) set(id, { value: "" });
    byId(FIELDS.at).focus();
  } else if (button.dataset.cancel) act({ what: "cancel", name: button.dataset.cancel });
  else if (button.dataset.dismiss) set("minerals-dismissed", { data: button.dataset.dismiss });
  else if (button.id === "minerals-rename") act({ what: "rename", name: chosen, new: byId("minerals-new-name").value });
  else if (button.id === "minerals-remove") remove();
  else if (button.dataset.undo) {
    act({ what: "undo", name: button.dataset.undo });
    forget();
  } else if (button.id === "minerals-open") set("moved-to", { data: { model: chosen, z: null, n: Date.now() } });
});

export const clientside = { list };
