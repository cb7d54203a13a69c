// Restore: files wait here and are sent one at a time, so that the page can say how far it is.
// Their contents stay in this page; the server is sent the one that it restores or draws.

import { query, remember, takeButtons, takeExample } from "../lib/address.js";
import { keep, kept } from "../lib/kept.js";
import { byId, notice, set, t, unchanged } from "../lib/page.js";
import { contentOf, nameInputs } from "../lib/uploads.js";
import { section } from "../lib/views.js";
import "./restore/drop.js";
import { follow, savedPicture } from "./restore/shown.js";

const MOST = 40, TOGETHER = 200e6, PATIENCE = 120e3, UNDO = 10e3; // files, bytes, ms, ms

let entries = []; // what the strip and the table tell of each file, in order
let contents = new Map(); // key → { name, model, content | example, column }
let waiting = [], asked = null, timer = 0; // keys
let chosen = null, show = "spectrum", single = false, count = 0;
let resolution = null; // the instrument's, cm⁻¹; null: the table's
let answers = new Map(); // columns of a question → the answer that holds for all such files

const entry = (key) => entries.find((one) => one.key === key);
const change = (key, what) => {
  const clean = { key, name: contents.get(key).name, columns: entry(key)?.columns };
  entries = entries.map((one) => (one.key === key ? { ...clean, ...what } : one));
};

// ---- in

function add(files, model) {
  const sizes = (list) => list.reduce((sum, file) => sum + (file.content || "").length * 0.75, 0);
  let room = TOGETHER - sizes([...contents.values()]);
  const slots = MOST - entries.length, left = [];
  const taken = files.filter((file, k) => {
    const size = sizes([file]);
    const fits = k < slots && size <= room;
    if (fits) room -= size;
    else left.push(file.name.slice(0, 40));
    return fits;
  });
  if (left.length) {
    const some = left.slice(0, 3).join(", ") + (left.length > 3 ? ", " + t("restore_more", { count: left.length - 3 }) : "");
    notice(t(taken.length < slots ? "restore_together" : "restore_too_many", { most: MOST, names: some }));
  }
  for (const file of taken) {
    const key = `file-${++count}`;
    contents.set(key, { model, ...file });
    entries = [...entries, { key, name: file.name, state: "waiting", columns: file.columns }];
    waiting.push(key);
  }
  single = taken.length === 1 && waiting.length === 1;
  if (taken.length) view(single ? "spectrum" : "table");
  next();
}

function next() {
  if (asked === null && waiting.length) {
    asked = waiting.shift();
    set("restore-ask", { data: { key: asked, n: ++count, resolution, ...contents.get(asked) } });
    clearTimeout(timer);
    const key = asked;
    timer = setTimeout(() => asked === key && set("restore-answer", { data: { key, state: "refused", error: { code: "restore.no_answer", params: {} } } }), PATIENCE);
  }
  tell();
}

function take(answer) {
  const key = answer?.key;
  if (!key || key !== asked) return unchanged(); // of files that were cleared meanwhile
  asked = null;
  clearTimeout(timer);
  const told = { ...answer };
  const file = contents.get(key);
  if (told.content) file.content = told.content;
  if (told.state === "asks") {
    const known = answers.get(told.columns.join("\n"));
    if (known !== undefined && file.column === undefined) {
      file.column = known;
      waiting.unshift(key);
      change(key, { state: "waiting", columns: told.columns });
      next();
      return entries;
    }
  }
  change(key, told);
  if (told.state === "done" && (single || !chosen || key === chosen)) choose(key);
  next();
  return entries;
}

// ---- the question for a column

function answered(key, column) {
  const { columns } = entry(key), same = byId("same-columns");
  const alike = entries.filter((one) => one.state === "asks" && one.columns.join("\n") === columns.join("\n"));
  const all = same?.checked;
  if (all) answers.set(columns.join("\n"), column);
  const meant = all ? alike.map((one) => one.key) : [key];
  single = meant.length === 1 && (entries.length === 1 || show === "spectrum");
  for (const one of meant) {
    contents.get(one).column = column;
    change(one, { state: "waiting" });
    waiting.push(one);
  }
  byId(show === "table" ? "restore-show-table" : "files").focus(); // the pressed button goes away
  next();
}

