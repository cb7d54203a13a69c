// Restore: files are dropped or chosen here, and each is said what it is; or restored by a model.

import { query, remember, takeButtons, takeExample, takeOption } from "../lib/address.js";
import { keep } from "../lib/kept.js";
import { byId, kept, notice, set, t, unchanged } from "../lib/page.js";
import { contentOf, nameInputs } from "../lib/uploads.js";
import { go, section } from "../lib/views.js";
import { hand } from "./new-mineral/handed.js";
import "./restore/drop.js";
import { change, entry, held, IDENTIFY, redo } from "./restore/held.js";
import { add, again, answered, choose, next, sendAgain, take, tell, view, wish } from "./restore/queue.js";
import { remove, undo } from "./restore/removal.js";
import { attend } from "./restore/rows.js";
import { follow, savedIdentification, savedPicture } from "./restore/shown.js";
import { mark, wished } from "./restore/wish.js";

// ---- the resolution: those that are done stay in sight until they are done again

function resolve(box) {
  const typed = box.value.trim().replace(",", "."), value = typed === "" ? null : Number(typed);
  if (value !== null && !(value > 0 && value < 1000)) {
    notice(t("bad_resolution"));
    const before = held.resolution === null ? "" : String(held.resolution);
    box.value = before;
    return setTimeout(() => set("resolution", { value: before })); // after what was typed is told
  }
  if (value === held.resolution) return;
  held.resolution = value;
  redo();
  next();
}

// ---- a page made again

let looked = false; // has somebody looked here?
keep("restore", () => [...held.contents.values()], () => {
  if (!looked) return kept("restore");
  const files = held.entries.map((one) => ({ ...held.contents.get(one.key), columns: one.columns }));
  return files.length && { files, resolution: held.resolution, model: held.model, show: held.show, chosen: held.entries.findIndex((one) => one.key === held.chosen) };
});
// When the view is there for the first time: what it held before; which examples are among that.
function bringFiles() {
  const before = looked ? null : kept("restore");
  looked = true;
  if (!before) return [];
  held.resolution = before.resolution ?? null;
  chooseModel(query.get("as") ?? before.model);
  if (held.resolution) set("resolution", { value: String(held.resolution) });
  held.chosen = before.chosen < 0 ? null : `file-${held.count + 1 + before.chosen}`;
  add(before.files);
  view(before.show);
  tell();
  return before.files.map((file) => file.example);
}

// Files of a person's own, which are in no link.
export const holdsFiles = () => [...held.contents.values()].some((file) => file.content);

// ---- by which model

const told = {};
function say(values) {
  Object.assign(told, values);
  remember("restore", Object.fromEntries(Object.entries(told).filter(([, value]) => value)));
}

function goBy(name) {
  held.model = name || IDENTIFY;
  say({ as: held.model === IDENTIFY ? null : held.model });
}

function chooseModel(name) {
  goBy(name);
  set("restore-as", { value: held.model });
}

// What an event asks of the chosen file's phases, if it asks anything.
const asksOf = (event) => entry(held.chosen) && wished(event, held.contents.get(held.chosen).wish);

document.addEventListener("change", (event) => {
  const { target } = event, asks = asksOf(event);
  if (target.id === "resolution") resolve(target);
  else if (target.id === "restore-as") {
    goBy(target.value);
    for (const file of held.contents.values()) file.model = held.model;
    redo();
    next();
  } else if (asks) wish(asks);
});
document.addEventListener("click", (event) => {
  const from = (selector) => event.target.closest?.(selector);
  if (!from("#view-restore")) return;
  const taken = from("[data-remove]"), file = from("[data-file]"), column = from("[data-column]"), leave = from("[data-leave]");
  const example = from("#restore-empty button"), shows = from('[data-group="restore-show"]'), way = from('[data-group="restore-way"]');
  const phase = from("[data-phase]"), asks = asksOf(event);
  if (example) {
    const name = example.id.slice("example-".length);
    say({ example: name });
    add([{ name: `${name}.csv`, example: name }]);
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
    if (entry(held.chosen).state === "done") view("spectrum");
    tell();
  } else if (shows) {
    view(shows.dataset.value);
    if (held.show === "spectrum" && !held.chosen) choose(held.entries.find((one) => one.state === "done")?.key || null);
    tell();
  } else if (way) {
    held.way = way.dataset.value;
    choose(held.chosen);
    tell();
  } else if (phase) {
    mark(phase);
    set("chosen-phase", { data: phase.dataset.phase });
  } else if (asks) wish(asks);
  else if (from("#other-column, #identify-column") && entry(held.chosen)) again(held.chosen);
  else if (from("#clear-files")) remove(held.entries.map((one) => one.key));
  else if (from("#undo-files") && held.gone) undo();
  else if (from("#save-picture")) savedPicture(held.contents.get(held.chosen).name);
  else if (from("#identify-picture, #identify-vector")) savedIdentification(held.contents.get(held.chosen).name, from("button").id.split("-")[1]);
  if (from("#upload")) say({ example: null });
});

export function opened() {
  nameInputs(section("restore"));
  takeButtons("restore");
  attend("identified", "measured-table");
  attend("restored", "bands-card");
  const example = query.get("example"), there = bringFiles();
  const asked = query.get("as"), known = [...byId("restore-as").options].some((one) => one.value === asked);
  if (asked && known) {
    query.delete("as");
    chooseModel(asked);
  } else takeOption("as", "restore-as");
  if (!there.includes(example)) return takeExample("restore");
  query.delete("example");
  say({ example });
}

export const clientside = {
  take,
  sendAgain,
  drop(dropped, names) {
    if (!dropped?.length) return unchanged();
    const files = dropped.map((data, k) => ({ name: names[k].slice(0, 200), content: contentOf(data) }));
    add(files.sort((a, b) => a.name.localeCompare(b.name, undefined, { numeric: true })));
    return null;
  },
  handOver(file) {
    const own = held.contents.get(held.chosen);
    hand({ ...file, ...(own?.digest === file.digest && { content: own.content }) });
    go("/new-mineral");
    return unchanged();
  },
  follow() {
    follow();
    return unchanged();
  },
  move: (clicks, one, code) => (clicks && one && code ? { model: one.model, z: code, n: clicks } : unchanged()),
};
