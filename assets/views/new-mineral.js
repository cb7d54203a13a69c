// New mineral: files of one pure substance wait here, a job fits them; the table that is typed and
// the doubts that are answered stay in this tab until the mineral is kept, whatever is reloaded.

import { press } from "../lib/address.js";
import { keep } from "../lib/kept.js";
import { append, byId, isPressed, kept, notice, set, t, unchanged } from "../lib/page.js";
import { contentOf, nameInputs, toSend } from "../lib/uploads.js";
import { section } from "../lib/views.js";
import { handed } from "./new-mineral/handed.js";
import { buildTable } from "./new-mineral/table.js";

const LOOK = 400; // ms

/** @typedef {{name: string, content?: string, digest?: string, column?: string}} Held */
/** @type {Held[]} */
let files = [];
/** @type {[string, number, number][]} what was done to the fit's bands */
let steps = [];
let baseline = "automatic";
/** @type {number[]} doubts that somebody answered */
let answered = [];
let resolution = null, count = 0, asked = 0, named = false;
/** @type {string | null} the job that fits */
let job = null;
/** what the last fit was asked with */
let fitted = { files: 0, baseline, steps };
/** @type {any} what a page made again brings: rows, answered */
let brought = null;
/** @type {any} the last fit */
let fit = null;
/** @type {any[]} its table, as it was typed */
let rows = [];

// ---- in

function ask() {
  asked = ++count;
  send(job);
  job = null;
  byId("draft-progress").textContent = "";
  show("busy");
}

/** @param {string | null} instead a job for which nobody waits any more */
function send(instead = null) {
  set("draft-ask", { data: { n: asked, look: ++count, files: files.map(toSend), resolution, steps, baseline, instead } });
}

// The server tells at once how far the job is; it is asked again until it is done.
function wait(told) {
  const mine = asked;
  job = told.job;
  byId("draft-progress").textContent = told.words;
  setTimeout(() => mine === asked && send(), LOOK);
}

function show(what, told = null) {
  byId("draft-files").replaceChildren(...files.map(chip));
  set("draft-busy", { hidden: what !== "busy" });
  byId("draft-busy").classList.toggle("again", !!fit); // what was fitted before stays in sight
  set("draft-empty", { hidden: files.length > 0 || what === "refused" });
  set("draft-result", { hidden: what !== "done" && !(what === "busy" && fit) });
  byId("draft-result").classList.toggle("stale", what === "busy");
  byId("draft-undo").disabled = !steps.length;
  const place = byId("draft-refused");
  set("draft-refused", { hidden: !told });
  if (!told) return place.replaceChildren();
  const words = append(place, "p", { textContent: told.why });
  place.replaceChildren(words);
  for (const column of told.columns || []) {
    const button = append(place, "button", { className: "act small", textContent: column });
    button.dataset.column = column;
    place.append(" ");
  }
}

function chip(file, k) {
  const one = Object.assign(document.createElement("span"), { className: "file" });
  append(one, "span", { className: "name", textContent: file.name });
  const remove = append(one, "button", { className: "quiet small", title: t("draft_remove", { name: file.name }) });
  remove.setAttribute("aria-label", remove.title);
  remove.dataset.remove = String(k);
  append(remove, "i", { className: "icon icon-x-lg" });
  return one;
}

function take(told) {
  if (!told || (told.n !== undefined && told.n !== asked)) return unchanged(); // of files that were changed meanwhile
  if (told.state === "gone") {
    const kept = files.every((file) => file.content !== undefined);
    for (const file of files) delete file.digest;
    if (kept) ask();
    else notice(t("file_gone", { name: files[0].name }));
    return unchanged();
  }
  files.forEach((file, k) => Object.assign(file, { digest: told.digests?.[k] ?? file.digest }));
  if (told.state === "fitting") {
    wait(told);
    return unchanged();
  }
  job = null;
  if (told.state === "refused" && fit && fitted.files === files.length) return back(told.why);
  if (told.state !== "done") {
    fit = null;
    show("refused", told);
    return unchanged();
  }
  fit = told;
  fitted = { files: files.length, baseline, steps };
  answered = brought?.answered || [];
  rows = brought?.rows || structuredClone(told.rows);
  brought = null;
  if (!named) set("draft-name", { value: told.name });
  named = true;
  build();
  show("done");
  tell();
  requestAnimationFrame(() => dispatchEvent(new Event("resize"))); // the figure measures itself
  return unchanged();
}

// What was asked of the same files gives nothing: what was there stays.
function back(why) {
  notice(why);
  steps = fitted.steps;
  show("done");
  press(`draft-baseline-${fitted.baseline}`);
  return unchanged();
}

// ---- the table

const build = () => buildTable(byId("draft-table"), rows, fit.groups, { changed: tell, removed });
const known = () => files.map(({ name, digest, column }) => ({ name, digest, column }));
const question = () => ({ files: known(), resolution, steps, baseline });
const told = () => ({ rows, ask: question(), answered, formula: byId("draft-formula").value, n: ++count });