function again(key) {
  answers.delete(entry(key).columns.join("\n"));
  contents.get(key).column = undefined;
  waiting.push(key);
  change(key, { state: "waiting" });
  chosen = key;
  next();
}

// ---- what is shown

function choose(key) {
  chosen = key;
  const one = entry(key);
  if (one && one.state === "done") {
    const { name, content, column, example } = contents.get(key);
    set("picked", { data: { name, content, column, example, resolution, model: one.model, code: one.code } });
  }
}

function view(wanted) {
  show = entries.length > 1 ? wanted : "spectrum";
  for (const value of ["spectrum", "table"])
    byId(`restore-show-${value}`).setAttribute("aria-pressed", String(value === show));
}

function tell() {
  if (entries.length < 2) view("spectrum");
  const running = asked !== null, one = entry(chosen), shown = !!one && one.state === "done";
  const done = entries.length - new Set(asked === null ? waiting : [asked, ...waiting]).size;
  set("results", { data: entries });
  set("chosen-file", { data: chosen });
  set("restore-progress", { hidden: !running || entries.length < 2 });
  set("restore-bar", { value: String(done), max: String(entries.length || 1) });
  const words = () => t("restore_progress", { done: done + 1, all: entries.length, name: contents.get(asked).name });
  set("restore-words", { children: running ? words() : "" });
  set("clear-files", { hidden: !entries.length });
  set("resolution-field", { hidden: !entries.length });
  set("undo-files", { hidden: !gone });
  set("files", { hidden: show === "table" }); // the table tells the same, and more
  set("restore-shows", { hidden: entries.length < 2 });
  set("restore-table", { hidden: show !== "table" });
  set("restore-busy", { hidden: !running || show === "table" || shown });
  set("restore-empty", { hidden: running || show === "table" || shown || entries.some((file) => file.state === "asks") });
  set("restore-result", { hidden: show === "table" || !shown });
  set("other-column", { hidden: !shown || !one.columns });
  requestAnimationFrame(() => window.dispatchEvent(new Event("resize"))); // figures measure themselves
}

// ---- the resolution: those that are done stay in sight until they are done again

function resolve(box) {
  const typed = box.value.trim().replace(",", "."), value = typed === "" ? null : Number(typed);
  if (value !== null && !(value > 0 && value < 1000)) {
    notice(t("bad_resolution"));
    const before = resolution === null ? "" : String(resolution);
    box.value = before;
    return setTimeout(() => set("resolution", { value: before })); // after what was typed is told
  }
  if (value === resolution) return;
  resolution = value;
  redo();
  next();
}

function redo() {
  const done = entries.filter((one) => one.state === "done").map((one) => one.key);
  done.sort((a, b) => +(b === chosen) - +(a === chosen));
  waiting = [...new Set([...done, ...(asked === null ? [] : [asked]), ...waiting])];
}

// ---- a page made again

let looked = false; // has somebody looked here?
keep("restore", () => [...contents.values()], () => {
  if (!looked) return kept("restore");
  const files = entries.map((one) => ({ ...contents.get(one.key), columns: one.columns }));
  return files.length && { files, resolution, show, chosen: entries.findIndex((one) => one.key === chosen) };
});
// When the view is there for the first time: what it held before; which examples are among that.
function bringFiles() {
  const before = looked ? null : kept("restore");
  looked = true;
  if (!before) return [];
  resolution = before.resolution ?? null;
  if (resolution) set("resolution", { value: String(resolution) });
  chosen = before.chosen < 0 ? null : `file-${count + 1 + before.chosen}`;
  add(before.files);
  view(before.show);
  tell();
  return before.files.map((file) => file.example);
}

// Files of a person's own, which are in no link.
export const holdsFiles = () => [...contents.values()].some((file) => file.content);