function tell() {
  set("draft-rows", { data: told() });
}

function removed(k) {
  if (rows.length < 2) return;
  rows.splice(k, 1);
  build();
  tell();
  byId("draft-table").focus();
}

function answer({ doubt, does, bands }) {
  const [first, second] = bands.split(",").map(Number);
  if (does === "tell") return byId("draft-resolution").focus();
  brought = null;
  if (does) {
    steps = [...steps, [does, first, does === "merge" ? second : first]];
    return ask();
  }
  answered = [...answered, Number(doubt)];
  tell();
}

function resolve(box) {
  const typed = box.value.trim().replace(",", "."), value = typed === "" ? null : Number(typed);
  if (value !== null && !(value > 0 && value < 100)) return notice(t("bad_resolution"));
  if (value === resolution) return;
  resolution = value;
  if (files.length) ask();
}

document.addEventListener("change", (event) => {
  if (event.target.id === "draft-resolution") resolve(event.target);
});
document.addEventListener("click", (event) => {
  const button = event.target.closest?.("#view-new-mineral button");
  if (!button) return;
  const { doubt, remove, column } = button.dataset;
  if (doubt !== undefined) answer(button.dataset);
  else if (remove !== undefined) without(Number(remove));
  else if (column !== undefined) {
    for (const file of files) file.column = column;
    ask();
  } else if (button.id === "draft-cancel") {
    files = [];
    leave();
  }
  else if (button.dataset.group === "draft-baseline") follow(button.dataset.value);
  else if (button.id === "draft-add") button.setAttribute("aria-pressed", String(!isPressed("draft-add")));
  else if (button.id === "draft-undo" && steps.length) {
    steps = steps.slice(0, -1);
    ask();
  } else if (button.id === "draft-back" && fit) {
    steps = [];
    ask();
  } else if (button.id === "draft-save" && fit) set("draft-keep", { data: { ...told(), name: byId("draft-name").value.trim() } });
});

// Another background asks for other bands.
function follow(how) {
  baseline = how;
  steps = [];
  if (files.length) ask();
}

function without(k) {
  files.splice(k, 1);
  steps = [];
  fit = brought = null;
  if (files.length) ask();
  else leave();
}

function leave() {
  steps = [];
  fit = brought = null;
  asked = ++count;
  send(job);
  job = null;
  named = false;
  show("empty");
}

// ---- a page made again: contents stay with the server, which knows them by their digests

let looked = false; // has somebody looked here?
keep("new-mineral", () => files.filter(({ digest }) => !digest), () => {
  if (!looked) return kept("new-mineral");
  const sent = files.map(({ content, ...file }) => (file.digest ? file : { ...file, content }));
  const formula = byId("draft-formula").value, name = byId("draft-name").value;
  return sent.length && { files: sent, resolution, steps, baseline, formula, name: named ? name : null, rows: fit && rows, answered };
});

function bring() {
  const before = looked ? null : kept("new-mineral");
  looked = true;
  if (!before) return;
  press(`draft-baseline-${before.baseline}`);
  ({ files, resolution, steps, baseline } = before);
  brought = before.rows && { rows: before.rows, answered: before.answered };
  named = before.name !== null;
  if (named) set("draft-name", { value: before.name });
  set("draft-formula", { value: before.formula });
  if (resolution) set("draft-resolution", { value: String(resolution) });
  ask();
}

/** From another view: instead of what was begun here, which is said. @param {import("./new-mineral/handed.js").Handed} file */
function begin({ name, digest, content, column, ...how }) {
  if (files.length) notice(t("draft_replaced", { name: files[0].name }));
  files = [];
  press(`draft-baseline-${how.baseline}`);
  ({ resolution, baseline } = how);
  set("draft-resolution", { value: resolution === null ? "" : String(resolution) });
  set("draft-formula", { value: "" });
  steps = [];
  fit = brought = null;
  named = false;
  files = [{ name, digest, ...(content && { content }), ...(column && { column }) }];
  ask();
}

export const holdsFiles = () => files.length > 0;
export function opened() {
  nameInputs(section("new-mineral"));
  const given = handed();
  bring();
  if (given) begin(given);
}

export const clientside = {
  take,
  drop(dropped, names) {
    if (!dropped?.length) return unchanged();
    if (!files.length) named = false;
    files = [...files, ...dropped.map((data, k) => ({ name: names[k].slice(0, 200), content: contentOf(data) }))];
    steps = [];
    brought = null;
    ask();
    return null;
  },
  clicked(click) {
    const place = click?.points?.[0]?.x;
    if (!fit || !isPressed("draft-add") || !Number.isFinite(place)) return unchanged();
    steps = [...steps, ["add", place, 0]];
    ask();
    return unchanged();
  },
  kept(one) {
    if (one) set("moved-to", { data: { model: one.name, z: null, n: Date.now() } });
    return unchanged();
  },
};