// Without some files, or without any: at once, and back again within ten seconds.
let gone = null, forgotten = 0;
function remove(keys) {
  gone = gone || { entries, contents: new Map(contents), answers: new Map(answers), chosen, resolution }; // all of the last ten seconds
  const some = new Set(keys), at = entries.findIndex((one) => one.key === chosen);
  entries = entries.filter((one) => !some.has(one.key));
  for (const key of some) contents.delete(key);
  waiting = waiting.filter((key) => !some.has(key));
  if (some.has(asked)) asked = null;
  if (!entries.length) answers = new Map();
  const rest = entries.filter((one) => one.state === "done");
  if (some.has(chosen)) choose(rest.length ? rest[Math.min(Math.max(at, 0), rest.length - 1)].key : null);
  clearTimeout(forgotten);
  forgotten = setTimeout(forget, UNDO);
  next();
  (entries.length ? byId("files") : document.querySelector("#upload button")).focus(); // the pressed button is gone
}

function forget() {
  gone = null;
  tell();
}

function undo() {
  const added = entries.filter((one) => !gone.entries.some((old) => old.key === one.key));
  entries = [...gone.entries.map((old) => entry(old.key) || old), ...added];
  contents = new Map([...gone.contents, ...contents]);
  answers = new Map([...gone.answers, ...answers]);
  const left = entries.filter((one) => one.state === "waiting" && one.key !== asked).map((one) => one.key);
  waiting = [...new Set([...waiting, ...left])];
  if (entry(gone.chosen)) choose(gone.chosen);
  if (gone.resolution !== resolution) redo();
  gone = null;
  next();
}

document.addEventListener("change", (event) => event.target.id === "resolution" && resolve(event.target));
document.addEventListener("click", (event) => {
  const from = (selector) => event.target.closest?.(selector);
  if (!from("#view-restore")) return;
  const taken = from("[data-remove]"), file = from("[data-file]"), column = from("[data-column]"), leave = from("[data-leave]");
  const example = from("#restore-empty button"), shows = from('[data-group="restore-show"]');
  if (example) {
    const name = example.id.slice("example-".length);
    remember("restore", { example: name });
    add([{ name: `${name}.csv`, example: name }], byId("model").value);
  } else if (taken && entry(taken.dataset.remove)) {
    remove([taken.dataset.remove]);
  } else if (column) {
    const key = column.dataset.asking;
    if (entry(key)) answered(key, entry(key).columns[+column.dataset.column]);
  } else if (leave && entry(leave.dataset.leave)) {
    change(leave.dataset.leave, { state: "refused", error: { code: "restore.nobody_said", params: {} } });
    tell();
  } else if (file && entry(file.dataset.file)) {
    choose(file.dataset.file);
    if (entry(chosen).state === "done") view("spectrum");
    tell();
  } else if (shows) {
    view(shows.dataset.value);
    if (show === "spectrum" && !chosen) choose(entries.find((one) => one.state === "done")?.key || null);
    tell();
  } else if (from("#other-column") && entry(chosen)) again(chosen);
  else if (from("#clear-files")) remove(entries.map((one) => one.key));
  else if (from("#undo-files") && gone) undo();
  else if (from("#save-picture")) savedPicture(contents.get(chosen).name);
  if (from("#upload")) remember("restore", {});
});

export const groups = ["restore-look", "restore-axis"];

export function opened() {
  nameInputs(section("restore"));
  takeButtons(groups);
  const example = query.get("example"), there = bringFiles();
  if (!there.includes(example)) return takeExample("restore");
  query.delete("example");
  remember("restore", { example });
}

export const clientside = {
  take,
  drop(dropped, names, model) {
    if (!dropped?.length) return unchanged();
    const files = dropped.map((data, k) => ({ name: names[k].slice(0, 200), content: contentOf(data) }));
    add(files.sort((a, b) => a.name.localeCompare(b.name, undefined, { numeric: true })), model);
    return null;
  },
  follow() {
    follow();
    return unchanged();
  },
  move: (clicks, one) => (clicks && one ? { model: one.model, z: one.code, n: clicks } : unchanged()),
};
